using System.Text.RegularExpressions;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.House;

public partial class ReadmeTests
{
    [Fact]
    public async Task The_report_it_shows_is_what_its_own_spec_with_that_mistake_gets()
    {
        var readme = Checkout.Read("README.md");
        using var folder = new TemporaryFolder();
        folder.File("baker.yaml", Whole().Match(readme).Groups[1].Value + "ollama:\n  modle: qwen3:8b\n");
        var run = await BakerRun.InAsync(folder.Path, "", "validate");
        Assert.Contains(Shown().Match(readme).Groups[1].Value, run.Error, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Whole();

    [GeneratedRegex(@"```text\n(error .*?)```", RegexOptions.Singleline)]
    private static partial Regex Shown();
}
