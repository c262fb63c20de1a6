using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Diagnostics;

/// <summary>Files that editors, copies and accidents make: read, or refused with one sentence.</summary>
public class UnusualSpecTests
{
    public static TheoryData<string> Names => [.. UnusualSpec.All.Select(s => s.Name)];

    public static TheoryData<string> Followed => [.. UnusualSpec.All.Where(s => s.Followed is not null).Select(s => s.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task Every_unusual_file_is_read_or_refused_with_its_diagnostic(string name)
    {
        var spec = UnusualSpec.All.Single(s => s.Name == name);
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "spec.yaml"), spec.Bytes, TestContext.Current.CancellationToken);
        var run = await BakerRun.InAsync(folder.Path, "", "validate", "spec.yaml");
        Assert.Equal(spec.Code is null ? 0 : 1, run.Code);
        Assert.StartsWith(spec.Code is null ? "spec.yaml is valid" : $"error {spec.Code}", run.Error, StringComparison.Ordinal);
        Assert.True(run.Error.Length < 3000, "the report is longer than a screen");
    }

    [Theory, MemberData(nameof(Followed))]
    public async Task A_followed_hint_leads_to_a_valid_file(string name)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "spec.yaml"), UnusualSpec.All.Single(s => s.Name == name).Followed!, TestContext.Current.CancellationToken);
        var run = await BakerRun.InAsync(folder.Path, "", "validate", "spec.yaml");
        Assert.True(run.Code == 0, run.Error);
    }

    [Fact]
    public async Task A_file_with_thousands_of_problems_gets_a_report_that_can_be_read()
    {
        using var folder = new TemporaryFolder();
        folder.File("spec.yaml", string.Concat(Enumerable.Range(0, 100_000).Select(i => $"k{i}: 1\n")));
        var run = await BakerRun.InAsync(folder.Path, "", "validate", "spec.yaml");
        Assert.Equal(1, run.Code);
        Assert.Contains("and 99904 more\n\n100004 errors\n", run.Error, StringComparison.Ordinal);
        Assert.True(run.Error.Length < 50_000);
    }

    [Fact]
    public async Task A_spec_may_come_from_a_pipe()
    {
        var text = await File.ReadAllTextAsync(Checkout.PathOf("examples", "aws.yaml"), TestContext.Current.CancellationToken);
        var run = await BakerRun.InAsync(null, text, "validate", "-");
        Assert.Equal(0, run.Code);
        Assert.EndsWith("\nnext: baker render -\n", run.Error, StringComparison.Ordinal);
    }
}
