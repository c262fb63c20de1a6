using Baker.Cli;
using Baker.Tests.Clouds.Live.Aws;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Baking;

/// <summary>What stops a bake before anything is made.</summary>
public sealed class BakeRefusalTests
{
    [Fact]
    public async Task Without_Packer_it_is_said_which_is_needed_and_where_it_is()
    {
        var run = await BakeAsync(null);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("packer is not on PATH, and images are built by Packer 1.10.0 or newer", run.Error, StringComparison.Ordinal);
        Assert.Contains("https://developer.hashicorp.com/packer/install", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo 'Packer v1.6.6'; echo; echo 'Your version of Packer is out of date!'", "is Packer 1.6.6, and 1.10.0 or newer is needed")]
    [InlineData("exit 1", "does not say its version")]
    public async Task A_Packer_that_is_too_old_is_refused(string script, string complaint)
    {
        var run = await BakeAsync(script);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains(complaint, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Packers_own_words_about_a_wrong_file_are_shown()
    {
        var run = await BakeAsync("if [ $1 = version ]; then echo 'Packer v1.14.0'; elif [ $1 = validate ]; then echo 'Error: Unsupported argument' >&2; exit 1; fi");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("packer validate failed:", run.Error, StringComparison.Ordinal);
        Assert.Contains("  Error: Unsupported argument", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_by_which_Packer_reaches_a_builder_must_be_there()
    {
        var run = await BakeAsync("echo 'Packer v1.14.0'", "images: { builder: { access: ssm, subnet: subnet-0a1b2c3d4e5f67890 } }\n");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("session-manager-plugin", run.Error, StringComparison.Ordinal);
    }

    private static async Task<BakerRun> BakeAsync(string? packer, string more = "")
    {
        using var account = new AwsFakeAccount();
        using var folder = new TemporaryFolder();
        if (packer is not null)
            File.SetUnixFileMode(folder.File("packer", $"#!/bin/sh\n{packer}\n"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        account.Path = folder.Path;
        return await account.RunAsync(account.Spec + more, "bake");
    }
}
