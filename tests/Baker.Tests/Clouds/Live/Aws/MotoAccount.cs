using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Baker.Tests.Judges;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>What is in one region of moto, as boto3 sees it: nothing here was asked through Baker.</summary>
internal sealed class MotoAccount
{
    /// <summary>Kinds as the account's description names them, with the key that tells two of a kind apart.</summary>
    private static readonly ImmutableDictionary<string, string> Identities = new Dictionary<string, string>
    {
        ["Vpcs"] = "VpcId",
        ["Subnets"] = "SubnetId",
        ["InternetGateways"] = "InternetGatewayId",
        ["NatGateways"] = "NatGatewayId",
        ["RouteTables"] = "RouteTableId",
        ["SecurityGroups"] = "GroupId",
        ["NetworkInterfaces"] = "NetworkInterfaceId",
        ["Addresses"] = "AllocationId",
        ["Volumes"] = "VolumeId",
        ["Snapshots"] = "SnapshotId",
        ["Instances"] = "InstanceId",
        ["Parameters"] = "Name",
    }.ToImmutableDictionary();

    private static readonly (string List, string Key)[] PeerKeys = [("UserIdGroupPairs", "GroupId"), ("IpRanges", "CidrIp"), ("Ipv6Ranges", "CidrIpv6"), ("PrefixListIds", "PrefixListId")];

    private readonly JsonNode _things;

    private MotoAccount(JsonNode things) => _things = things;

    public static async Task<MotoAccount> LookAsync(MotoServer moto, string region) =>
        new(JsonNode.Parse((await (await PythonAsync(moto, region)).RunAsync(Script("account"))).Require())!);

    /// <summary>Makes a network as its owner would have, without Baker, and says its ids.</summary>
    public static async Task<JsonNode> MakeNetworkAsync(MotoServer moto, string region) =>
        JsonNode.Parse((await (await PythonAsync(moto, region)).RunAsync(Script("network"))).Require())!;

    public IEnumerable<JsonNode> All(string kind) => _things[kind]!.AsArray().Select(t => t!);

    public JsonNode One(string kind, string name) => Assert.Single(All(kind), t => Tag(t, "Name") == name);

    /// <summary>The id of the one thing of a kind and a name.</summary>
    public string Id(string kind, string name) => (string)One(kind, name)[Identities[kind]]!;

    /// <summary>Everything, one line each; two accounts of the same lines have the same things.</summary>
    public ImmutableSortedSet<string> Ids => [.. Identities.SelectMany(i => All(i.Key).Select(t => $"{i.Key} {(string)t[i.Value]!}"))];

    /// <summary>Without the bundles, whose names change with what they hold.</summary>
    public ImmutableSortedSet<string> LastingIds => [.. Ids.Where(i => !i.Contains("/user-data/", StringComparison.Ordinal))];

    /// <summary>Everything with all that boto3 says of it, but of the kinds named here.</summary>
    public ImmutableSortedSet<string> Details(params ReadOnlySpan<string> kinds) => [.. kinds.ToArray().SelectMany(k => All(k).Select(t => $"{k} {t.ToJsonString()}"))];

    public static string? Tag(JsonNode thing, string key) => (string?)(thing["Tags"] ?? thing["TagSet"])!.AsArray().FirstOrDefault(t => (string)t!["Key"]! == key)?["Value"];

    /// <summary>What a group lets through, one line for each direction, protocol, port and peer, with names for ids.</summary>
    public IEnumerable<string> Rules(string name)
    {
        var names = All("SecurityGroups").ToDictionary(g => (string)g["GroupId"]!, g => Tag(g, "Name"));
        IEnumerable<string?> Peers(JsonNode permission) => PeerKeys.SelectMany(k => permission[k.List]!.AsArray().Select(p => (string)p![k.Key]!)).Select(peer => names.GetValueOrDefault(peer, peer));
        IEnumerable<string> Of(string direction, string key) => One("SecurityGroups", name)[key]!.AsArray()
            .SelectMany(p => Peers(p!).Select(peer => $"{name} {direction} {p!["IpProtocol"]} {p["FromPort"]}-{p["ToPort"]} {peer}"));
        return Of("in", "IpPermissions").Concat(Of("out", "IpPermissionsEgress"));
    }

    private static string Script(string name) => Checkout.PathOf("tests", "Baker.Tests", "Fixtures", "moto", $"{name}.py");

    private static async Task<Tool> PythonAsync(MotoServer moto, string region)
    {
        var python = Tool.Wanted("python3", "python3") with
        {
            Environment = Tool.NoEnvironment.Add("AWS_ENDPOINT_URL", moto.Url).Add("AWS_DEFAULT_REGION", region).Add("AWS_ACCESS_KEY_ID", "t").Add("AWS_SECRET_ACCESS_KEY", "t"),
        };
        if ((await python.RunAsync("-c", "import boto3")).Code != 0)
            Assert.Skip("Python's boto3 is not here; Debian has it in the package python3-boto3");
        return python;
    }
}
