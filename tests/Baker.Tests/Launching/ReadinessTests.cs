using System.Text.Json;
using Baker.Cli;
using Baker.Clouds.Live;
using Baker.Launching;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>What is believed of a serial console.</summary>
public class ReadinessTests
{
    private static readonly string[] Roles = ["gitlab", "gateway", "ollama"];

    [Fact]
    public async Task A_stack_is_ready_when_all_its_machines_say_so()
    {
        using var account = await LaunchedAsync();
        SayAll(account, "ready");
        var run = await account.RunAsync(account.Spec, "launch", "--yes");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("GitLab: https://", run.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await account.RunAsync(account.Spec, "status")).Code);
    }

    [Fact]
    public async Task A_failed_machine_ends_the_wait_with_its_reason()
    {
        using var account = await LaunchedAsync();
        SayAll(account, "ready");
        account.Say("gitlab", "failed", reason: "http-401", step: "license");
        var began = account.Time.GetUtcNow();
        var run = await account.RunAsync(account.Spec, "start");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("duo-gitlab: failed: license (http-401)", run.Error, StringComparison.Ordinal);
        Assert.True(account.Time.GetUtcNow() - began < TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_stack_that_lacks_only_its_licence_is_done_and_says_what_is_missing()
    {
        using var account = await LaunchedAsync();
        SayAll(account, "ready");
        account.Say("gitlab", "waiting", reason: "licence", step: "licence");
        var run = await account.RunAsync(account.Spec, "launch", "--yes");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("duo-gitlab: waits for a licence", run.Error, StringComparison.Ordinal);
        // Not ready, for those who ask.
        Assert.Equal(ExitCode.Refused, (await account.RunAsync(account.Spec, "status")).Code);
    }

    [Fact]
    public async Task A_machine_that_goes_off_while_it_is_waited_for_ends_the_wait_soon()
    {
        using var account = await LaunchedAsync();
        SayAll(account, "retrying");
        var waiting = account.RunAsync(account.Spec, "start", "--timeout", "60");
        await account.ConsoleRead.Task;
        account.Machines["duo-ollama"] = account.Machines["duo-ollama"] with { State = MachineState.Stopped };
        var stopped = account.Time.GetUtcNow();
        var run = await waiting;
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("duo: a machine is not running any more\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("duo-ollama: stopped: model\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("duo: `baker launch` starts or makes it, and goes on waiting\n", run.Error, StringComparison.Ordinal);
        Assert.InRange(account.Time.GetUtcNow() - stopped, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task A_machine_that_is_off_for_a_moment_ends_nothing()
    {
        using var account = await LaunchedAsync();
        SayAll(account, "ready");
        account.Say("ollama", "retrying", reason: "network");
        var waiting = account.RunAsync(account.Spec, "start", "--timeout", "60");
        foreach (var state in (MachineState[])[MachineState.Stopped, MachineState.Running])
        {
            await Task.Delay(TimeSpan.FromMinutes(1), account.Time, TestContext.Current.CancellationToken);
            account.Machines["duo-ollama"] = account.Machines["duo-ollama"] with { State = state };
        }
        account.Say("ollama", "ready");
        Assert.Equal(ExitCode.Done, (await waiting).Code);
    }

    [Fact]
    public async Task A_time_limit_says_what_each_machine_was_doing()
    {
        using var account = await LaunchedAsync();
        SayAll(account, "ready");
        account.Say("ollama", "retrying", reason: "dns", step: "models");
        var run = await account.RunAsync(account.Spec, "launch", "--yes", "--timeout", "10");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("not ready after 10 minutes", run.Error, StringComparison.Ordinal);
        Assert.Contains("duo-ollama: retrying: models (dns)", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another", 0, "outdated")] // Other user-data than the spec renders to.
    [InlineData(null, -60, "silent")] // Written before the machine was last started.
    public async Task Lines_of_another_boot_or_digest_are_not_believed(string? digest, int minutes, string state)
    {
        using var account = await LaunchedAsync();
        SayAll(account, "ready");
        account.Say("ollama", "ready", digest: digest, minutes: minutes);
        var run = await account.RunAsync(account.Spec, "status", "--json");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Equal(state, StateOf(run.Out, "ollama"));
    }

    [Fact]
    public async Task What_a_machine_said_a_moment_before_it_was_started_is_not_believed()
    {
        using var account = await LaunchedAsync();
        await account.RunAsync(account.Spec, "stop");
        SayAll(account, "ready");
        await account.RunAsync(account.Spec, "start", "--no-wait");
        Assert.Equal("silent", StateOf((await account.RunAsync(account.Spec, "status", "--json")).Out, "gitlab"));
    }

    [Fact]
    public async Task A_machine_that_has_said_nothing_for_a_quarter_of_an_hour_is_unknown_never_ready()
    {
        using var account = await LaunchedAsync();
        SayAll(account, "ready");
        await Task.Delay(TimeSpan.FromMinutes(16), account.Time, TestContext.Current.CancellationToken);
        Assert.Equal("unknown", StateOf((await account.RunAsync(account.Spec, "status", "--json")).Out, "gitlab"));
    }

    [Fact]
    public void Torn_lines_and_other_peoples_output_are_passed_over()
    {
        var line = MemoryAccount.Line("gitlab", "ready", "d", DateTimeOffset.UnixEpoch);
        var text = $"[   12.3] kernel: BAKER {{\"role\":\"x\nBAKER {{}}\nBAKER null\nlogin: BAKER {line}\r\nBAKER {line[..20]}";
        var found = Assert.Single(ConsoleLine.In(text));
        Assert.Equal(("gitlab", "ready"), (found.Role, found.State));
    }

    [Fact]
    public void A_note_is_read_beside_what_the_line_says()
    {
        var line = MemoryAccount.Line("ollama", "ready", "d", DateTimeOffset.UnixEpoch);
        Assert.Null(Assert.Single(ConsoleLine.In("BAKER " + line)).Note);
        Assert.Equal("context 8192 of 16384 tokens", Assert.Single(ConsoleLine.In($"BAKER {line[..^1]},\"note\":\"context 8192 of 16384 tokens\"}}")).Note);
    }

    [Fact]
    public async Task Json_events_are_one_object_a_line()
    {
        using var account = await LaunchedAsync();
        SayAll(account, "ready");
        var run = await account.RunAsync(account.Spec, "launch", "--yes", "--json");
        var lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Contains(JsonDocument.Parse(line).RootElement.GetProperty("event").GetString(), new[] { "said", "progress" }));
    }

    private static async Task<MemoryAccount> LaunchedAsync()
    {
        var account = new MemoryAccount();
        Assert.Equal(ExitCode.Done, (await account.RunAsync(account.Spec, "launch", "--yes", "--no-wait")).Code);
        return account;
    }

    private static void SayAll(MemoryAccount account, string state)
    {
        foreach (var role in Roles)
            account.Say(role, state);
    }

    private static string? StateOf(string json, string role) => JsonDocument.Parse(json).RootElement.GetProperty("machines").EnumerateArray()
        .Single(m => m.GetProperty("role").GetString() == role).GetProperty("state").GetString();
}
