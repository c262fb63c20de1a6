using Baker.Baking;
using Xunit;

namespace Baker.Tests.Baking;

/// <summary>Lines as Packer 1.6.6 writes them, with what the machine's own scripts print in between.</summary>
public sealed class BuildFollowerTests
{
    [Fact]
    public void The_step_is_what_Packer_said_last_and_what_the_machine_adds()
    {
        var follower = Follow(
            "1795536288,,ui,say,==> ollama.amazon-ebs.ollama: Provisioning with shell script: /out/duo/packer/install.sh",
            """1795536288,,ui,message,    ollama.amazon-ebs.ollama: {"role":"ollama"%!(PACKER_COMMA)"step":"models"%!(PACKER_COMMA)"state":"running"%!(PACKER_COMMA)"done":"43%"%!(PACKER_COMMA)"try":1}""");
        Assert.Equal("Provisioning with shell script: /out/duo/packer/install.sh", follower.Progress.Step);
        Assert.Equal("models running 43%", follower.Progress.Install);
    }

    [Fact]
    public void Cleaning_up_does_not_hide_the_step_that_failed()
    {
        var follower = Follow(
            "1795536288,,ui,say,==> ollama.amazon-ebs.ollama: Waiting for SSH to become available...",
            "1795536289,,ui,error,==> ollama.amazon-ebs.ollama: Timeout waiting for SSH.",
            "1795536289,,ui,say,==> ollama.amazon-ebs.ollama: Terminating the source AWS instance...",
            "1795536289,,ui,say,==> ollama.amazon-ebs.ollama: Cleaning up any extra volumes...",
            "1795536289,,ui,say,==> ollama.amazon-ebs.ollama: No volumes to clean up%!(PACKER_COMMA) skipping",
            "1795536289,,ui,say,==> ollama.amazon-ebs.ollama: Deleting temporary keypair...",
            @"1795536289,,ui,error,Build 'ollama.amazon-ebs.ollama' errored after 15 minutes: Timeout waiting for SSH.",
            @"1795536289,,ui,say,\n==> Wait completed after 15 minutes",
            "1795536289,,error-count,1");
        Assert.Equal("Waiting for SSH to become available...", follower.Progress.Step);
        Assert.Contains("Timeout waiting for SSH.", follower.LastLines);
    }

    [Fact]
    public void What_other_programs_write_is_kept_and_is_no_step()
    {
        var follower = Follow("1795536288,,ui,say,==> ollama.amazon-ebs.ollama: Stopping the source instance...", "panic: runtime error, in a plugin");
        Assert.Equal("Stopping the source instance...", follower.Progress.Step);
        Assert.Equal("panic: runtime error, in a plugin", follower.LastLines.Last());
    }

    [Fact]
    public void Only_the_last_lines_are_kept() => Assert.Equal(
        Enumerable.Range(26, 15).Select(i => $"line {i}"), Follow([.. Enumerable.Range(1, 40).Select(i => $"1795536288,,ui,message,    gitlab.googlecompute.gitlab: line {i}")]).LastLines);

    private static BuildFollower Follow(params string[] lines)
    {
        var follower = new BuildFollower("ollama", TextWriter.Null, () => { });
        follower.Enter("building");
        foreach (var line in lines)
            PackerTalk.Tell(line, follower);
        return follower;
    }
}
