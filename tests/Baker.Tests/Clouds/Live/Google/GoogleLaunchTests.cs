using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google;
using Baker.Tests.Launching;
using Xunit;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>The same trials as of every cloud, over the real client and its wire format.</summary>
public sealed class GoogleLaunchTests : LaunchContract<GoogleAccountFake>
{
    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    [Fact]
    public async Task The_manuals_rights_allow_every_call()
    {
        using var account = new GoogleAccountFake();
        foreach (var spec in new[] { account.Spec, account.ChangedSpec, account.Larger, account.Closed, account.Spec })
            await DoneAsync(account, spec, Launch);
        await account.RunAsync(account.Spec, "status");
        await DoneAsync(account, account.Spec, "stop");
        await DoneAsync(account, account.Spec, "start", "--no-wait");
        await DoneAsync(account, account.Spec, "destroy", "--yes");
        await DoneAsync(account, account.Spec, Launch);
        await DoneAsync(account, account.Spec, "destroy", "--yes", "--delete-data", "--release-address");
        // An image that is named by its family.
        account.Google.Compute.Plant("projects/my-project/global/images/golden-1", new() { ["name"] = "golden-1", ["family"] = "golden", ["status"] = "READY" });
        await DoneAsync(account, account.Spec + "images: { gateway: projects/my-project/global/images/family/golden }\n", Launch);
        // The manual lists what is asked for: GoogleManualTests.
        var asked = GoogleRights.Needed(new GooglePlace("my-project", "asia-northeast1", null), null).SelectMany(n => n.Rights.Select(r => $"{n.Project}/{r}"));
        Assert.Empty(account.Google.Used.Where(r => r.StartsWith("my-project/", StringComparison.Ordinal)).Except(asked).Order(StringComparer.Ordinal));
    }

