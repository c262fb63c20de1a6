using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.EC2;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SimpleSystemsManagement;
using Baker.Clouds.Facts;
using Baker.Clouds.Facts.Aws;
using Baker.Clouds.Live;
using Baker.Clouds.Live.Aws;
using Baker.Clouds.Live.Aws.Border;
using Baker.Tests.Launching;
using Baker.Tests.Support;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>
/// A pretended AWS account: the vendor's client speaks to it in its own wire format, every request is held against the vendor's model, and it
/// has what an emulator leaves out: client tokens, delays, limits, dependencies, capacity, answers that are behind.
/// </summary>
public partial class AwsFakeAccount : FakeAccount
{
    private static readonly string Example = Checkout.Read("examples", "aws.yaml");

    private readonly Ec2Store _store;
    private readonly Ec2Instances _instances;
    private readonly Dictionary<string, Func<JsonObject, JsonObject>> _operations;

    public AwsFakeAccount()
    {
        _store = new Ec2Store(Time);
        Ssm = new SsmStore(Time);
        Route53 = new FakeRoute53(Time, Zones);
        Iam = new FakeIam(Time);
        Iam.Plant("duo-gitlab");
        _instances = new Ec2Instances(_store, Iam);
        _operations = new Ec2Network(_store).Operations.Concat(new Ec2Groups(_store).Operations).Concat(new Ec2Addresses(_store).Operations)
            .Concat(_instances.Operations).Concat(_instances.Reservations.Operations).Concat(new Ec2Volumes(_store).Operations).Concat(new Ec2Bakes(_store).Operations).ToDictionary();
        foreach (var (day, number) in new[] { ("20260901", 1), ("20261101", 2), ("20261015", 3) })
            AddImage($"ami-{number:x17}", "099720109477", $"ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-{day}", $"{day[..4]}-{day[4..6]}-{day[6..]}T00:00:00.000Z");
        Ssm.Parameters["/duo/activation-code"] = ("code", "SecureString", []);
    }

    internal Ec2Instances Instances => _instances;

    public override ImmutableArray<string> Alike => ["g6.2xlarge", "g5.2xlarge", "g4dn.2xlarge"];

    public override (string From, string To) Roomier => ("t3.medium", "t3.large");

    public override void SellOut(params ImmutableArray<string> types)
    {
        Instances.SoldOut.Clear();
        foreach (var type in types)
            Instances.SoldOut.UnionWith("abcd".Select(z => ($"ap-northeast-1{z}", type)));
    }

    internal SsmStore Ssm { get; }

    internal FakeRoute53 Route53 { get; }

    internal FakeIam Iam { get; }

    internal IEnumerable<Ec2Thing> Things => _store.All;

    /// <summary>Every operation that was asked for, as a policy names it, with its body.</summary>
    internal List<(string Action, string Body)> Requests { get; } = [];

    /// <summary>What the caller's policy does not have, as <see cref="Requests"/> names it.</summary>
    internal HashSet<string> Denied { get; } = [];

    /// <summary>The caller's policy; null: they may do all that is not <see cref="Denied"/>.</summary>
    internal IamPolicy? Policy { get; set; }

    /// <summary>What a call is refused with, by action and body as <see cref="Requests"/> has them, instead of being carried out; null: it is carried out.</summary>
    internal Func<string, string, Ec2Refusal?> Refuses { get; set; } = (_, _) => null;

    /// <summary>Every so many calls one is throttled; 0: none.</summary>
    public int ThrottleEvery { get; set; }

    public override string Spec => Example;

    public override ImmutableArray<string> Writes
    {
        get
        {
            string[] reads = ["ec2:Describe", "ec2:Get", "ssm:Get", "ssm:List", "sts:", "iam:Get", "iam:List", "iam:Simulate", "servicequotas:", "route53:List", "route53:Get"];
            lock (_store)
                return [.. Requests.Where(r => !reads.Any(p => r.Action.StartsWith(p, StringComparison.Ordinal)) && !r.Body.Contains("DryRun=true", StringComparison.Ordinal) && !r.Body.Contains("/baker/duo/lock-", StringComparison.Ordinal)
                    // A rehearsal is refused.
                    && (r.Action != "route53:ChangeResourceRecordSets" || Route53.Done.Contains(r.Body))).Select(r => r.Action)];
        }
    }

