using System.Text.Json.Nodes;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>
/// Google's own client judges: it works with our pretended Compute Engine as with the real one, and what Baker sends is what it sends for the same things.
/// </summary>
public sealed class GcloudTests : IDisposable
{
    private const string Region = "asia-northeast1";
    private const string Image = "projects/ubuntu-os-cloud/global/images/ubuntu-2404-noble-amd64-v20261101";
    private static readonly string[] InRegion = ["--region", Region];
    private static readonly string[] InZone = ["--zone", $"{Region}-a"];

    /// <summary>What gcloud has read and sends back with a change.</summary>
    private static readonly string[] ReadBack = [".creationTimestamp", ".id", ".region", ".selfLink"];

    private readonly LoopbackGoogle _google = new();
    private readonly TemporaryFolder _folder = new();

    /// <summary>One test: each of gcloud's commands takes seconds.</summary>
    [Fact]
    public async Task Gcloud_makes_lists_and_removes_what_a_stack_is_made_of_and_sends_what_Baker_sends()
    {
        await MakeAllAsync();
        Assert.Equal("duo-ollama\t10.77.1.30\tRUNNING", await ListAsync("instances", "value(name,networkInterfaces[0].networkIP,status)"));
        Assert.Equal("duo-gitlab\nduo-ollama-internal", await ListAsync("addresses", "value(name)", "--regions", Region));
        Assert.Equal("duo-gateway-from-gitlab", await ListAsync("firewall-rules", "value(name)"));
        Assert.Equal("duo", await ListAsync("routers", "value(name)", "--regions", Region));
        Assert.Equal("duo-gitlab-data\nduo-ollama", await ListAsync("disks", "value(name)", "--zones", $"{Region}-a"));
        await CompareAsync();
        await RemoveAllAsync();
        Assert.Empty(_google.Google.Inventory());
    }

    public void Dispose()
    {
        _google.Dispose();
        _folder.Dispose();
    }

    private async Task MakeAllAsync()
    {
        _folder.File("user-data", "#cloud-config\n");
        await GcloudAsync("networks", "create", "duo", "--subnet-mode", "custom", "--bgp-routing-mode", "regional");
        await GcloudAsync(["networks", "subnets", "create", "duo", .. InRegion, "--network", "duo", "--range", "10.77.0.0/16", "--enable-private-ip-google-access"]);
        await GcloudAsync(["addresses", "create", "duo-gitlab", .. InRegion]);
        await GcloudAsync(["addresses", "create", "duo-ollama-internal", .. InRegion, "--subnet", "duo", "--addresses", "10.77.1.30"]);
        await GcloudAsync("firewall-rules", "create", "duo-gateway-from-gitlab", "--network", "duo", "--direction", "INGRESS", "--priority", "800", "--action", "ALLOW", "--rules", "tcp:5052",
            "--source-tags", "duo-gitlab", "--target-tags", "duo-gateway");
        await GcloudAsync(["routers", "create", "duo", .. InRegion, "--network", "duo"]);
        await GcloudAsync(["routers", "nats", "create", "duo", .. InRegion, "--router", "duo", "--auto-allocate-nat-external-ips", "--nat-all-subnet-ip-ranges"]);
        await GcloudAsync(["disks", "create", "duo-gitlab-data", .. InZone, "--size", "50GB", "--type", "pd-balanced"]);
        await GcloudAsync(["instances", "create", "duo-ollama", .. InZone, "--machine-type", "n1-standard-4", "--subnet", "duo", "--private-network-ip", "10.77.1.30", "--no-address",
            "--image", Image, "--boot-disk-type", "pd-balanced", "--boot-disk-size", "50GB", "--accelerator", "type=nvidia-tesla-t4,count=1", "--maintenance-policy", "TERMINATE",
            "--shielded-secure-boot", "--shielded-vtpm", "--shielded-integrity-monitoring", "--no-service-account", "--no-scopes", "--tags", "duo-ollama",
            "--metadata-from-file", $"user-data={_folder.Path}/user-data"]);
    }

