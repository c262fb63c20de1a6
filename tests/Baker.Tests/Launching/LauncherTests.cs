using System.Text;
using Baker.Cli;
using Baker.Clouds.Live;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>What the launcher decides by itself: order, zones, refusals, secrets.</summary>
public class LauncherTests
{
    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    [Fact]
    public async Task The_scarce_machine_comes_first_and_nat_after_it()
    {
        using var account = new MemoryAccount();
        Assert.Equal(ExitCode.Done, (await account.RunAsync(account.Spec, Launch)).Code);
        var deeds = account.Deeds;
        Assert.True(deeds.IndexOf("+ machine duo-ollama zone-a") < deeds.IndexOf("+ nat duo"));
        Assert.True(deeds.IndexOf("+ address duo-gitlab") < deeds.IndexOf("+ machine duo-gitlab zone-a"));
        Assert.True(deeds.FindIndex(d => d.StartsWith("+ secret", StringComparison.Ordinal)) < deeds.FindIndex(d => d.StartsWith("+ machine", StringComparison.Ordinal)));
        Assert.True(deeds.IndexOf("+ disk duo-gitlab-data") < deeds.IndexOf("+ machine duo-gitlab zone-a"));
    }

    [Fact]
    public async Task A_zone_without_the_scarce_machine_is_left_for_the_next()
    {
        using var account = new MemoryAccount();
        account.SoldOut.Add("zone-a");
        var run = await account.RunAsync(account.Spec, Launch);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("zone-a has no g4dn.xlarge left; trying the next zone", run.Error, StringComparison.Ordinal);
        Assert.All(account.Machines.Values, m => Assert.Equal("zone-b", m.Zone));
        Assert.Contains("disk duo-gitlab-data zone-b", account.Inventory);
    }

    [Fact]
    public async Task When_no_zone_has_it_the_launch_says_so_and_makes_no_other_machine()
    {
        using var account = new MemoryAccount();
        account.SoldOut.UnionWith(["zone-a", "zone-b"]);
        var run = await account.RunAsync(account.Spec, Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("making duo-ollama: sold out", run.Error, StringComparison.Ordinal);
        Assert.Empty(account.Machines);
    }

    [Fact]
    public async Task A_problem_that_is_seen_before_stops_a_launch_before_anything_is_made()
    {
        using var account = new MemoryAccount { Preflight = new Preflight(["no Elastic IP is left: release one"], ["GPU quota: no right to ask"], ["NAT costs by the hour"]) };
        var run = await account.RunAsync(account.Spec, Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Empty(account.Deeds);
        Assert.Contains("no Elastic IP is left: release one", run.Error, StringComparison.Ordinal);
        Assert.Contains("not checked: GPU quota", run.Error, StringComparison.Ordinal);
        Assert.Contains("note: NAT costs by the hour", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_yes_and_without_anybody_to_ask_nothing_is_made()
    {
        using var account = new MemoryAccount();
        var run = await account.RunAsync(account.Spec, "launch");
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Empty(account.Deeds);
    }

    [Fact]
    public async Task What_takes_a_new_machine_is_said_and_done_only_when_it_is_allowed()
    {
        using var account = new MemoryAccount();
        await account.RunAsync(account.Spec, Launch);
        var moved = account.Spec + "gateway: { address: 10.77.1.21 }\n";
        var refused = await account.RunAsync(moved, Launch);
        Assert.Contains("! machine duo-gateway: address 10.77.1.20 becomes 10.77.1.21 (gateway.address or network.cidr); only a new machine can do that: --replace gateway", refused.Error, StringComparison.Ordinal);
        Assert.Equal("10.77.1.20", account.Machines["duo-gateway"].Address);
        account.Deeds.Clear();
        Assert.Equal(ExitCode.Done, (await account.RunAsync(moved, [.. Launch, "--replace", "gateway"])).Code);
        Assert.Equal(["- machine duo-gateway", "+ machine duo-gateway zone-a"], account.Deeds.Where(d => d.Contains("machine", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_password_is_made_once_kept_and_never_said()
    {
        using var account = new MemoryAccount();
        var first = await account.RunAsync(account.Spec, Launch);
        var (location, value) = account.Secrets.Single();
        var password = Encoding.UTF8.GetString(value);
        Assert.Equal(24, password.Length);
        Assert.DoesNotContain(password, first.Error + first.Out, StringComparison.Ordinal);
        Assert.Contains($"memory read {location}", first.Error, StringComparison.Ordinal);
        await account.RunAsync(account.Spec, Launch);
        Assert.Equal(password, Encoding.UTF8.GetString(account.Secrets[location]));
    }

    [Fact]
    public async Task Destroy_without_delete_data_keeps_a_snapshot_and_the_secrets()
    {
        using var account = new MemoryAccount();
        await account.RunAsync(account.Spec, Launch);
        var run = await account.RunAsync(account.Spec, "destroy", "--yes", "--release-address");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("kept as snapshot snapshot-1", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, account.Inventory.Length);
        Assert.StartsWith("secret /baker/duo/", account.Inventory[0], StringComparison.Ordinal);
        Assert.Equal("snapshot duo-gitlab-data", account.Inventory[1]);
    }
}