    public override ImmutableArray<string> Inventory
    {
        get
        {
            lock (_store)
            {
                _store.Advance();
                var names = _store.All.ToDictionary(t => t.Id, t => $"{t.Kind}:{t.Tag("Name")}");
                return
                [
                    .. _store.All.Where(t => t.Kind != "image" && t.Text("State.Name") != "terminated" && t.Text("State") is not ("deleted" or "deleting" or "cancelled" or "expired" or "failed") && !Lingers(t))
                        .Select(t => Plain($"{t.Kind} {Canonical(t.Body)}{Extras(t)}", names)).Order(StringComparer.Ordinal),
                    .. Zones.SelectMany(z => z.Lines(_store.All.FirstOrDefault(t => t.Kind == "elastic-ip" && t.Tag("Name") == "duo-gitlab" && t.Tag("baker:id") is not null)?.Text("PublicIp"))),
                    .. Iam.Lines(),
                    .. Ssm.Parameters.Select(p => $"parameter {p.Key} {p.Value.Type} {Canonical(p.Value.Tags)}"),
                ];
            }
        }
    }

    public override void TagByHand()
    {
        foreach (var tags in _store.All.Where(t => t.Tag("baker:id") is not null).Select(t => t.Body[t.TagKey]!.AsArray()).Concat(Ssm.Parameters.Values.Select(p => p.Tags).Where(t => t.Count > 0)))
        {
            tags.Add(new JsonObject { ["Key"] = "somebody", ["Value"] = "theirs" });
            if (!tags.Any(t => (string)t!["Key"]! == "stage"))
                tags.Add(new JsonObject { ["Key"] = "stage", ["Value"] = "ours" });
        }
    }

    public override ImmutableArray<(string Says, Action Do)> LoosenedByHand =>
    [
        ("identity none becomes duo-gitlab", () => OnGitLab(g =>
        {
            g.Body.Remove("IamInstanceProfile");
            g.Body.Remove("ProfileAssociation");
        })),
        ("identity somebody becomes duo-gitlab", () => OnGitLab(g => g.Body["IamInstanceProfile"] = new JsonObject { ["Arn"] = "arn:aws:iam::123456789012:instance-profile/path/somebody" })),
        ("firewall group gitlab, ollama becomes gitlab", () => OnGitLab(g => Nic(g).Body["Groups"]!.AsArray().Insert(0, new JsonObject { ["GroupId"] = _store.All.Single(t => t.Text("GroupName") == "duo-ollama").Id }))),
        ("public address none becomes 198.51.100.1", () => OnGitLab(g =>
        {
            Nic(g).Body.Remove("Association");
            var address = _store.All.Single(t => t.Kind == "elastic-ip" && t.Tag("Name") == "duo-gitlab");
            address.Body.Remove("AssociationId");
            address.Body.Remove("NetworkInterfaceId");
        })),
        ("its data disk is not attached", () => OnGitLab(_ =>
        {
            var disk = _store.All.Single(t => t.Kind == "volume" && t.Tag("Name") == "duo-gitlab-data");
            (disk.Body["State"], disk.Body["Attachments"]) = ("available", new JsonArray());
        })),
    ];

    public override ImmutableArray<(string Says, Action Do)> IdentityChangedByHand =>
    [
        ("~ identity duo-gitlab-ap-northeast-1: its policy is another one", () => Made.Policies["baker"] = "{}"),
        ("~ identity duo-gitlab-ap-northeast-1: its role may be taken by others than machines, or not by them", () => Made.Trust = "{}"),
        ("~ identity duo-gitlab-ap-northeast-1: its instance profile has not its role", () => Iam.Profile(Made.Name)!.Role = null),
        ("~ identity duo-gitlab-ap-northeast-1: its role is not there", () => Iam.Remove(Made)),
        ("~ identity duo-gitlab-ap-northeast-1: its instance profile is not there", () => Iam.Remove(Iam.Profile(Made.Name)!)),
        ("~ machine duo-gitlab: identity duo-gitlab-ap-northeast-1 is made again", () => Iam.Remove(Iam.Profile(Made.Name)!)),
        ("~ identity duo-gitlab-ap-northeast-1: boundary arn:aws:iam::123456789012:policy/theirs becomes none (identity.boundary)", () => Made.Boundary = "arn:aws:iam::123456789012:policy/theirs"),
    ];