    /// <summary>Named in full, or by the name alone where it is in the stack's own project.</summary>
    [Theory, InlineData("projects/my-project/global/networks/", "projects/my-project/regions/asia-northeast1/subnetworks/"), InlineData("", "")]
    public async Task In_a_network_of_ones_own_a_second_launch_changes_nothing_either(string network, string subnet)
    {
        using var account = new GoogleAccountFake();
        const string Link = "projects/my-project/global/networks/shared";
        account.Google.Compute.Plant(Link, new() { ["name"] = "shared" });
        account.Google.Compute.Plant("projects/my-project/regions/asia-northeast1/subnetworks/apps",
            new() { ["name"] = "apps", ["network"] = account.Google.Compute.Root + Link, ["ipCidrRange"] = "10.77.0.0/16", ["privateIpGoogleAccess"] = true });
        var spec = account.Spec.Replace("gitlab:\n", "gitlab:\n  address: 10.77.0.10\n", StringComparison.Ordinal)
            + "gateway: { address: 10.77.0.20 }\nollama: { address: 10.77.0.30 }\n"
            + $"network: {{ existing: {{ network: {network}shared, subnet: {{ id: {subnet}apps, cidr: 10.77.0.0/16 }} }} }}\n";
        await DoneAsync(account, spec, Launch);
        Assert.Contains("no change", await DoneAsync(account, spec, Launch), StringComparison.Ordinal);
        account.Google.Compute.Remove("projects/my-project/global/firewalls/duo-gitlab-443");
        Assert.Contains("  ~ network: firewall rule duo-gitlab-443 is not there", await DoneAsync(account, spec, Launch), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_GPU_beside_the_same_machine_type_is_said_and_comes_with_a_new_machine()
    {
        using var account = new GoogleAccountFake();
        var without = account.Spec + "ollama: { gpu: none }\n";
        await DoneAsync(account, account.Spec, Launch);
        var said = await DoneAsync(account, without, Launch);
        Assert.Contains("! machine duo-ollama: GPU 1 × nvidia-tesla-t4 16 GB becomes none (ollama.gpu); only a new machine can do that: --replace ollama", said, StringComparison.Ordinal);
        await DoneAsync(account, without, [.. Launch, "--replace", "ollama"]);
        var again = await DoneAsync(account, without, Launch);
        Assert.Contains("no change", again, StringComparison.Ordinal);
        Assert.DoesNotContain("only a new machine", again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_takes_Hyperdisk_only_gets_it_for_its_data_too_and_another_machine_is_refused_beforehand()
    {
        using var account = new GoogleAccountFake();
        var spec = account.Spec.Replace("gitlab:\n", "gitlab:\n  machine: n4-standard-4\n", StringComparison.Ordinal);
        await DoneAsync(account, spec, Launch);
        Assert.All(account.Google.Compute.Things.Where(t => t.Kind == "disks" && t.Name.StartsWith("duo-gitlab", StringComparison.Ordinal) && t.Text("type") is not null),
            d => Assert.EndsWith("/diskTypes/hyperdisk-balanced", d.Text("type"), StringComparison.Ordinal));
        Assert.Contains("no change", await DoneAsync(account, spec, Launch), StringComparison.Ordinal);
        var refused = await account.RunAsync(account.Spec, [.. Launch, "--replace", "gitlab"]);
        Assert.Equal(Baker.Cli.ExitCode.Refused, refused.Code);
        Assert.Contains("the data disk duo-gitlab-data is of type hyperdisk-balanced, and c2-standard-4 takes none of that type. `baker destroy` keeps a snapshot of it, "
            + "from which the next launch makes one of type pd-balanced", refused.Error, StringComparison.Ordinal);
        await DoneAsync(account, spec, "destroy", "--yes", "--release-address");
        await DoneAsync(account, account.Spec, Launch);
    }

    [Fact]
    public async Task A_machine_with_a_local_ssd_stops()
    {
        using var account = new GoogleAccountFake();
        var spec = account.Spec + "ollama: { machine: a2-ultragpu-1g }\n";
        await DoneAsync(account, spec, Launch);
        await DoneAsync(account, spec, "stop");
        await DoneAsync(account, spec, "start", "--no-wait");
    }

    [Theory, InlineData("PREMIUM"), InlineData("STANDARD")]
    public async Task An_address_of_ones_own_keeps_its_network_tier(string tier)
    {
        using var account = new GoogleAccountFake();
        account.Google.Compute.Plant("projects/my-project/regions/asia-northeast1/addresses/web",
            new() { ["name"] = "web", ["addressType"] = "EXTERNAL", ["status"] = "RESERVED", ["networkTier"] = tier });
        var spec = account.Spec.Replace("gitlab:\n", "gitlab:\n  public_address: web\n", StringComparison.Ordinal);
        await DoneAsync(account, spec, Launch);
        // And taken from a machine that stands.
        account.LoosenedByHand.First(d => d.Says.StartsWith("public address", StringComparison.Ordinal)).Do();
        account.Google.Compute.Find("projects/my-project/regions/asia-northeast1/addresses/web")!.Body.Remove("users");
        await DoneAsync(account, spec, Launch);
        Assert.Contains("no change", await DoneAsync(account, spec, Launch), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Destroy_keeps_a_last_snapshot_and_the_next_launch_goes_on_from_it()
    {
        using var account = new GoogleAccountFake();
        await DoneAsync(account, account.Larger, Launch);
        await DoneAsync(account, account.Spec, "destroy", "--yes", "--release-address");
        var snapshot = Assert.Single(account.Google.Compute.Things, t => t.Kind == "snapshots");
        // In the stack's region: an organisation may forbid every other place, and the fake's does.
        Assert.Equal("asia-northeast1", Assert.Single(snapshot.Body["storageLocations"]!.AsArray())!.ToString());
        // A snapshot that somebody's schedule took, with the labels of its disk.
        var scheduled = (System.Text.Json.Nodes.JsonObject)snapshot.Body.DeepClone();
        (scheduled["name"], scheduled["description"]) = ("scheduled", "by a schedule");
        account.Google.Compute.Plant("projects/my-project/global/snapshots/scheduled", scheduled);
        await DoneAsync(account, account.Spec + "tags: { stage: kept }\n", Launch);
        Assert.Equal("kept", (string?)snapshot.Body["labels"]!["stage"]);
        Assert.All(account.Google.Secrets.Bodies.Where(b => b["name"]!.ToString().Contains("/baker-duo-", StringComparison.Ordinal)), b => Assert.Equal("asia-northeast1", (string?)b["replication"]!["userManaged"]!["replicas"]![0]!["location"]));
        var disk = account.Google.Compute.Find("projects/my-project/zones/asia-northeast1-a/disks/duo-gitlab-data")!;
        Assert.Equal((snapshot.Path, "80"), (FakeCompute.Path(disk.Text("sourceSnapshot")!), disk.Text("sizeGb")));
        await DoneAsync(account, account.Spec, "destroy", "--yes", "--delete-data", "--release-address");
        Assert.Equal("scheduled", Assert.Single(account.Google.Compute.Things, t => t.Kind == "snapshots").Name);
    }
}
