using Baker.Cli;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Cli;

public sealed class PolicyTests
{
    private static readonly string Example = Checkout.Read("examples", "identities.yaml");

    [Theory]
    [InlineData("launch"), InlineData("identity", "--identities"), InlineData("boundary", "--boundary"), InlineData("dns", "--dns"), InlineData("bake", "--bake"), InlineData("gitlab", "--vm", "gitlab"), InlineData("ollama", "--vm", "ollama")]
    public async Task It_prints_what_render_writes(string file, params string[] options)
    {
        using var folder = new TemporaryFolder();
        folder.File("baker.yaml", Example);
        Assert.Equal(ExitCode.Done, (await BakerRun.InAsync(folder.Path, "", "render", "baker.yaml", "--out", "out")).Code);
        var printed = await BakerRun.InAsync(folder.Path, "", ["policy", "baker.yaml", .. options]);
        Assert.True(printed.Code == ExitCode.Done, printed.Error);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder.Path, "out", "policy", $"{file}.json"), TestContext.Current.CancellationToken), printed.Out);
        Assert.Empty(printed.Error);
    }

    [Theory]
    [InlineData("aws.yaml", "a launch makes no identities for this spec", "--identities"), InlineData("aws.yaml", "a launch makes no identity for gateway", "--vm", "gateway")]
    [InlineData("gcp.yaml", "on Google Cloud there is no policy to print: rights are roles there"), InlineData("local.yaml", "there is no policy to print"), InlineData("identities.yaml", "one policy at a time", "--dns", "--bake")]
    public async Task Where_there_is_none_it_says_why(string example, string says, params string[] options)
    {
        var run = await BakerRun.InAsync(null, Checkout.Read("examples", example), ["policy", "-", .. options]);
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }
}
