using Baker.Cli;
using Baker.Stack.Roles.GitLab;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>Which version a stack has after a launch: the one that runs, unless somebody asked for another.</summary>
public class VersionMoveTests
{
    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    [Theory]
    [InlineData("")]
    [InlineData("version: '19.4'")]
    public async Task A_version_that_is_not_written_in_full_stays_as_it_runs(string written)
    {
        using var account = await RunningAsync("19.4.4");
        var run = await account.RunAsync(Spec(account, written), Launch);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains($"note: GitLab stays at 19.4.4, since the spec names no version in full; {GitLabReleases.Default} is known: --upgrade takes it", run.Error, StringComparison.Ordinal);
        Assert.Contains("no change", run.Error, StringComparison.Ordinal);
        Assert.Equal("19.4.4", account.Machines["duo-gitlab"].Release);
    }

    [Fact]
    public async Task Other_changes_reach_a_stack_whose_version_stays()
    {
        using var account = await RunningAsync("19.4.4");
        var run = await account.RunAsync(Spec(account, "") + "duo: { seats: [root, jane] }\n", Launch);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("~ machine duo-gitlab: new user-data", run.Error, StringComparison.Ordinal);
        Assert.Equal("19.4.4", account.Machines["duo-gitlab"].Release);
    }

    [Theory]
    [InlineData("")]
    [InlineData("version: '19.4'")]
    public async Task Upgrade_takes_what_is_known(string written)
    {
        using var account = await RunningAsync("19.4.4");
        var run = await account.RunAsync(Spec(account, written), [.. Launch, "--upgrade"]);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.DoesNotContain("stays at", run.Error, StringComparison.Ordinal);
        Assert.Equal(GitLabReleases.Default, account.Machines["duo-gitlab"].Release);
        Assert.Contains("no change", (await account.RunAsync(Spec(account, written), Launch)).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version: 19.4.8")]
    [InlineData("version: '19.4'")]
    public async Task Another_minor_in_the_spec_was_asked_for(string written)
    {
        using var account = await RunningAsync("19.3.9");
        Assert.Equal(ExitCode.Done, (await account.RunAsync(Spec(account, written), Launch)).Code);
        Assert.Equal("19.4.8", account.Machines["duo-gitlab"].Release);
        Assert.Equal("19.4.1", account.Machines["duo-gateway"].Release);
    }

    [Fact]
    public async Task The_gateway_stays_too_and_goes_with_GitLabs_minor()
    {
        using var account = await RunningAsync("19.3.9");
        account.Machines["duo-gateway"] = account.Machines["duo-gateway"] with { Release = "19.3.1" };
        var kept = await account.RunAsync(Spec(account, "version: 19.3.9"), Launch);
        Assert.Contains("note: the gateway stays at 19.3.1, since the spec names no image; 19.3.2 is known: --upgrade takes it", kept.Error, StringComparison.Ordinal);
        Assert.Contains("warning: gateway 19.3.1, which runs: users of Agent Platform run code (CVE-2026-90970", kept.Error, StringComparison.Ordinal);
        Assert.Equal("19.3.1", account.Machines["duo-gateway"].Release);
        await account.RunAsync(Spec(account, "version: 19.4.8"), Launch);
        Assert.Equal("19.4.1", account.Machines["duo-gateway"].Release);
    }

    [Fact]
    public async Task What_runs_is_newer_than_this_Baker_and_stays_also_with_upgrade()
    {
        using var account = await RunningAsync("19.4.99");
        foreach (var more in new string[][] { [], ["--upgrade"] })
        {
            var run = await account.RunAsync(Spec(account, ""), [.. Launch, .. more]);
            Assert.Contains("no change", run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("stays at", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_unsafe_version_that_runs_is_said_and_a_good_one_is_welcome()
    {
        using var account = await RunningAsync("19.4.8");
        Runs(account, "19.4.1");
        var kept = await account.RunAsync(Spec(account, ""), Launch);
        Assert.Contains("warning: GitLab 19.4.1, which runs: strangers run code (CVE-2026-97229, CVE-2026-110264, as of ", kept.Error, StringComparison.Ordinal);
        Assert.Equal("19.4.1", account.Machines["duo-gitlab"].Release);
        var mended = await account.RunAsync(Spec(account, "version: 19.4.8"), Launch);
        Assert.Equal(ExitCode.Done, mended.Code);
        Assert.Equal("19.4.8", account.Machines["duo-gitlab"].Release);
    }

    /// <summary>Errors about versions concern making, and this is making: what may stay while it runs is not made once more.</summary>
    [Theory]
    [InlineData("19.4.1", "", "strangers run code (CVE-2026-97229, CVE-2026-110264, as of ", "write `version: 19.4.8` under gitlab")]
    [InlineData("19.4.1", "version: '19.4'", "strangers run code (CVE-2026-97229, CVE-2026-110264, as of ", "write `version: 19.4.8` under gitlab")]
    [InlineData("18.10.2", "", "strangers run code, strangers change and delete projects (", "write `version: 18.11.13` under gitlab, with a gateway.image of 18.11")]
    [InlineData("18.4.0", "", "strangers run code, strangers change and delete projects (",
        "first write `version: 18.5.N` under gitlab, with a gateway.image of 18.5 and `evaluation: true`, as strangers can attack that one too")]
    public async Task An_unsafe_version_that_runs_is_not_made_anew(string runs, string written, string why, string hint)
    {
        using var account = await RunningAsync("19.4.8");
        Runs(account, runs);
        account.Machines["duo-gateway"] = account.Machines["duo-gateway"] with { Release = runs };
        account.Deeds.Clear();
        string[] replace = [.. Launch, "--replace", "gitlab"];
        var run = await account.RunAsync(Spec(account, written), replace);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains($"duo-gitlab would be made anew with {runs}: {why}", run.Error, StringComparison.Ordinal);
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
        Assert.Empty(account.Deeds);
        // Others are made anew beside it, and a trial may do as it likes.
        Assert.DoesNotContain("would be made anew with", (await account.RunAsync(Spec(account, written), [.. Launch, "--replace", "ollama"])).Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await account.RunAsync(Spec(account, written) + "evaluation: true\n", replace)).Code);
    }

    [Fact]
    public async Task An_unsafe_gateway_that_runs_is_not_made_anew()
    {
        using var account = await RunningAsync("19.3.9");
        account.Machines["duo-gateway"] = account.Machines["duo-gateway"] with { Release = "19.3.1" };
        account.Deeds.Clear();
        var run = await account.RunAsync(Spec(account, "version: 19.3.9"), [.. Launch, "--replace", "gateway"]);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("duo-gateway would be made anew with 19.3.1: users of Agent Platform run code (CVE-2026-90970", run.Error, StringComparison.Ordinal);
        Assert.Contains("write gateway.image with the tag self-hosted-v19.3.2-ee", run.Error, StringComparison.Ordinal);
        Assert.Empty(account.Deeds);
        Assert.Equal(ExitCode.Done, (await account.RunAsync(Spec(account, "version: 19.3.9"), [.. Launch, "--replace", "gateway", "--upgrade"])).Code);
        Assert.Equal("19.3.2", account.Machines["duo-gateway"].Release);
    }

    [Fact]
    public async Task A_gateway_that_is_written_fits_the_GitLab_that_stays()
    {
        using var account = await RunningAsync("19.3.9");
        account.Deeds.Clear();
        var spec = Spec(account, "") + "gateway: { image: 'gitlab/model-gateway:self-hosted-v19.4.1-ee' }\n";
        var run = await account.RunAsync(spec, Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("GitLab stays at 19.3.9, since the spec names no version in full, and gateway.image is 19.4.1, of another minor: write `version: 19.3.9` under gitlab and a gateway of 19.3, or say --upgrade", run.Error, StringComparison.Ordinal);
        Assert.Empty(account.Deeds);
        Assert.Equal(ExitCode.Done, (await account.RunAsync(spec, [.. Launch, "--upgrade"])).Code);
        Assert.Equal("19.4.8", account.Machines["duo-gitlab"].Release);
    }

    /// <summary>Of GitLab 19.5 no gateway is known. Without an image in the spec one without a tag would be pulled: whatever is the latest.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("other")]
    [InlineData("gone")]
    public async Task A_GitLab_that_stays_has_a_gateway_that_is_known(string? gateway)
    {
        using var account = await RunningAsync("19.4.8");
        Runs(account, "19.5.9");
        if (gateway == "gone")
            account.Machines.Remove("duo-gateway");
        else
            account.Machines["duo-gateway"] = account.Machines["duo-gateway"] with { Release = gateway };
        account.Deeds.Clear();
        foreach (var more in new string[][] { [], ["--upgrade"] })
        {
            var run = await account.RunAsync(Spec(account, ""), [.. Launch, .. more]);
            Assert.Equal(ExitCode.Refused, run.Code);
            Assert.Contains("GitLab stays at 19.5.9, and Baker does not know which gateway goes with it: write gateway.image", run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("would get other", run.Error, StringComparison.Ordinal);
        }
        Assert.Empty(account.Deeds);
        Assert.Equal(ExitCode.Done, (await account.RunAsync(Spec(account, "version: 19.5.9") + "gateway: { image: 'gitlab/model-gateway:self-hosted-v19.5.2-ee' }\n", Launch)).Code);
    }

    [Theory]
    [InlineData("18.11.13", "version: 19.4.8", "an upgrade to 19.4.8 must not pass over 19.2: first write `version: 19.2.9`")]
    [InlineData("18.10.1", "version: 19.2.9", "an upgrade to 19.2.9 must not pass over 18.11: first write `version: 18.11.13`")]
    [InlineData("19.4.8", "version: 19.3.9", "GitLab 19.4.8 runs, and does not go back to 19.3.9 with its data")]
    [InlineData("19.5.9", "version: '19.4'", "GitLab 19.5.9 runs, and does not go back to 19.4.8 with its data")]
    public async Task What_GitLab_does_not_do_is_refused_before_anything_stops(string runs, string written, string says)
    {
        using var account = await RunningAsync("19.4.8");
        Runs(account, runs);
        account.Deeds.Clear();
        var run = await account.RunAsync(Spec(account, written), Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Empty(account.Deeds);
    }

    [Fact]
    public async Task Upgrade_does_not_pass_over_a_stop_either()
    {
        using var account = await RunningAsync("19.4.8");
        Runs(account, "18.11.13");
        var run = await account.RunAsync(Spec(account, ""), [.. Launch, "--upgrade"]);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("must not pass over 19.2", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_may_go_back_to_a_backup()
    {
        using var account = await RunningAsync("19.4.8");
        var run = await account.RunAsync(Spec(account, "version: 19.3.9"), [.. Launch, "--downgrade"]);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal("19.3.9", account.Machines["duo-gitlab"].Release);
    }

    [Fact]
    public async Task A_machine_that_does_not_say_what_it_runs_is_not_moved_unasked()
    {
        using var account = await RunningAsync("19.4.4");
        account.Machines["duo-gitlab"] = account.Machines["duo-gitlab"] with { Release = null };
        account.Deeds.Clear();
        var run = await account.RunAsync(Spec(account, ""), Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("nothing says which version duo-gitlab runs, and it would get 19.4.8: write gitlab.version in full, or say --upgrade", run.Error, StringComparison.Ordinal);
        Assert.Empty(account.Deeds);
        Assert.Equal(ExitCode.Done, (await account.RunAsync(Spec(account, "version: 19.4.4"), Launch)).Code);
    }

    [Theory]
    [InlineData("version: 19.4.1")]
    [InlineData("version: 19.3.4")]
    [InlineData("version: 19.2.3")]
    [InlineData("version: 19.6.1")]
    [InlineData("version: '19.5'")]
    [InlineData("version: '19.9'")]
    [InlineData("version: 17.7.7", "gateway: { image: 'gitlab/model-gateway:self-hosted-v19.4.0-ee' }")]
    public async Task Commands_on_what_is_there_work_on_every_version(string written, string rest = "")
    {
        using var account = await RunningAsync("19.4.8");
        var spec = Spec(account, written) + rest + "\n";
        Assert.Equal(ExitCode.SpecWrong, (await account.RunAsync(spec, Launch)).Code);
        foreach (var command in new string[][] { ["status"], ["verify"], ["stop"], ["start", "--no-wait"], ["destroy", "--yes", "--delete-data", "--release-address"] })
        {
            var run = await account.RunAsync(spec, command);
            Assert.True(run.Code is not ExitCode.SpecWrong, $"{command[0]}: {run.Error}");
            Assert.DoesNotContain("BKR", run.Error, StringComparison.Ordinal);
        }
        Assert.Empty(account.Machines);
    }

    [Fact]
    public async Task Status_follows_what_runs_and_not_what_this_Baker_would_make()
    {
        using var account = await RunningAsync("19.4.4");
        foreach (var role in (string[])["gitlab", "gateway", "ollama"])
            account.Say(role, "ready");
        var run = await account.RunAsync(Spec(account, ""), "status");
        Assert.True(run.Code == ExitCode.Done, run.Out);
    }

    /// <summary>A stack whose GitLab has this version, made by a spec that writes it in full or by an earlier Baker.</summary>
    private static async Task<MemoryAccount> RunningAsync(string version)
    {
        var account = new MemoryAccount();
        var run = await account.RunAsync(Spec(account, $"version: {version}"), Launch);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        return account;
    }

    /// <summary>As if an earlier Baker had made it, which took this version.</summary>
    private static void Runs(MemoryAccount account, string version) => account.Machines["duo-gitlab"] = account.Machines["duo-gitlab"] with { Release = version };

    private static string Spec(MemoryAccount account, string written) => account.Spec.Replace("gitlab:\n", $"gitlab:\n  {written}\n", StringComparison.Ordinal);
}