    private async Task RemoveAllAsync()
    {
        await GcloudAsync(["instances", "delete", "duo-ollama", .. InZone]);
        await GcloudAsync(["disks", "delete", "duo-gitlab-data", .. InZone]);
        // One by one: several at once go to an endpoint for batches, which is another service.
        await GcloudAsync(["addresses", "delete", "duo-gitlab", .. InRegion]);
        await GcloudAsync(["addresses", "delete", "duo-ollama-internal", .. InRegion]);
        await GcloudAsync(["routers", "delete", "duo", .. InRegion]);
        await GcloudAsync("firewall-rules", "delete", "duo-gateway-from-gitlab");
        await GcloudAsync(["networks", "subnets", "delete", "duo", .. InRegion]);
        await GcloudAsync("networks", "delete", "duo");
    }

    /// <summary>The golden holds what either sends and the other does not; docs/gcp.md says why.</summary>
    private async Task CompareAsync()
    {
        using var account = new GoogleAccountFake();
        Assert.Equal(0, (await account.RunAsync(account.Spec, "launch", "--yes", "--no-wait")).Code);
        var baker = Bodies(account.Google);
        Golden.Check(string.Concat(Bodies(_google.Google).OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => $"{b.Key}\n{Difference(b.Value, baker[b.Key])}")), "google", "beside-gcloud.txt");
    }

    private async Task<string> ListAsync(string kind, string format, params string[] more) =>
        string.Join('\n', (await GcloudAsync([kind, "list", "--format", format, .. more])).TrimEnd().Split('\n').Order(StringComparer.Ordinal));

    private async Task<string> GcloudAsync(params string[] args)
    {
        var gcloud = Tool.Wanted("gcloud", "google-cloud-cli") with
        {
            Environment = _google.Environment.Add("CLOUDSDK_AUTH_DISABLE_CREDENTIALS", "true").Add("CLOUDSDK_CONFIG", System.IO.Path.Combine(_folder.Path, "gcloud"))
                .Add("CLOUDSDK_CORE_PROJECT", "my-project").Add("CLOUDSDK_CORE_DISABLE_PROMPTS", "1").Add("CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "true").Add("CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK", "true"),
            TimeLimit = TimeSpan.FromMinutes(3),
        };
        return (await gcloud.RunAsync(["compute", .. args])).Require();
    }

    /// <summary>What was sent, by kind and name, as lines <c>place=value</c>; what came with a later call is added.</summary>
    private static Dictionary<string, SortedSet<string>> Bodies(FakeGoogle google)
    {
        var all = new Dictionary<string, SortedSet<string>>();
        foreach (var (call, body) in google.Bodies.Where(b => b.Call.Contains("projects/my-project/", StringComparison.Ordinal)))
        {
            var path = call.Split(' ')[1];
            if (call.StartsWith("POST", StringComparison.Ordinal) && body["name"] is { } name)
                all.TryAdd($"{path.Split('/')[^1]} {name}", [.. Lines("", body)]);
            else if (call.StartsWith("PATCH", StringComparison.Ordinal) && all.TryGetValue($"{path.Split('/')[^2]} {path.Split('/')[^1]}", out var first))
                first.UnionWith(Lines("", body).Where(l => !ReadBack.Any(key => l.StartsWith(key + "=", StringComparison.Ordinal))));
        }
        return all;
    }

    private static string Difference(SortedSet<string> gcloud, SortedSet<string> baker) =>
        string.Concat(gcloud.Except(baker).Select(l => $"  only gcloud  {l}\n")) + string.Concat(baker.Except(gcloud).Select(l => $"  only Baker   {l}\n")) + $"  the same     {gcloud.Intersect(baker).Count()}\n";

    private static IEnumerable<string> Lines(string at, JsonNode? node) => node switch
    {
        JsonObject map when at == ".metadata" => map["items"]!.AsArray().Select(i => $".metadata.{i!["key"]}"),
        JsonObject map => map.SelectMany(p => Lines($"{at}.{p.Key}", p.Value)),
        JsonArray list => list.SelectMany((item, i) => Lines($"{at}[{i}]", item)),
        _ => [$"{at}={FakeCompute.Path(node?.ToString() ?? "null")}"],
    };
}
