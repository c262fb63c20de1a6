using Baker.Tests.Launching;
using Baker.Tests.Verifying;
using Xunit;

namespace Baker.Tests.Cli;

/// <summary>Warnings and notes are said where something is made of a spec, and not again by every look at what is there.</summary>
public sealed class AdviceTests
{
    private const string Note = "note BKR626 at ollama.models";

    [Theory]
    [InlineData("doctor")]
    [InlineData("launch", "--yes", "--no-wait")]
    public async Task Commands_that_make_something_say_all_there_is_to_say(params string[] command)
    {
        using var account = new MemoryAccount();
        Assert.Contains(Note, (await account.RunAsync(account.Spec, command)).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("verify")]
    [InlineData("stop")]
    [InlineData("start", "--no-wait")]
    [InlineData("destroy", "--yes")]
    public async Task Commands_on_what_is_there_say_what_is_wrong_alone(params string[] command)
    {
        using var account = new MemoryAccount();
        await account.RunAsync(account.Spec, "launch", "--yes", "--no-wait");
        Assert.DoesNotContain("BKR", (await account.RunAsync(account.Spec, command)).Error, StringComparison.Ordinal);
        // What stops the command is said, and that alone.
        var wrong = (await account.RunAsync(account.Spec + "wrong: 1\n", command)).Error;
        Assert.Contains("error BKR", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("note BKR", wrong, StringComparison.Ordinal);
    }

    /// <summary>They are asked by the GitLab VM, and from anywhere else the way to them may be another.</summary>
    [Fact]
    public async Task Doctor_names_what_an_online_licence_asks_and_who_tries_it()
    {
        using var account = new MemoryAccount();
        const string Hosts = "not checked: whether the GitLab VM will reach customers.gitlab.com cloud.gitlab.com duo-workflow-svc.runway.gitlab.net/h2 on port 443";
        Assert.Contains(Hosts, (await account.RunAsync(account.Spec, "doctor")).Out, StringComparison.Ordinal);
        var offline = account.Spec.Replace("activation_code:", "file:", StringComparison.Ordinal);
        Assert.NotEqual(account.Spec, offline);
        Assert.DoesNotContain("customers.gitlab.com", (await account.RunAsync(offline, "doctor")).Out, StringComparison.Ordinal);
    }

    /// <summary>A VM that runs has tried: its word counts, not what this desk could find out.</summary>
    [Theory]
    [InlineData("ready", null, null, "ok: the GitLab VM has reached: customers.gitlab.com cloud.gitlab.com duo-workflow-svc.runway.gitlab.net/h2 on port 443")]
    [InlineData("ready", null, "not reached: cloud.gitlab.com", "note: the GitLab VM says: not reached: cloud.gitlab.com: a name server, a firewall or a proxy")]
    [InlineData("waiting", "http-407", "not reached: cloud.gitlab.com: the proxy answers 407", "note: the GitLab VM says: not reached: cloud.gitlab.com: the proxy answers 407")]
    [InlineData("running", null, null, "not checked: whether the GitLab VM will reach")]
    public async Task Doctor_asks_a_GitLab_that_runs_what_it_has_reached(string state, string? reason, string? note, string said)
    {
        await using var rig = await VerifyRig.StartAsync();
        rig.Say("gitlab", state, reason is null ? "duo" : "vendor", reason, reason is null ? null : note, reason is null ? note : null);
        Assert.Contains($"\n{said}", "\n" + (await rig.Account.RunAsync(rig.Spec, "doctor")).Out, StringComparison.Ordinal);
    }
}
