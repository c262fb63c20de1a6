using System.Text;
using System.Text.Json.Nodes;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>Instances of the pretended region: each takes its time to come and to go, and its token is remembered.</summary>
internal sealed class Ec2Instances(Ec2Store store, FakeIam iam)
{
    private static readonly Dictionary<string, string> Filters = new()
    {
        ["instance-state-name"] = "State.Name",
        ["instance-id"] = "InstanceId",
        ["image-id"] = "ImageId",
        ["network-interface.network-interface-id"] = "NetworkInterfaces.0",
    };

    private readonly Dictionary<string, (Ec2Thing Instance, string Parameters)> _tokens = [];
    private readonly Dictionary<string, string> _userData = [];
    private readonly HashSet<string> _protected = [];

    private Ec2Reservations? _reservations;

    public Ec2Reservations Reservations => _reservations ??= new Ec2Reservations(store, Full, (type, but) => Quotas.Hold(type, Running(but)));

    /// <summary>Zones that have none left of some types.</summary>
    public HashSet<(string Zone, string Type)> SoldOut { get; } = [];

    /// <summary>Types of which others take at once what a machine here gives back.</summary>
    public HashSet<string> Contested { get; } = [];

    /// <summary>Why the next starts end without a running machine.</summary>
    public Queue<string> BrokenStarts { get; } = [];

    /// <summary>Why the next starts of stopped machines come to nothing.</summary>
    public Queue<string> BrokenRestarts { get; } = [];

    /// <summary>What the account may run.</summary>
    public FakeQuotas Quotas { get; } = new();

    /// <summary>What machines have written, by name.</summary>
    public Dictionary<string, string> Consoles { get; } = [];

    public string UserData(Ec2Thing instance) => _userData[instance.Id];

