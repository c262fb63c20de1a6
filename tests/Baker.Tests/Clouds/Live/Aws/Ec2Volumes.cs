using System.Text.Json.Nodes;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>Volumes, snapshots, images, tags and what the account is allowed, in the pretended region.</summary>
internal sealed class Ec2Volumes(Ec2Store store)
{
    private static readonly Dictionary<string, string> Filters = new()
    {
        ["status"] = "State",
        ["volume-id"] = "VolumeId",
        ["snapshot-id"] = "SnapshotId",
        ["image-id"] = "ImageId",
        ["name"] = "Name",
        ["state"] = "State",
        ["architecture"] = "Architecture",
        ["root-device-type"] = "RootDeviceType",
    };

    private readonly Dictionary<string, Ec2Thing> _tokens = [];

    private readonly Dictionary<Ec2Thing, DateTimeOffset> _changed = [];

    /// <summary>One that the account has opted in to: nothing of a stack may be made there.</summary>
    private const string LocalZone = "ap-northeast-1-tpe-1a";

    public static readonly string[] Zones = ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"];

    public IEnumerable<(string, Func<JsonObject, JsonObject>)> Operations =>
    [
        ("CreateVolume", Create), ("DeleteVolume", Delete), ("AttachVolume", Attach), ("ModifyVolume", Modify),
        ("DescribeVolumes", r => new() { ["Volumes"] = store.Find("volume", r, "VolumeIds", "InvalidVolume.NotFound", Filters) }),
        ("CreateSnapshot", CreateSnapshot), ("DescribeSnapshots", r => new() { ["Snapshots"] = store.Find("snapshot", r, "SnapshotIds", "InvalidSnapshot.NotFound", Filters) }),
        ("DescribeImages", Images), ("CreateTags", r => Tag(r, r["Tags"]!.AsArray(), [])), ("DeleteTags", Untag),
        ("DescribeInstanceTypeOfferings", Offerings), ("DescribeAccountAttributes", _ => new()
        {
            ["AccountAttributes"] = new JsonArray(new JsonObject { ["AttributeName"] = "vpc-max-elastic-ips", ["AttributeValues"] = new JsonArray(new JsonObject { ["AttributeValue"] = "5" }) }),
        }),
    ];

    private JsonObject Create(JsonObject request)
    {
        Ec2Store.Rehearse(request);
        var token = (string?)request["ClientToken"] ?? throw new Ec2Refusal("MissingParameter", "a creation without a token cannot be repeated");
        if (_tokens.TryGetValue(token, out var before))
            return before.Body.DeepClone().AsObject();
        if (!Zones.Contains((string)request["AvailabilityZone"]!))
            throw new Ec2Refusal("InvalidZone.NotFound", $"The zone '{request["AvailabilityZone"]}' does not exist.");
        var volume = store.Add("volume", store.NewId("vol"), new JsonObject
        {
            ["State"] = "creating",
            ["Size"] = request["Size"]!.DeepClone(),
            ["AvailabilityZone"] = request["AvailabilityZone"]!.DeepClone(),
            ["VolumeType"] = request["VolumeType"]!.DeepClone(),
            ["Encrypted"] = request["Encrypted"]!.DeepClone(),
            ["SnapshotId"] = request["SnapshotId"]?.DeepClone(),
            ["Attachments"] = new JsonArray(),
        }, request);
        volume.Body["VolumeId"] = volume.Id;
        store.Later(TimeSpan.FromSeconds(4), () => volume.Body["State"] = "available");
        _tokens[token] = volume;
        return volume.Body.DeepClone().AsObject();
    }

    private JsonObject Delete(JsonObject request)
    {
        var volume = Volume(request);
        if (volume.Text("State") == "in-use")
            throw new Ec2Refusal("VolumeInUse", $"Volume {volume.Id} is currently attached to {volume.Body["Attachments"]![0]!["InstanceId"]}");
        volume.Body["State"] = "deleting";
        store.Later(TimeSpan.FromSeconds(3), () => store.Remove(volume));
        return [];
    }

    /// <summary>A larger size shows after a while; what was changed rests for six hours.</summary>
    private JsonObject Modify(JsonObject request)
    {
        var volume = Volume(request);
        if (_changed.TryGetValue(volume, out var last) && store.Now - last < TimeSpan.FromHours(6))
        {
            throw store.Now - last < TimeSpan.FromSeconds(5) ? new Ec2Refusal("IncorrectModificationState", $"Volume {volume.Id} is currently being modified")
                : new Ec2Refusal("VolumeModificationRateExceeded", "You've reached the maximum modification rate per volume limit. Wait at least 6 hours between modifications per EBS volume.");
        }
        var size = (long)request["Size"]!;
        if (size < (long)volume.Body["Size"]!)
            throw new Ec2Refusal("InvalidParameterValue", "New size cannot be smaller than existing size");
        _changed[volume] = store.Now;
        store.Later(TimeSpan.FromSeconds(5), () => volume.Body["Size"] = size);
        return new JsonObject { ["VolumeModification"] = new JsonObject { ["VolumeId"] = volume.Id, ["ModificationState"] = "modifying", ["TargetSize"] = size } };
    }

