using Baker.Stack.Roles.Versions;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Diagnostics;

/// <summary>One folder per sentence the tool can say about a spec: the smallest spec that provokes it, and the whole report.</summary>
public class DiagnosticGoldenTests
{
    /// <summary>What stands for a secret in these specs.</summary>
    private const string Secret = "hunter2";

    public static TheoryData<string> Cases =>
        [.. Directory.EnumerateDirectories(Golden.Folder("diagnostics")).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Cases))]
    public async Task Every_report_is_as_checked_in(string name)
    {
        var folder = Golden.Folder("diagnostics", name);
        var run = await BakerRun.InAsync(folder, "", "validate", "spec.yaml");
        Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
        if (name.StartsWith("BKR", StringComparison.Ordinal))
            Assert.Contains(name[..6], run.Error, StringComparison.Ordinal);
        Golden.Check(Undated(run.Error), "diagnostics", name, "report.txt");
    }

    /// <summary>A table that was looked through again changes no report.</summary>
    internal static string Undated(string report) => FactTable.All.Aggregate(report, (text, table) => text.Replace(table.Date, "<date>", StringComparison.Ordinal));

    [Theory, InlineData("BKR001-secret-near"), InlineData("BKR104-did-you-mean"), InlineData("BKR704-no-instance-profile"), InlineData("several-at-once")]
    public async Task The_report_for_programs_is_as_checked_in(string name)
    {
        var run = await BakerRun.InAsync(Golden.Folder("diagnostics", name), "", "validate", "spec.yaml", "--json");
        Assert.DoesNotContain(Secret, run.Out, StringComparison.Ordinal);
        Assert.Empty(run.Error);
        Golden.Check(Undated(run.Out), "diagnostics", name, "report.json");
    }
}
