using Baker.Cli;
using Baker.Clouds.Live;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>What the launcher does by itself about room for machines with a GPU, on any cloud.</summary>
public sealed class CapacityTests
{
    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    [Theory, InlineData(false), InlineData(true)]
    public async Task Room_is_kept_before_a_machine_is_given_up_and_given_back_after_it(bool replaces)
    {
        using var account = await LaunchedAsync();
        account.IsContested = true;
        account.Deeds.Clear();
        await DoneAsync(account, account.ChangedSpec, replaces ? [.. Launch, "--replace", "ollama"] : Launch);
        string[] deeds = [.. account.Deeds.Where(d => d.Contains("ollama", StringComparison.Ordinal) && !d.Contains("secret", StringComparison.Ordinal))];
        Assert.Equal("+ reservation duo-ollama", account.Writes[0]);
        Assert.Equal(replaces ? ["+ reservation duo-ollama", "- machine duo-ollama", "+ machine duo-ollama zone-a", "- reservation duo-ollama"]
            : ["+ reservation duo-ollama", "~ machine duo-ollama", "- reservation duo-ollama"], deeds);
    }

    [Fact]
    public async Task A_first_launch_goes_round_the_zones_until_one_has_room()
    {
        using var account = new MemoryAccount();
        account.SoldOut.UnionWith(["zone-a", "zone-b"]);
        account.FreedAfter = 4;
        Assert.Contains("duo-ollama: no g4dn.xlarge is left just now (try 2); again in a minute, until ", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
        Assert.All(account.Machines.Values, m => Assert.Equal("zone-b", m.Zone));
    }

    [Fact]
    public async Task A_schedule_that_stops_a_stack_is_warned_and_not_asked()
    {
        using var account = await LaunchedAsync();
        Assert.Contains("duo-ollama gives its g4dn.xlarge back: zone-a may have none left when it is to start again.", await DoneAsync(account, account.Spec, "stop"), StringComparison.Ordinal);
        Assert.DoesNotContain("back", await DoneAsync(account, account.Spec, "stop"), StringComparison.Ordinal);
        account.SoldOut.Add("zone-a");
        var start = await account.RunAsync(account.Spec, "start", "--no-wait", "--timeout", "5");
        Assert.Equal(ExitCode.Refused, start.Code);
        Assert.Contains("duo-ollama found no room in 5 minutes", start.Error, StringComparison.Ordinal);
        Assert.Contains("machine duo-gitlab (c6i.xlarge)", start.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_room_is_kept_for_is_done_only_by_who_says_so()
    {
        using var account = await LaunchedAsync();
        account.KeepsNoRoom = new CloudException(CloudFailure.Quota, "reserving", "one is too many", "ask for more");
        account.Deeds.Clear();
        var refused = await account.RunAsync(account.ChangedSpec, Launch);
        Assert.Equal(ExitCode.Refused, refused.Code);
        Assert.Contains("duo-ollama is left as it is, as no room can be kept for it: reserving: one is too many\n  ask for more\n  `--risk-capacity`", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(account.Deeds, d => !d.Contains("lock", StringComparison.Ordinal));
        Assert.Contains("no room is kept for it: reserving", await DoneAsync(account, account.ChangedSpec, [.. Launch, "--risk-capacity"]), StringComparison.Ordinal);
    }

    private static async Task<MemoryAccount> LaunchedAsync()
    {
        var account = new MemoryAccount();
        await DoneAsync(account, account.Spec, Launch);
        return account;
    }

    private static async Task<string> DoneAsync(MemoryAccount account, string spec, params string[] command)
    {
        var run = await account.RunAsync(spec, command);
        Assert.True(run.Code == ExitCode.Done, $"{string.Join(' ', command)}: exit code {run.Code}\n{run.Error}");
        return run.Error;
    }
}
