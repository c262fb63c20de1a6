using System.Text.Json.Nodes;
using Baker.Cli;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>What only Google refuses is found before anything is made, or at least before a machine runs.</summary>
public sealed class GoogleBeforehandTests : IDisposable
{
    private const string Account = "duo-gitlab@my-project.iam.gserviceaccount.com";
    private const string Web = "projects/my-project/regions/asia-northeast1/addresses/web";
    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    private readonly GoogleAccountFake _account = new();

    [Theory]
    [InlineData(null, "looking at the external address web: there is none of that name in asia-northeast1")]
    [InlineData("""{"addressType":"INTERNAL","address":"10.0.0.9"}""", "it is an internal address")]
    [InlineData("""{"addressType":"EXTERNAL","users":["https://www.googleapis.com/compute/v1/projects/my-project/zones/asia-northeast1-a/instances/web"]}""",
        "the external address web is in use by projects/my-project/zones/asia-northeast1-a/instances/web; take it from there")]
    public Task An_address_that_cannot_be_had(string? address, string words)
    {
        if (address is not null)
        {
            var body = JsonNode.Parse(address)!.AsObject();
            body["name"] = "web";
            _account.Google.Compute.Plant(Web, body);
        }
        return RefusedBeforehandAsync(_account.Spec.Replace("gitlab:\n", "gitlab:\n  public_address: web\n", StringComparison.Ordinal), words);
    }

    [Fact]
    public Task A_service_account_that_is_not_there()
    {
        _account.Google.Accounts.Missing.Add(Account);
        return RefusedBeforehandAsync(_account.Spec, $"there is no service account {Account}: gcloud iam service-accounts create duo-gitlab --project my-project");
    }

    [Fact]
    public Task A_service_account_that_is_disabled()
    {
        _account.Google.Accounts.Disabled.Add(Account);
        return RefusedBeforehandAsync(_account.Spec, $"gcloud iam service-accounts enable {Account} --project my-project");
    }

    [Fact]
    public Task A_service_account_that_one_may_not_act_as()
    {
        _account.Google.Accounts.NotActAs.Add(Account);
        return RefusedBeforehandAsync(_account.Spec, $"you may not act as {Account} (iam.serviceAccounts.actAs), so that no machine can have it");
    }

    [Theory]
    [InlineData("compute.vmExternalIpAccess", """[{"denyAll":true}]""", "an external address for duo-gitlab: write `public_address: none`")]
    [InlineData("compute.vmExternalIpAccess", """[{"values":{"allowedValues":["projects/my-project/zones/asia-northeast1-a/instances/other"]}}]""", "an external address for duo-gitlab")]
    [InlineData("compute.trustedImageProjects", """[{"values":{"allowedValues":["projects/golden"]}}]""", "images of ubuntu-os-cloud: let it trust ubuntu-os-cloud")]
    [InlineData("compute.restrictCloudNATUsage", """[{"denyAll":true}]""", "a Cloud NAT for the stack's subnet")]
    [InlineData("compute.requireVpcFlowLogs", """[{"values":{"allowedValues":["ESSENTIAL"]}}]""", "subnets without flow logs")]
    [InlineData("gcp.resourceLocations", """[{"values":{"allowedValues":["in:us-locations","in:europe-west1-locations"]}}]""", "anything in asia-northeast1")]
    [InlineData("gcp.resourceLocations", """[{"values":{"deniedValues":["in:asia-locations"]}}]""", "anything in asia-northeast1")]
    public Task A_policy_of_the_organisation(string constraint, string rules, string words)
    {
        _account.Google.Policies.Rules[constraint] = JsonNode.Parse(rules)!.AsArray();
        return RefusedBeforehandAsync(_account.Spec + "images: stock\n", $"the organisation's policy constraints/{constraint} does not allow {words}");
    }