    private IamEntity Made => Iam.Role("duo-gitlab-ap-northeast-1")!;

    public override void PlantIdentity() => Iam.Plant("duo-gitlab-ap-northeast-1");

    public override ImmutableArray<(string Says, Action Do)> NetworkChangedByHand =>
    [
        ("security group duo-ollama closes tcp 22 from 0.0.0.0/0", () => Rules("duo-ollama", "IpPermissions").Add(
            new JsonObject { ["IpProtocol"] = "tcp", ["FromPort"] = 22L, ["ToPort"] = 22L, ["IpRanges"] = new JsonArray(new JsonObject { ["CidrIp"] = "0.0.0.0/0" }) })),
        ("security group duo-gitlab opens tcp 443 from 0.0.0.0/0", () => Rules("duo-gitlab", "IpPermissions").RemoveAt(
            Rules("duo-gitlab", "IpPermissions").ToList().FindIndex(r => r!["FromPort"]?.ToString() == "443" && r["IpRanges"] is JsonArray { Count: > 0 }))),
        ("security group duo-gateway closes everything to 0.0.0.0/0", () => Rules("duo-gateway", "IpPermissionsEgress").Add(
            new JsonObject { ["IpProtocol"] = "-1", ["IpRanges"] = new JsonArray(new JsonObject { ["CidrIp"] = "0.0.0.0/0" }) })),
        ("route table duo-private gets another way out: the one that it has leads nowhere, or elsewhere", () => Way("duo-private", r => r["State"] = "blackhole")),
        ("route table duo-public gets its way out", () => Way("duo-public", r => r.Parent!.AsArray().Remove(r))),
    ];

    public override void CloseByHand(string group, int port) =>
        Rules($"duo-{group}", "IpPermissionsEgress").RemoveAt(Rules($"duo-{group}", "IpPermissionsEgress").ToList().FindIndex(r => r!["FromPort"]?.ToString() == $"{port}"));

    private JsonArray Rules(string group, string direction) => _store.All.Single(t => t.Text("GroupName") == group).Body[direction]!.AsArray();

    private void Way(string table, Action<JsonObject> change) =>
        change(_store.All.Single(t => t.Kind == "route-table" && t.Tag("Name") == table).Body["Routes"]!.AsArray().OfType<JsonObject>().Single(r => (string)r["DestinationCidrBlock"]! == "0.0.0.0/0"));

    private Ec2Thing Nic(Ec2Thing machine) => _store.All.Single(t => t.Kind == "network-interface" && t.Text("Attachment.InstanceId") == machine.Id);

    private void OnGitLab(Action<Ec2Thing> change)
    {
        lock (_store)
            change(_store.All.Single(t => t.Kind == "instance" && t.Tag("Name") == "duo-gitlab"));
    }

