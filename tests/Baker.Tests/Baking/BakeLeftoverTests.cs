using Baker.Cli;
using Baker.Tests.Clouds.Live.Aws;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Baking;

/// <summary>What is named of a bake that ends in the middle of its Packer's clean-up. Titles: packer-plugin-amazon 1.8.2.</summary>
public sealed class BakeLeftoverTests : IDisposable
{
    private const string Says = """
        1,,ui,say,==> gateway.amazon-ebs.gateway: Creating temporary keypair: packer_6b0c8016
        1,,ui,say,==> gateway.amazon-ebs.gateway: Creating temporary instance profile for this instance: packer-6b0c8016
        1,,ui,say,==> gateway.amazon-ebs.gateway: Creating temporary role for this instance: packer-6b0c8016
        1,,ui,say,==> gateway.amazon-ebs.gateway: Instance ID: i-f9be3a9982a8612cd
        1,,ui,say,==> gateway.amazon-ebs.gateway: Waiting for SSH to become available...
        """;

    private readonly AwsFakeAccount _account = new();
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _error = new() { NewLine = "\n" };
    private readonly CancellationTokenSource _cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly CancellationTokenSource _atOnce = new();

    [Fact]
    public async Task A_second_signal_names_all_that_the_build_had_made_until_then()
    {
        var bake = Bake("trap : TERM\nwhile [ ! -e \"$here/end\" ]; do sleep 0.05; done");
        await SaysAsync();
        await _cancel.CancelAsync();
        await _atOnce.CancelAsync();
        var named = Named();
        _folder.File("end", "");
        Assert.Equal(ExitCode.Cancelled, await bake);
        Assert.Equal(
            ["builder i-f9be3a9982a8612cd; the next bake removes it", "instance profile packer-6b0c8016; it stays until you delete it: docs/images.md has the commands",
            "key pair packer_6b0c8016; the next bake removes it", "role packer-6b0c8016; it stays until you delete it: docs/images.md has the commands"], named);
    }

    [Fact]
    public async Task What_a_Packer_that_was_killed_leaves_in_IAM_is_named()
    {
        Assert.Equal(ExitCode.Refused, await Bake("exit 137"));
        Assert.Equal(
            ["instance profile packer-6b0c8016; it stays until you delete it: docs/images.md has the commands",
            "role packer-6b0c8016; it stays until you delete it: docs/images.md has the commands"], Named());
    }

    public void Dispose()
    {
        _account.Dispose();
        _folder.Dispose();
        _cancel.Dispose();
        _atOnce.Dispose();
        _error.Dispose();
    }

    private Task<int> Bake(string then)
    {
        _folder.File("baker.yaml", _account.Spec + "images: { builder: { access: ssm, subnet: subnet-0a1b2c3d4e5f67890 } }\n");
        _folder.File("says", Says + "\n");
        foreach (var (name, text) in new[]
        {
            ("session-manager-plugin", "exit 0"),
            ("packer", $"here=$(dirname \"$0\")\ncase $1 in\nversion) echo 'Packer v1.16.0' ;;\nbuild)\ncat \"$here/says\"\n{then}\nexit 1 ;;\nesac"),
        })
            File.SetUnixFileMode(_folder.File(name, $"#!/bin/bash\n{text}\n"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var world = new World(TextReader.Null, TextWriter.Null, TextWriter.Synchronized(_error), _folder.Path, UseColor: false)
        {
            Time = _account.Time,
            Open = _account.Open,
            Variable = name => name == "PATH" ? _folder.Path : null,
            AtOnce = _atOnce.Token,
        };
        return BakerCli.RunAsync(["bake", "baker.yaml", "--role", "gateway"], world, _cancel.Token);
    }

    private string[] Named() => [.. _error.ToString().Split('\n').Where(l => l.StartsWith("left behind: ", StringComparison.Ordinal)).Select(l => l["left behind: ".Length..]).Order(StringComparer.Ordinal)];

    private async Task SaysAsync()
    {
        for (var tries = 0; !Directory.Exists(Logs) || Directory.GetFiles(Logs) is not [var log] || !File.ReadAllText(log).Contains("Waiting for SSH", StringComparison.Ordinal); tries++)
        {
            Assert.True(tries < 3000, _error.ToString());
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private string Logs => Path.Combine(_folder.Path, "out", "duo", "packer", "logs");
}