    private JsonObject Attach(JsonObject request)
    {
        var (volume, instance) = (Volume(request), store.Get("instance", (string)request["InstanceId"]!, "InvalidInstanceID.NotFound"));
        if (volume.Text("State") != "available")
            throw new Ec2Refusal("VolumeInUse", $"{volume.Id} is already attached to an instance");
        if (instance.Text("State.Name") is not ("running" or "stopped"))
            throw new Ec2Refusal("IncorrectState", $"Instance '{instance.Id}' is not 'running'.");
        if (volume.Text("AvailabilityZone") != instance.Text("Placement.AvailabilityZone"))
            throw new Ec2Refusal("InvalidVolume.ZoneMismatch", $"The volume '{volume.Id}' is not in the same availability zone as instance '{instance.Id}'");
        volume.Body["State"] = "in-use";
        var attachment = new JsonObject { ["InstanceId"] = instance.Id, ["VolumeId"] = volume.Id, ["Device"] = request["Device"]!.DeepClone(), ["DeleteOnTermination"] = false, ["State"] = "attached" };
        volume.Body["Attachments"] = new JsonArray(attachment);
        return attachment.DeepClone().AsObject();
    }

    private JsonObject CreateSnapshot(JsonObject request)
    {
        var volume = Volume(request);
        var snapshot = store.Add("snapshot", store.NewId("snap"), new JsonObject
        {
            ["VolumeId"] = volume.Id,
            ["State"] = "pending",
            ["StartTime"] = Ec2Store.Iso(store.Now),
            ["VolumeSize"] = volume.Body["Size"]!.DeepClone(),
            ["Description"] = request["Description"]?.DeepClone(),
        }, request);
        snapshot.Body["SnapshotId"] = snapshot.Id;
        store.Later(TimeSpan.FromMinutes(4), () => snapshot.Body["State"] = "completed");
        return snapshot.Body.DeepClone().AsObject();
    }

    private JsonObject Images(JsonObject request)
    {
        var owners = request["Owners"]?.AsArray().Select(o => (string)o! == "self" ? "123456789012" : (string)o!).ToArray();
        var found = store.Find("image", request, "ImageIds", "InvalidAMIID.NotFound", Filters);
        return new JsonObject { ["Images"] = new JsonArray([.. found.Where(i => owners is null || owners.Contains((string)i!["OwnerId"]!)).Select(i => i!.DeepClone())]) };
    }

    private JsonObject Tag(JsonObject request, JsonArray set, IEnumerable<string> remove)
    {
        foreach (var id in request["Resources"]!.AsArray())
        {
            var thing = store.All.FirstOrDefault(t => t.Id == (string)id!) ?? throw new Ec2Refusal("InvalidID", $"The ID '{id}' is not valid");
            SetTags(thing.Body[thing.TagKey]!.AsArray(), set, remove);
        }
        return [];
    }

    private JsonObject Untag(JsonObject request)
    {
        // With a value it would only remove a tag of that value; without any tag, all of them.
        if (request["Tags"] is not JsonArray { Count: > 0 } tags || tags.Any(t => t!["Value"] is not null))
            throw new Ec2Refusal("InvalidParameterValue", "no test asks for this");
        return Tag(request, [], tags.Select(t => (string)t!["Key"]!));
    }

    public static void SetTags(JsonArray tags, JsonArray set, IEnumerable<string> remove)
    {
        foreach (var key in set.Select(t => (string)t!["Key"]!).Concat(remove).ToArray())
            tags.Remove(tags.FirstOrDefault(t => (string)t!["Key"]! == key));
        foreach (var tag in set)
            tags.Add(tag!.DeepClone());
    }

    private static JsonObject Offerings(JsonObject request)
    {
        var types = request["Filters"]!.AsArray().Single(f => (string)f!["Name"]! == "instance-type")!["Values"]!.AsArray().Select(v => (string)v!);
        return new JsonObject
        {
            ["InstanceTypeOfferings"] = new JsonArray([.. types.SelectMany(type => Zones.Prepend(LocalZone).Select(zone =>
                (JsonNode)new JsonObject { ["InstanceType"] = type, ["LocationType"] = request["LocationType"]!.DeepClone(), ["Location"] = zone }))]),
        };
    }

    private Ec2Thing Volume(JsonObject request) => store.Get("volume", (string)request["VolumeId"]!, "InvalidVolume.NotFound");
}