    public override void PlantForeign(Random random)
    {
        lock (_store)
        {
            var vpc = Plant(random, "vpc", "duo", new JsonObject { ["CidrBlock"] = "10.77.0.0/16", ["State"] = "available" }, "VpcId", always: true)!;
            Plant(random, "security-group", "duo-gitlab", new JsonObject { ["GroupName"] = "duo-gitlab", ["VpcId"] = vpc.Id, ["IpPermissions"] = new JsonArray(), ["IpPermissionsEgress"] = new JsonArray() }, "GroupId");
            Plant(random, "elastic-ip", "duo-gitlab", new JsonObject { ["PublicIp"] = "198.51.100.200", ["Domain"] = "vpc" }, "AllocationId");
            Plant(random, "volume", "duo-gitlab-data", new JsonObject { ["State"] = "available", ["Size"] = 50, ["AvailabilityZone"] = "ap-northeast-1a", ["Attachments"] = new JsonArray() }, "VolumeId");
            Plant(random, "subnet", "duo-private", new JsonObject { ["VpcId"] = vpc.Id, ["CidrBlock"] = "10.77.1.0/24", ["AvailabilityZone"] = "ap-northeast-1d", ["State"] = "available" }, "SubnetId");
            Plant(random, "instance", "duo-ollama", new JsonObject { ["State"] = new JsonObject { ["Name"] = "running" }, ["InstanceType"] = "g4dn.xlarge", ["PrivateIpAddress"] = "10.77.1.30", ["LaunchTime"] = Ec2Store.Iso(_store.Now) }, "InstanceId");
            Plant(random, "snapshot", "duo-gitlab-data", new JsonObject { ["State"] = "completed", ["VolumeSize"] = 50, ["VolumeId"] = "vol-1", ["StartTime"] = Ec2Store.Iso(_store.Now) }, "SnapshotId");
            Plant(random, "capacity-reservation", "duo-ollama", new JsonObject { ["State"] = "active", ["InstanceType"] = "p3.2xlarge", ["InstancePlatform"] = "Linux/UNIX", ["AvailabilityZone"] = "ap-northeast-1a" }, "CapacityReservationId");
            if (random.Next(2) == 0)
                Ssm.Parameters["/baker/duo/root-password"] = ("theirs", "SecureString", []);
        }
    }

    /// <summary>A network that somebody made by hand: two subnets, and a route from the public one to the internet.</summary>
    internal (string Vpc, string Public, string Private) PlantNetwork()
    {
        lock (_store)
        {
            string Own(string kind, string prefix, string id, JsonObject body)
            {
                var thing = _store.Add(kind, _store.NewId(prefix), body, [], isOld: true);
                body[id] = thing.Id;
                return thing.Id;
            }

            var vpc = Own("vpc", "vpc", "VpcId", new JsonObject { ["CidrBlock"] = "10.20.0.0/16", ["State"] = "available" });
            string[] subnets = [.. new[] { "10.20.0.0/24", "10.20.1.0/24" }.Select(range => Own("subnet", "subnet", "SubnetId",
                new JsonObject { ["VpcId"] = vpc, ["CidrBlock"] = range, ["AvailabilityZone"] = "ap-northeast-1c", ["State"] = "available" }))];
            Own("route-table", "rtb", "RouteTableId", new JsonObject
            {
                ["VpcId"] = vpc,
                ["Associations"] = new JsonArray(new JsonObject { ["SubnetId"] = subnets[0] }),
                ["Routes"] = new JsonArray(new JsonObject { ["DestinationCidrBlock"] = "0.0.0.0/0", ["GatewayId"] = "igw-00000000000000aaa", ["State"] = "active" }),
            });
            return (vpc, subnets[0], subnets[1]);
        }
    }

    /// <summary>An address that somebody has reserved.</summary>
    internal string PlantAddress(string ip)
    {
        lock (_store)
        {
            var id = _store.NewId("eipalloc");
            _store.Add("elastic-ip", id, new JsonObject { ["AllocationId"] = id, ["PublicIp"] = ip, ["Domain"] = "vpc" }, [], isOld: true);
            return id;
        }
    }

    protected override ICloud Open(CloudSpec spec, Surroundings surroundings, int process) =>
        new AwsCloud((AwsSpec)spec, Clients(((AwsSpec)spec).Region, surroundings, process), surroundings);

    /// <summary>The border of a process of its own.</summary>
    internal AwsBorder Border(Action<string> say)
    {
        var surroundings = new Surroundings(_ => null, Time, ".", say);
        return new AwsBorder(Clients("ap-northeast-1", surroundings, process: -2), surroundings);
    }