    /// <summary>The same content in other bytes, as another version of a compressor would have made them.</summary>
    public void Recompress(Ec2Thing instance)
    {
        using var plain = new System.IO.Compression.GZipStream(new MemoryStream(Convert.FromBase64String(_userData[instance.Id])), System.IO.Compression.CompressionMode.Decompress);
        using var other = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(other, System.IO.Compression.CompressionLevel.Fastest))
            plain.CopyTo(gzip);
        _userData[instance.Id] = Convert.ToBase64String(other.ToArray());
    }

    public bool IsProtected(Ec2Thing instance) => _protected.Contains(instance.Id);

    public IEnumerable<(string, Func<JsonObject, JsonObject>)> Operations =>
    [
        ("RunInstances", Run), ("StartInstances", Start), ("StopInstances", Stop), ("TerminateInstances", Terminate), ("ModifyInstanceAttribute", Modify),
        ("DescribeInstances", r => new() { [nameof(Reservations)] = new JsonArray([.. store.Find("instance", r, "InstanceIds", "InvalidInstanceID.NotFound", Filters).Select(i => Reservation(Whole(i!.AsObject())))]) }),
        ("DescribeIamInstanceProfileAssociations", Associations), ("AssociateIamInstanceProfile", Associate), ("DisassociateIamInstanceProfile", Disassociate),
        ("ReplaceIamInstanceProfileAssociation", Replace),
        ("DescribeInstanceAttribute", r => new() { ["InstanceId"] = Get((string)r["InstanceId"]!).Id, ["UserData"] = new JsonObject { ["Value"] = _userData[(string)r["InstanceId"]!] } }),
        ("GetConsoleOutput", Console),
    ];

    private JsonObject Run(JsonObject request)
    {
        var profile = Profile(request);
        Ec2Store.Rehearse(request);
        var (token, parameters) = ((string)request["ClientToken"]!, request.ToJsonString());
        if (_tokens.TryGetValue(token, out var before))
            return Repeat(before.Instance, before.Parameters == parameters);
        var userData = (string)request["UserData"]!;
        if (Convert.FromBase64String(userData).Length > 16_384)
            throw new Ec2Refusal("InvalidParameterValue", "User data is limited to 16384 bytes");
        if (store.All.All(t => t.Kind != "image" || t.Id != (string)request["ImageId"]!))
            throw new Ec2Refusal("InvalidAMIID.NotFound", $"The image id '[{request["ImageId"]}]' does not exist");
        var nic = store.Get("network-interface", (string)request["NetworkInterfaces"]![0]!["NetworkInterfaceId"]!, "InvalidNetworkInterfaceID.NotFound");
        var (zone, type) = (nic.Text("AvailabilityZone")!, (string)request["InstanceType"]!);
        if (nic.Text("Status") != "available")
            throw new Ec2Refusal("InvalidNetworkInterface.InUse", $"Interface: [{nic.Id}] in use.");
        var room = Reservations.Enter(request["CapacityReservationSpecification"], type, zone);
        Quotas.Hold(type, Running(room));
        if (room is null && Full(zone, type) is { } full)
            throw full;
        var instance = store.Add("instance", store.NewId("i"), new JsonObject
        {
            ["ImageId"] = request["ImageId"]!.DeepClone(),
            ["InstanceType"] = type,
            ["IamInstanceProfile"] = profile,
            ["PlatformDetails"] = "Linux/UNIX",
            ["CapacityReservationId"] = room,
            ["CapacityReservationSpecification"] = request["CapacityReservationSpecification"]?.DeepClone() ?? Open,
            ["PrivateIpAddress"] = nic.Text("PrivateIpAddress"),
            ["SubnetId"] = nic.Text("SubnetId"),
            ["VpcId"] = nic.Text("VpcId"),
            ["Placement"] = new JsonObject { ["AvailabilityZone"] = zone },
            ["LaunchTime"] = Ec2Store.Iso(store.Now),
            ["MetadataOptions"] = new JsonObject { ["HttpTokens"] = request["MetadataOptions"]!["HttpTokens"]!.DeepClone(), ["HttpPutResponseHopLimit"] = request["MetadataOptions"]!["HttpPutResponseHopLimit"]!.DeepClone() },
        }, request);
        instance.Body["InstanceId"] = instance.Id;
        if (profile is not null)
            instance.Body["ProfileAssociation"] = store.NewId("iip-assoc");
        State(instance, "pending");
        (nic.Body["Status"], nic.Body["Attachment"]) = ("in-use", new JsonObject { ["InstanceId"] = instance.Id, ["DeviceIndex"] = 0 });
        _userData[instance.Id] = userData;
        if ((bool?)request["DisableApiTermination"] == true)
            _protected.Add(instance.Id);
        _tokens[token] = (instance, parameters);
        AddRoot(instance, request);
        if (BrokenStarts.TryDequeue(out var reason))
            store.Later(TimeSpan.FromSeconds(8), () => End(instance, reason));
        else
            Come(instance, 25);
        return Reservation(instance.Body.DeepClone());
    }

    /// <param name="but">A reservation that is about to be used: it counts no more than what runs in it.</param>
    private IEnumerable<string> Running(string? but) => store.All.Where(t => t.Kind == "instance" && t.Text("State.Name") is "pending" or "running").Select(t => t.Text("InstanceType")!).Concat(Reservations.Unused(but));

    private static JsonObject Open => new() { ["CapacityReservationPreference"] = "open" };

    private Ec2Refusal? Full(string zone, string type) => SoldOut.Contains((zone, type))
        ? new Ec2Refusal("InsufficientInstanceCapacity", $"We currently do not have sufficient {type} capacity in the Availability Zone you requested ({zone}).", 500) : null;

    /// <summary>What it ran in is free again: for others, or for whoever starts in its reservation.</summary>
    private void Leave(Ec2Thing instance)
    {
        if (Contested.Contains(instance.Text("InstanceType")!) && instance.Text("CapacityReservationId") is null)
            SoldOut.Add((instance.Text("Placement.AvailabilityZone")!, instance.Text("InstanceType")!));
        instance.Body.Remove("CapacityReservationId");
    }

    private static JsonObject Repeat(Ec2Thing instance, bool isSame) => !isSame
        ? throw new Ec2Refusal("IdempotentParameterMismatch", "The client token you have provided is associated with a resource that was launched with different parameters.")
        : instance.Text("State.Name") is "terminated" or "shutting-down"
            ? throw new Ec2Refusal("IdempotentInstanceTerminated", $"The client token you have provided is associated with a terminated instance {instance.Id}.")
            : Reservation(instance.Body.DeepClone());

    /// <summary>With what is attached to it, as EC2 shows it: interface, groups, public address, disks.</summary>
    private JsonObject Whole(JsonObject instance)
    {
        var id = (string)instance["InstanceId"]!;
        var nics = store.All.Where(t => t.Kind == "network-interface" && t.Text("Attachment.InstanceId") == id).Select(n => new JsonObject
        {
            ["NetworkInterfaceId"] = n.Id,
            ["Association"] = n.Text("Association.PublicIp") is { } ip ? new JsonObject { ["PublicIp"] = ip } : null,
            ["Groups"] = new JsonArray([.. n.Body["Groups"]!.AsArray().Select(g => (string)g!["GroupId"]!)
                .Select(g => (JsonNode)new JsonObject { ["GroupId"] = g, ["GroupName"] = store.All.First(t => t.Id == g).Text("GroupName") })]),
        }).ToArray();
        instance["NetworkInterfaces"] = new JsonArray([.. nics]);
        var root = instance["BlockDeviceMappings"]?[0]?["Ebs"]?["VolumeId"]?.ToString();
        foreach (var volume in store.All.Where(t => t.Kind == "volume" && t.Id != root && t.Body["Attachments"]!.AsArray().Any(a => (string)a!["InstanceId"]! == id)))
            instance["BlockDeviceMappings"]!.AsArray().Add(new JsonObject { ["DeviceName"] = "/dev/sdf", ["Ebs"] = new JsonObject { ["VolumeId"] = volume.Id } });
        return instance;
    }

    private JsonObject? Profile(JsonObject request) => (string?)request["IamInstanceProfile"]?["Name"] is not { } name ? null : iam.RefusedByEc2(name) is { } refusal ? throw refusal
        : new JsonObject { ["Arn"] = iam.Profile(name)!.Arn };

    private JsonObject Associations(JsonObject request)
    {
        var ids = request["Filters"]!.AsArray().Single(f => (string)f!["Name"]! == "instance-id")!["Values"]!.AsArray().Select(v => (string)v!).ToArray();
        return new JsonObject
        {
            ["IamInstanceProfileAssociations"] = new JsonArray([.. store.All.Where(t => t.Kind == "instance" && ids.Contains(t.Id) && t.Text("ProfileAssociation") is not null)
                .Select(t => (JsonNode)Association(t))]),
        };
    }

    /// <summary>A machine has one at most; the refusal as moto 5.2.1 has it (moto/ec2/exceptions.py).</summary>
    private JsonObject Associate(JsonObject request)
    {
        var (instance, profile) = (Get((string)request["InstanceId"]!), Profile(request));
        if (instance.Text("ProfileAssociation") is not null)
            throw new Ec2Refusal("IncorrectState", $"There is an existing association for instance {instance.Id}");
        return Tie(instance, profile);
    }

    /// <summary>
    /// "For the specified running instance": EC2 API reference 2016-11-15, ReplaceIamInstanceProfileAssociation. It names no code; this is the one
    /// that other calls have for a wrong state.
    /// </summary>
    private JsonObject Replace(JsonObject request)
    {
        var (instance, profile) = (Associated(request), Profile(request));
        if (instance.Text("State.Name") is not ("running" or "pending"))
            throw new Ec2Refusal("IncorrectInstanceState", $"The instance '{instance.Id}' is not in the 'running' state.");
        return Tie(instance, profile);
    }

    private JsonObject Disassociate(JsonObject request)
    {
        var instance = Associated(request);
        var was = Association(instance);
        instance.Body.Remove("ProfileAssociation");
        instance.Body.Remove("IamInstanceProfile");
        return new JsonObject { ["IamInstanceProfileAssociation"] = was };
    }

    private JsonObject Tie(Ec2Thing instance, JsonObject? profile)
    {
        (instance.Body["IamInstanceProfile"], instance.Body["ProfileAssociation"]) = (profile, store.NewId("iip-assoc"));
        return new JsonObject { ["IamInstanceProfileAssociation"] = Association(instance) };
    }

    private Ec2Thing Associated(JsonObject request) => store.All.FirstOrDefault(t => t.Text("ProfileAssociation") == (string)request["AssociationId"]!)
        ?? throw new Ec2Refusal("InvalidAssociationID.NotFound", $"An invalid association-id of '{request["AssociationId"]}' was given");

    private static JsonObject Association(Ec2Thing instance) => new()
    {
        ["AssociationId"] = instance.Text("ProfileAssociation"),
        ["InstanceId"] = instance.Id,
        ["State"] = "associated",
        ["IamInstanceProfile"] = instance.Body["IamInstanceProfile"]!.DeepClone(),
    };

    private JsonObject Start(JsonObject request) => Each(request, "StartingInstances", (instance, state) =>
    {
        if (state is not ("stopped" or "running" or "pending"))
            throw new Ec2Refusal("IncorrectInstanceState", $"The instance '{instance.Id}' is not in a state from which it can be started.");
        if (state != "stopped")
            return;
        var (type, zone) = (instance.Text("InstanceType")!, instance.Text("Placement.AvailabilityZone")!);
        var room = Reservations.Enter(instance.Body["CapacityReservationSpecification"], type, zone);
        Quotas.Hold(type, Running(room));
        if (room is null && Full(zone, type) is { } full)
            throw full;
        instance.Body["CapacityReservationId"] = room;
        State(instance, "pending");
        instance.Body["LaunchTime"] = Ec2Store.Iso(store.Now);
        // EC2 takes the request, and says later what came of it: EC2 API reference, StateReason.
        if (BrokenRestarts.TryDequeue(out var reason))
            store.Later(TimeSpan.FromSeconds(9), () =>
            {
                State(instance, "stopped");
                Leave(instance);
                instance.Body["StateReason"] = new JsonObject { ["Code"] = reason, ["Message"] = $"{reason}: the reason" };
            });
        else
            Come(instance, 20);
    });

    private JsonObject Stop(JsonObject request) => Each(request, "StoppingInstances", (instance, state) =>
    {
        if (state is "pending" or "shutting-down" or "terminated")
            throw new Ec2Refusal("IncorrectInstanceState", $"The instance '{instance.Id}' is not in a state from which it can be stopped.");
        if (state != "running")
            return;
        State(instance, "stopping");
        store.Later(TimeSpan.FromSeconds(40), () =>
        {
            Turn(instance, "stopping", "stopped");
            Leave(instance);
        });
    });

    private JsonObject Terminate(JsonObject request) => Each(request, "TerminatingInstances", (instance, state) =>
    {
        if (_protected.Contains(instance.Id))
            throw new Ec2Refusal("OperationNotPermitted", $"The instance '{instance.Id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.");
        if (state is not ("shutting-down" or "terminated"))
            End(instance, "Client.UserInitiatedShutdown");
    });

    private JsonObject Modify(JsonObject request)
    {
        var instance = Get((string)request["InstanceId"]!);
        if (request["DisableApiTermination"] is { } protect && !(bool)protect["Value"]!)
            _protected.Remove(instance.Id);
        // "To modify some attributes, the instance must be stopped", among them the type: EC2 API reference, ModifyInstanceAttribute.
        if ((string?)request["InstanceType"]?["Value"] is { } type)
        {
            if (instance.Text("State.Name") != "stopped")
                throw new Ec2Refusal("IncorrectInstanceState", $"The instance '{instance.Id}' is not in the 'stopped' state.");
            instance.Body["InstanceType"] = type;
        }
        if ((string?)request["UserData"]?["Value"] is { } text)
        {
            if (instance.Text("State.Name") != "stopped")
                throw new Ec2Refusal("IncorrectInstanceState", $"The instance '{instance.Id}' is not in the 'stopped' state.");
            _userData[instance.Id] = Convert.ToBase64String(Convert.FromBase64String(text));
        }
        return [];
    }

    private JsonObject Console(JsonObject request)
    {
        var instance = Get((string)request["InstanceId"]!);
        if ((bool?)request["Latest"] == true && instance.Text("InstanceType")!.StartsWith("t2.", StringComparison.Ordinal))
            throw new Ec2Refusal("UnsupportedOperation", "This instance type does not support retrieving the latest console logs.");
        return new JsonObject { ["InstanceId"] = instance.Id, ["Output"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Consoles.GetValueOrDefault(instance.Tag("Name") ?? "", ""))) };
    }

    private JsonObject Each(JsonObject request, string answer, Action<Ec2Thing, string> change)
    {
        Ec2Store.Rehearse(request);
        foreach (var id in request["InstanceIds"]!.AsArray())
        {
            var instance = Get((string)id!);
            change(instance, instance.Text("State.Name")!);
        }
        return new JsonObject { [answer] = new JsonArray([.. request["InstanceIds"]!.AsArray().Select(id => (JsonNode)new JsonObject { ["InstanceId"] = (string)id! })]) };
    }

    private void AddRoot(Ec2Thing instance, JsonObject request)
    {
        var disk = request["BlockDeviceMappings"]![0]!["Ebs"]!;
        var root = store.Add("volume", store.NewId("vol"), new JsonObject
        {
            ["State"] = "in-use",
            ["Size"] = disk["VolumeSize"]!.DeepClone(),
            ["Encrypted"] = disk["Encrypted"]!.DeepClone(),
            ["VolumeType"] = disk["VolumeType"]!.DeepClone(),
            ["AvailabilityZone"] = instance.Text("Placement.AvailabilityZone"),
            ["Attachments"] = new JsonArray(new JsonObject { ["InstanceId"] = instance.Id, ["DeleteOnTermination"] = true, ["State"] = "attached" }),
        }, request);
        root.Body["VolumeId"] = root.Id;
        instance.Body["RootDeviceName"] = "/dev/sda1";
        instance.Body["BlockDeviceMappings"] = new JsonArray(new JsonObject { ["DeviceName"] = "/dev/sda1", ["Ebs"] = new JsonObject { ["VolumeId"] = root.Id } });
    }

    private void Come(Ec2Thing instance, double seconds) => store.Later(TimeSpan.FromSeconds(seconds), () => Turn(instance, "pending", "running"));

    private static void Turn(Ec2Thing instance, string from, string to)
    {
        if (instance.Text("State.Name") == from)
            State(instance, to);
    }

    private void End(Ec2Thing instance, string reason)
    {
        State(instance, "shutting-down");
        instance.Body["StateReason"] = new JsonObject { ["Code"] = reason, ["Message"] = $"{reason}: the reason" };
        store.Later(TimeSpan.FromSeconds(35), () =>
        {
            State(instance, "terminated");
            Leave(instance);
            foreach (var nic in store.All.Where(t => t.Kind == "network-interface" && t.Text("Attachment.InstanceId") == instance.Id))
            {
                // The interface is let go a little later.
                store.Later(TimeSpan.FromSeconds(5), () =>
                {
                    nic.Body["Status"] = "available";
                    nic.Body.Remove("Attachment");
                });
            }
            foreach (var volume in store.All.Where(t => t.Kind == "volume" && t.Body["Attachments"]!.AsArray().Any(a => (string)a!["InstanceId"]! == instance.Id)).ToArray())
            {
                if ((bool?)volume.Body["Attachments"]![0]!["DeleteOnTermination"] == true)
                    store.Remove(volume);
                else
                    (volume.Body["State"], volume.Body["Attachments"]) = ("available", new JsonArray());
            }
            store.Later(TimeSpan.FromHours(1), () => store.Remove(instance));
        });
    }

    private Ec2Thing Get(string id) => store.Get("instance", id, "InvalidInstanceID.NotFound");

    private static void State(Ec2Thing instance, string name) => instance.Body["State"] = new JsonObject { ["Name"] = name };

    private static JsonObject Reservation(JsonNode? instance)
    {
        var seen = instance!.DeepClone().AsObject();
        // Another call has it.
        seen.Remove("ProfileAssociation");
        return new() { ["Instances"] = new JsonArray(seen) };
    }
}
