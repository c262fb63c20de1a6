using System.Text.RegularExpressions;
using Baker.Cli;
using Baker.Stack.Roles.GitLab;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>Who changes first on a stack that runs.</summary>
public partial class ChangeOrderTests
{
    private static readonly string[] Launch = ["launch", "--yes"];

    [Theory]
    [InlineData("ready", null, "duo")]
    [InlineData("waiting", "licence", "licence")]
    [InlineData("retrying", "gateway", "gateway")]
    [InlineData("failed", "duo", "duo")]
    public async Task The_gateway_takes_its_change_when_GitLab_is_up_in_the_new_version(string state, string? reason, string step)
    {
        using var account = await RunningAsync();
        account.Changed = machine =>
        {
            if (machine.Name == "duo-gateway")
                account.Say("gitlab", "ready");
            account.Say(machine.Name[4..], machine.Name == "duo-gitlab" ? state : "ready", reason, step);
        };
        var run = await account.RunAsync(Later(account), Launch);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Matches("~ machine duo-gateway: new user-data.*, after duo-gitlab\n", run.Error);
        Assert.Equal(["~ machine duo-gitlab", "~ machine duo-gateway"], Changes(account));
    }

    [Theory]
    [InlineData("failed", "upgrade-path", "backup")]
    [InlineData("running", null, "backup")]
    public async Task The_gateway_keeps_its_version_where_GitLab_keeps_its_own_also_when_launch_is_called_again(string state, string? reason, string step)
    {
        using var account = await RunningAsync();
        account.Changed = machine => account.Say(machine.Name[4..], state, reason, step);
        for (var time = 0; time < 2; time++)
        {
            var run = await account.RunAsync(Later(account), [.. Launch, "--timeout", "10"]);
            Assert.Equal(ExitCode.Refused, run.Code);
            Assert.Contains("duo-gateway: keeps its last user-data", run.Error, StringComparison.Ordinal);
            Assert.Contains($"duo-gitlab: {state}: {step}", run.Error, StringComparison.Ordinal);
            Assert.Equal(["~ machine duo-gitlab"], Changes(account));
        }
    }

    [Theory]
    [InlineData("waiting", "dns", "dns")]
    [InlineData("running", null, "reconfigure")]
    public async Task Nobody_waits_for_a_GitLab_that_has_not_been_up_yet(string state, string? reason, string step)
    {
        using var account = await RunningAsync();
        account.Say("gitlab", state, reason, step);
        var run = await account.RunAsync(Later(account), [.. Launch, "--timeout", "10"]);
        Assert.DoesNotContain("after duo-gitlab", run.Error, StringComparison.Ordinal);
        Assert.Equal(["~ machine duo-gateway", "~ machine duo-gitlab"], Changes(account).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_launch_that_does_not_wait_changes_both_at_once()
    {
        using var account = await RunningAsync();
        var run = await account.RunAsync(Later(account), [.. Launch, "--no-wait"]);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.DoesNotContain("after duo-gitlab", run.Error, StringComparison.Ordinal);
        Assert.Equal(["~ machine duo-gateway", "~ machine duo-gitlab"], Changes(account).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void GitLabs_last_steps_are_those_of_its_machine()
    {
        var steps = Steps().Matches(MachineScripts.Source("gitlab/configure/configure.sh")).Select(m => m.Groups[1].Value).ToArray();
        Assert.Equal(GitLabRole.ChangesFirst.Last, steps[^GitLabRole.ChangesFirst.Last.Length..]);
        Assert.Equal("gitlab", steps[^(GitLabRole.ChangesFirst.Last.Length + 1)]);
        Assert.Contains($"step once {GitLabRole.ChangesFirst.Beginning} ", MachineScripts.Source("gitlab/install/install.sh"), StringComparison.Ordinal);
    }

    private static async Task<MemoryAccount> RunningAsync()
    {
        var account = new MemoryAccount();
        Assert.Equal(ExitCode.Done, (await account.RunAsync(Earlier(account), [.. Launch, "--no-wait"])).Code);
        foreach (var role in (string[])["gitlab", "gateway", "ollama"])
            account.Say(role, "ready");
        return account;
    }

    private static IEnumerable<string> Changes(MemoryAccount account) => account.Deeds.Where(d => d.StartsWith('~'));

    /// <summary>An earlier minor version of GitLab, so that the gateway's image is another one too.</summary>
    private static string Earlier(MemoryAccount account) => Version(account, "19.3.9");

    private static string Later(MemoryAccount account) => Version(account, "19.4.8");

    private static string Version(MemoryAccount account, string version) => account.Spec.Replace("gitlab:\n", $"gitlab:\n  version: {version}\n", StringComparison.Ordinal);

    [GeneratedRegex("^step (?:once|start) ([a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex Steps();
}