    private AwsClients Clients(string region, Surroundings surroundings, int process)
    {
        var wire = new AwsFakeWire(this, process);
        T Fake<T>(T config, string service)
            where T : ClientConfig
        {
            config.ServiceURL = $"http://{service}.fake";
            config.AuthenticationRegion = region;
            config.HttpClientFactory = wire;
            return AwsClients.Patient(config);
        }

        var credentials = new BasicAWSCredentials("key", "secret");
        AwsSignature Signature(string service, string signedFor) => new(new Uri($"http://{service}.fake"), service, signedFor, () => credentials, surroundings.Time);
        return new AwsClients(
            new AmazonEC2Client(credentials, Fake(new AmazonEC2Config(), "ec2")),
            new AmazonSimpleSystemsManagementClient(credentials, Fake(new AmazonSimpleSystemsManagementConfig(), "ssm")),
            new AmazonSecurityTokenServiceClient(credentials, Fake(new AmazonSecurityTokenServiceConfig(), "sts")),
            new AwsQuery(Signature("iam", "us-east-1"), "2010-05-08", wire.CreateHttpClient(new AmazonEC2Config())),
            new AwsJson(Signature("servicequotas", region), "ServiceQuotasV20190624", wire.CreateHttpClient(new AmazonEC2Config())),
            new AwsRestXml(Signature("route53", "us-east-1"), "2013-04-01", wire.CreateHttpClient(new AmazonEC2Config())))
        {
            Home = new AmazonSecurityTokenServiceClient(credentials, Fake(new AmazonSecurityTokenServiceConfig(), "sts-home")),
        };
    }

    /// <summary>Carries one EC2 request out.</summary>
    internal string Ec2(string action, Dictionary<string, string> form)
    {
        lock (_store)
        {
            _store.Advance();
            if (ThrottleEvery > 0 && Calls % ThrottleEvery == 0)
                throw new Ec2Refusal("RequestLimitExceeded", "Request limit exceeded.", 503);
            var request = Ec2Model.Vendor.Read(action, form);
            Authorize("UnauthorizedOperation", () => Asked.Ec2(action, request));
            return Ec2Model.Vendor.Write(action, Page(action, request, _operations.GetValueOrDefault(action)?.Invoke(request) ?? throw new Ec2Refusal("InvalidAction", $"the fake has no {action}")));
        }
    }

    /// <summary>Things on a page of what the vendor lists in pages; AWS's have as many as it is asked for.</summary>
    internal int PageSize { get; set; } = 1000;