    [Theory]
    [InlineData("gcp.resourceLocations", """[{"values":{"allowedValues":["in:asia-northeast1-locations"]}}]""")]
    [InlineData("compute.vmExternalIpAccess", """[{"values":{"allowedValues":["projects/my-project/zones/asia-northeast1-a/instances/duo-gitlab"]}}]""")]
    [InlineData("compute.trustedImageProjects", """[{"values":{"allowedValues":["is:projects/ubuntu-os-cloud"]}}]""")]
    public async Task A_policy_that_allows_it_holds_up_nothing(string constraint, string rules)
    {
        _account.Google.Policies.Rules[constraint] = JsonNode.Parse(rules)!.AsArray();
        var run = await DoneAsync(_account.Spec + "images: stock\n", "doctor");
        Assert.DoesNotContain("polic", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gcp.resourceLocations", """[{"values":{"allowedValues":["in:low-carbon-locations"]}}]""")]
    [InlineData("compute.vmExternalIpAccess", """[{"denyAll":true,"condition":{"expression":"resource.matchTag('1/env', 'prod')"}}]""")]
    [InlineData("compute.trustedImageProjects", """[{"values":{"allowedValues":["under:folders/7"]}}]""")]
    public async Task What_only_Google_can_tell_of_a_policy_is_named_as_not_checked(string constraint, string rules)
    {
        _account.Google.Policies.Rules[constraint] = JsonNode.Parse(rules)!.AsArray();
        var run = await DoneAsync(_account.Spec + "images: stock\n", "doctor");
        Assert.Contains($"not checked: whether the organisation's policy constraints/{constraint} allows ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_one_may_not_look_at_is_named_as_not_checked()
    {
        _account.Google.Denied.UnionWith(["my-project/orgpolicy.policy.get", "my-project/iam.serviceAccounts.get"]);
        var run = await DoneAsync(_account.Spec, "doctor");
        Assert.Contains("not checked: the organisation's policies (403 ", run.Out, StringComparison.Ordinal);
        Assert.Contains($"not checked: whether the service account {Account} is there (403 ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_serial_console_that_a_policy_closes_is_a_note()
    {
        _account.Google.Policies.Rules["compute.disableSerialPortAccess"] = [new JsonObject { ["enforce"] = true }];
        Assert.Contains("note: the organisation's policy constraints/compute.disableSerialPortAccess does not allow", (await DoneAsync(_account.Spec, "doctor")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_and_grants_come_before_the_first_machine()
    {
        await DoneAsync(_account.Spec, Launch);
        var log = _account.Google.Log;
        var machine = log.FindIndex(c => c.StartsWith("POST ", StringComparison.Ordinal) && c.Split('?')[0].EndsWith("/instances", StringComparison.Ordinal));
        Assert.InRange(log.FindLastIndex(c => c.StartsWith("POST ", StringComparison.Ordinal) && c.Contains(":setIamPolicy", StringComparison.Ordinal)), 0, machine);
        Assert.InRange(log.FindIndex(c => c.Contains("/addresses/duo-gitlab/setLabels", StringComparison.Ordinal)), 0, machine);
    }

    /// <summary>IAM needs a while to know of an account everywhere.</summary>
    [Fact]
    public async Task A_grant_to_an_account_that_was_just_made_is_tried_again()
    {
        var refused = 0;
        _account.Google.Refuses = (method, _, _) => method.Id.EndsWith(".setIamPolicy", StringComparison.Ordinal) && ++refused <= 3 ? Unknown : null;
        await DoneAsync(_account.Spec, Launch);
        Assert.InRange(refused, 4, int.MaxValue);
        Assert.Contains("no change", (await DoneAsync(_account.Spec, Launch)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_nobody_knows_ends_the_launch_before_a_machine_runs()
    {
        _account.Google.Refuses = (method, _, _) => method.Id.EndsWith(".setIamPolicy", StringComparison.Ordinal) ? Unknown : null;
        var run = await RefusedAsync(_account.Spec);
        Assert.Contains($"Service account {Account} does not exist.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_account.Google.Compute.Things, t => t.Kind == "instances");
    }

    [Fact]
    public async Task A_launch_that_did_not_get_through_says_what_stands()
    {
        _account.Google.Refuses = (method, _, body) => method.Id == "instances.insert" && body!["name"]!.ToString() == "duo-gateway" ? FakeAnswer.Invalid("not today") : null;
        var run = await RefusedAsync(_account.Spec);
        Assert.Contains("machine duo-ollama (n1-standard-4 with 1 × nvidia-tesla-t4 16 GB)", run.Error, StringComparison.Ordinal);
        foreach (var thing in new[] { "data disk duo-gitlab-data (50 GB)", "public address duo-gitlab (203.0.113.", "router with NAT duo. It is billed until `baker destroy`" })
            Assert.Contains(thing, run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _account.Dispose();

    private static FakeAnswer Unknown => FakeAnswer.Newer(400, "INVALID_ARGUMENT", $"Service account {Account} does not exist.");

    private async Task RefusedBeforehandAsync(string spec, string words)
    {
        var doctor = await _account.RunAsync(spec, "doctor");
        Assert.Equal(ExitCode.Refused, doctor.Code);
        Assert.Contains(words, doctor.Out, StringComparison.Ordinal);
        Assert.Contains(words, (await RefusedAsync(spec)).Error, StringComparison.Ordinal);
        Assert.Empty(_account.Writes);
    }

    private async Task<BakerRun> RefusedAsync(string spec)
    {
        var run = await _account.RunAsync(spec, Launch);
        Assert.True(run.Code == ExitCode.Refused, run.Error);
        return run;
    }

    private async Task<BakerRun> DoneAsync(string spec, params string[] command)
    {
        var run = await _account.RunAsync(spec, command);
        Assert.True(run.Code == ExitCode.Done, run.Out + run.Error);
        return run;
    }
}
