using System.Text.Json.Nodes;
using Baker.Cli;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>What a person sees when Google says no, and what heals without one.</summary>
public sealed class GoogleRefusalTests : IDisposable
{
    private const string Zone = "asia-northeast1";
    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];
    private static readonly string SharedVpc = File.ReadAllText(Checkout.PathOf("examples", "shared-vpc.yaml"));

    private readonly GoogleAccountFake _account = new();

    [Fact]
    public async Task A_zone_without_gpus_is_left_for_one_that_Google_names()
    {
        _account.Google.Compute.Offer.SoldOut[$"{Zone}-a"] = $"{Zone}-c";
        var run = await DoneAsync(_account.Spec, Launch);
        Assert.Contains($"duo-ollama: {Zone}-a has none left; Google names {Zone}-c", run.Error, StringComparison.Ordinal);
        Assert.NotNull(Find($"zones/{Zone}-c/instances/duo-ollama"));
        Assert.NotNull(Find($"zones/{Zone}-a/instances/duo-gitlab"));
        Assert.Contains("no change", (await DoneAsync(_account.Spec, Launch)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_Google_names_none_the_other_zones_are_tried_in_turn()
    {
        _account.Google.Compute.Offer.SoldOut[$"{Zone}-a"] = _account.Google.Compute.Offer.SoldOut[$"{Zone}-b"] = "";
        await DoneAsync(_account.Spec, Launch);
        Assert.NotNull(Find($"zones/{Zone}-c/instances/duo-ollama"));
    }

    [Fact]
    public async Task A_gpu_that_only_another_zone_offers_is_taken_there()
    {
        _account.Google.Compute.Offer.NotOffered.UnionWith([$"{Zone}-a/nvidia-tesla-t4", $"{Zone}-b/nvidia-tesla-t4", $"{Zone}-c/c2-standard-4"]);
        await DoneAsync(_account.Spec, Launch);
        Assert.NotNull(Find($"zones/{Zone}-c/instances/duo-ollama"));
        Assert.NotNull(Find($"zones/{Zone}-a/instances/duo-gitlab"));
    }

    [Fact]
    public async Task A_gpu_quota_of_zero_is_told_in_plain_words_before_anything_is_made()
    {
        _account.Google.Compute.Offer.Quotas["GPUS_ALL_REGIONS"] = 0;
        var before = _account.Inventory;
        var run = await RefusedAsync(_account.Spec, Launch);
        Assert.Contains("quota GPUS_ALL_REGIONS in all regions: the stack needs 1 more, 0 are allowed and 0 in use; new projects may use no GPU.", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, _account.Inventory);
    }

    [Fact]
    public async Task Too_many_calls_are_slowed_down_and_come_through()
    {
        _account.Google.CallsPerSecond = 5;
        await DoneAsync(_account.Spec, Launch);
    }

    [Fact]
    public async Task A_project_that_does_not_exist_is_said_so()
    {
        _account.Google.Projects.Remove("my-project");
        var run = await RefusedAsync(_account.Spec, Launch);
        Assert.Contains("looking at the project my-project: there is no such project", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_rights_are_listed_before_anything_is_made()
    {
        _account.Google.Denied.UnionWith(["my-project/compute.routers.create", "my-project/compute.firewalls.create"]);
        var run = await RefusedAsync(_account.Spec, Launch);
        Assert.Contains("in project my-project these rights are missing: compute.routers.create, compute.firewalls.create", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rights_that_cannot_be_asked_for_are_missed_where_they_are_needed()
    {
        _account.Google.HasResourceManager = false;
        _account.Google.Denied.Add("my-project/compute.routers.create");
        var run = await RefusedAsync(_account.Spec, Launch);
        Assert.Contains("not checked: the rights in project my-project", run.Error, StringComparison.Ordinal);
        Assert.Contains("making the router duo: 403 forbidden: Required 'compute.routers.create' permission", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Also where no secret of the user's has to be looked for: the lock is one.</summary>
    [Theory]
    [InlineData("SERVICE_DISABLED", "Secret Manager API has not been used in project 1 before or it is disabled.", "gcloud services enable secretmanager.googleapis.com --project my-project")]
    [InlineData("BILLING_DISABLED", "This API method requires billing to be enabled.", "gcloud billing projects link my-project")]
    [InlineData("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "Request had insufficient authentication scopes.", "--scopes cloud-platform")]
    [InlineData("SECURITY_POLICY_VIOLATED", "Request is prohibited by organization's policy.", "VPC Service Controls")]
    public async Task Doctor_finds_a_service_that_a_launch_would_miss(string reason, string message, string advice)
    {
        _account.Google.Off["secretmanager.googleapis.com"] = (reason, message);
        var run = await RefusedAsync(_account.Spec, "doctor");
        Assert.Contains($"problem: asking Secret Manager: 403 PERMISSION_DENIED: {message}\n", run.Out, StringComparison.Ordinal);
        Assert.Contains(advice, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_of_the_user_that_is_not_there_is_a_problem()
    {
        _account.Google.Secrets.Plant("projects/my-project/secrets/duo-activation-code", null);
        var run = await RefusedAsync(_account.Spec, "doctor");
        Assert.Contains("problem: there is no value of the secret projects/my-project/secrets/duo-activation-code: gcloud secrets create duo-activation-code", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_shared_vpc_nothing_but_firewall_rules_is_made_and_all_of_it_is_removed()
    {
        ShareVpc();
        var before = _account.Inventory;
        await DoneAsync(SharedVpc, Launch);
        var rules = _account.Google.Compute.Things.Where(t => t.Path.StartsWith("projects/my-host-project/global/firewalls/", StringComparison.Ordinal)).ToArray();
        Assert.All(rules, rule => Assert.Equal(rule.Body["denied"] is null ? 800 : 900, rule.Body["priority"]!.GetValue<int>()));
        Assert.Contains(rules, r => r.Name == "duo-deny-ingress" && r.Body["targetTags"]!.AsArray().Count == 3);
        Assert.DoesNotContain(_account.Google.Compute.Things, t => t.Kind == "routers" || (t.Kind is "networks" or "subnetworks" && !before.Any(b => b.StartsWith(t.Path + " ", StringComparison.Ordinal))));
        Assert.Contains("no change", (await DoneAsync(SharedVpc, Launch)).Error, StringComparison.Ordinal);
        await DoneAsync(SharedVpc, "destroy", "--yes", "--delete-data", "--release-address");
        Assert.Equal(before, _account.Inventory);
    }

    [Fact]
    public async Task Without_rights_in_the_host_project_the_rules_to_ask_for_are_named_and_used_once_they_are_there()
    {
        ShareVpc();
        string[] rights = ["create", "delete", "update"];
        _account.Google.Denied.UnionWith(rights.Select(r => $"my-host-project/compute.firewalls.{r}"));
        var refused = await RefusedAsync(SharedVpc, Launch);
        Assert.Contains("in project my-host-project these rights are missing: compute.firewalls.create, compute.firewalls.delete, compute.firewalls.update", refused.Error, StringComparison.Ordinal);
        var commands = refused.Error.Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith("gcloud compute firewall-rules create ", StringComparison.Ordinal)).ToArray();
        Assert.Contains(commands, c => c.StartsWith("gcloud compute firewall-rules create duo-gateway-from-gitlab --project my-host-project --network shared --direction INGRESS --priority 800 --action ALLOW --rules tcp:5052 --source-tags duo-gitlab --target-tags duo-gateway --description 'baker:id=", StringComparison.Ordinal));
        foreach (var command in commands)
            MakeRule(command);
        await DoneAsync(SharedVpc, Launch);
    }

    [Fact]
    public async Task Rules_that_may_not_be_looked_at_do_not_hold_up_the_rest_of_a_destroy()
    {
        ShareVpc();
        await DoneAsync(SharedVpc, Launch);
        _account.Google.Denied.Add("my-host-project/compute.firewalls.list");
        var run = await RefusedAsync(SharedVpc, "destroy", "--yes", "--delete-data", "--release-address");
        Assert.Contains("left: firewall rules duo-… projects/my-host-project/global/firewalls: cannot be looked at", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_account.Inventory, line => line.StartsWith("projects/my-service-project/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_subnet_that_is_not_what_the_spec_says_is_refused()
    {
        ShareVpc();
        Find("regions/us-central1/subnetworks/apps", "my-host-project")!.Body["ipCidrRange"] = "10.30.8.0/22";
        var run = await RefusedAsync(SharedVpc, Launch);
        Assert.Contains("its range is 10.30.8.0/22, the spec says 10.30.4.0/22", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _account.Dispose();

    private void ShareVpc()
    {
        const string Network = "projects/my-host-project/global/networks/shared";
        _account.Google.Compute.Plant(Network, new JsonObject { ["name"] = "shared" });
        _account.Google.Compute.Plant("projects/my-host-project/regions/us-central1/subnetworks/apps", new JsonObject
        {
            ["name"] = "apps",
            ["network"] = _account.Google.Compute.Root + Network,
            ["ipCidrRange"] = "10.30.4.0/22",
            ["privateIpGoogleAccess"] = true,
        });
        _account.Google.Secrets.Plant("projects/my-service-project/secrets/duo-activation-code", "code"u8.ToArray());
    }

    /// <summary>What gcloud makes of the command.</summary>
    private void MakeRule(string command)
    {
        var words = command.Split('\'')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string? Flag(string name) => Array.IndexOf(words, $"--{name}") is >= 0 and var at ? words[at + 1] : null;
        JsonArray? Values(string name) => Flag(name) is { } text ? new JsonArray([.. text.Split(',').Select(v => (JsonNode)v)]) : null;
        var ports = Flag("rules")!.Split(',').GroupBy(r => r.Split(':')[0]).Select(g => g.Key == "all"
            ? (JsonNode)new JsonObject { ["IPProtocol"] = "all" } : new JsonObject { ["IPProtocol"] = g.Key, ["ports"] = new JsonArray([.. g.Select(r => (JsonNode)r.Split(':')[1])]) });
        var body = new JsonObject
        {
            ["name"] = words[4],
            ["network"] = $"{_account.Google.Compute.Root}projects/my-host-project/global/networks/{Flag("network")}",
            ["direction"] = Flag("direction"),
            ["priority"] = int.Parse(Flag("priority")!, System.Globalization.CultureInfo.InvariantCulture),
            [Flag("action") == "DENY" ? "denied" : "allowed"] = new JsonArray([.. ports]),
            ["description"] = command.Split('\'')[1],
        };
        foreach (var (flag, key) in new[] { ("source-ranges", "sourceRanges"), ("source-tags", "sourceTags"), ("destination-ranges", "destinationRanges"), ("target-tags", "targetTags") })
        {
            if (Values(flag) is { } values)
                body[key] = values;
        }
        _account.Google.Compute.Plant($"projects/my-host-project/global/firewalls/{words[4]}", body);
    }

    private FakeThing? Find(string path, string project = "my-project") => _account.Google.Compute.Find($"projects/{project}/{path}");

    private async Task<BakerRun> DoneAsync(string spec, params string[] command)
    {
        var run = await _account.RunAsync(spec, command);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        return run;
    }

    private async Task<BakerRun> RefusedAsync(string spec, params string[] command)
    {
        var run = await _account.RunAsync(spec, command);
        Assert.True(run.Code == ExitCode.Refused, run.Error);
        return run;
    }
}