    private JsonObject Page(string action, JsonObject request, JsonObject answer)
    {
        if (!Ec2Model.Vendor.IsPaged(action))
            return answer;
        var first = int.Parse((string?)request["NextToken"] ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        var (name, all) = answer.Select(p => (p.Key, p.Value!.AsArray())).Single();
        answer[name] = new JsonArray([.. all.Skip(first).Take(PageSize).Select(t => t!.DeepClone())]);
        if (first + PageSize < all.Count)
            answer["NextToken"] = $"{first + PageSize}";
        return answer;
    }

    internal string SsmAnswer(string operation, JsonObject request)
    {
        lock (_store)
        {
            Authorize("AccessDeniedException", () => Asked.Ssm(operation, request));
            return Ssm.Answer(operation, request).ToJsonString();
        }
    }

    internal string QuotasAnswer(string operation, JsonObject request)
    {
        lock (_store)
        {
            Authorize("AccessDeniedException", () => IamRequests.Quotas(operation, request));
            return _instances.Quotas.Answer(operation, request).ToJsonString();
        }
    }

    internal string IamAnswer(string action, Dictionary<string, string> form)
    {
        lock (_store)
        {
            Authorize("AccessDenied", () => Asked.Iam(action, form));
            return Iam.Answer(action, form);
        }
    }

    internal string Route53Answer(string operation, string id, Dictionary<string, string> query, string body)
    {
        lock (_store)
        {
            Authorize("AccessDenied", () => IamRequests.Route53(operation, id, body));
            return Route53.Answer(operation, id, query, body);
        }
    }

    private IamRequests Asked => new(_store, Ssm, Iam);

    /// <summary>The words of IAM's denials: IAM User Guide, "Troubleshoot access denied error messages".</summary>
    private void Authorize(string code, Func<IEnumerable<IamQuestion>> asked)
    {
        if (Policy is { } policy && asked().FirstOrDefault(q => !policy.Allows(q)) is { } no)
            throw new Ec2Refusal(code, $"You are not authorized to perform this operation. User: arn:aws:iam::{IamRequests.Account}:user/ops is not authorized to perform: {no.Action} on resource: {no.Arn} because no identity-based policy allows the {no.Action} action", 403);
    }

    /// <exception cref="Ec2Refusal">The trial wants it so.</exception>
    internal void Record(string action, string body)
    {
        lock (_store)
        {
            Requests.Add((action, body));
            if (Refuses(action, body) is { } refusal)
                throw refusal;
        }
    }

    internal void AddImage(string id, string owner, string name, string made, params (string Key, string Value)[] tags)
    {
        var image = _store.Add("image", id, new JsonObject
        {
            ["ImageId"] = id,
            ["OwnerId"] = owner,
            ["Name"] = name,
            ["CreationDate"] = made,
            ["State"] = "available",
            ["Architecture"] = "x86_64",
            ["RootDeviceType"] = "ebs",
            ["RootDeviceName"] = "/dev/sda1",
        }, [], isOld: true);
        foreach (var (key, value) in tags)
            image.Body["Tags"]!.AsArray().Add(new JsonObject { ["Key"] = key, ["Value"] = value });
    }

    internal Ec2Thing AddBackupOf(Ec2Thing snapshot) => AddSnapshot(snapshot.Body, snapshot.Body["Tags"]!, "Created for policy: policy-1");

    /// <summary>A snapshot with the tags of its volume, complete since a moment.</summary>
    internal Ec2Thing AddSnapshotOf(string volume, string description) => AddSnapshot(
        new JsonObject { ["VolumeId"] = volume, ["State"] = "completed", ["StartTime"] = Ec2Store.Iso(_store.Now), ["VolumeSize"] = 50 }, _store.All.Single(t => t.Id == volume).Body["Tags"]!, description);

    private Ec2Thing AddSnapshot(JsonObject body, JsonNode tags, string description)
    {
        var made = _store.Add("snapshot", _store.NewId("snap"), body.DeepClone().AsObject(), [], isOld: true);
        (made.Body["SnapshotId"], made.Body["Description"], made.Body["Tags"]) = (made.Id, description, tags.DeepClone());
        return made;
    }

    private Ec2Thing? Plant(Random random, string kind, string name, JsonObject body, string id, bool always = false)
    {
        if (!always && random.Next(2) == 0)
            return null;
        var thing = _store.Add(kind, _store.NewId("x"), body, [], isOld: true);
        body[id] = thing.Id;
        // Somebody else's stack, somebody's own hands.
        var tags = random.Next(2) == 0 ? new[] { ("Name", name), ("baker:stack", "duo"), ("baker:id", "000000000000"), ("baker:host", "gitlab.other.example") } : [("Name", name)];
        foreach (var (key, value) in tags)
            body[thing.TagKey]!.AsArray().Add(new JsonObject { ["Key"] = key, ["Value"] = value });
        return thing;
    }

    /// <summary>The interface of a NAT gateway that is gone: EC2 takes it away a little later.</summary>
    private bool Lingers(Ec2Thing thing) => thing.Kind == "network-interface"
        && _store.All.Any(t => t.Kind == "natgateway" && t.Text("State") == "deleted" && t.Body["NatGatewayAddresses"]!.ToJsonString().Contains(thing.Id, StringComparison.Ordinal));

    private string Extras(Ec2Thing thing) => thing.Kind != "instance" || thing.Text("ImageId") is null ? ""
        : $" user-data {Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(_instances.UserData(thing))))[..8]}{(_instances.IsProtected(thing) ? " protected" : "")}";

    private static string Canonical(JsonNode? node) => node switch
    {
        JsonObject o => $"{{{string.Join(",", o.Where(p => p.Key is not ("LaunchTime" or "StartTime" or "PublicIp" or "StateReason" or "EndDate" or "CapacityReservationId" or "CapacityReservationSpecification") && p.Value is not null).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}:{Canonical(p.Value)}"))}}}",
        JsonArray a => $"[{string.Join(",", a.Select(Canonical).Order(StringComparer.Ordinal))}]",
        _ => node?.ToString() ?? "",
    };

    private static string Plain(string line, Dictionary<string, string> names) => Id().Replace(line, m => names.GetValueOrDefault(m.Value, m.Value[..m.Value.IndexOf('-', StringComparison.Ordinal)]));

    [GeneratedRegex("[a-z]+(?:-assoc)?-[0-9a-f]{17}")]
    private static partial Regex Id();
}
