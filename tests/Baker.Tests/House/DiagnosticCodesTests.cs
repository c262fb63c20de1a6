using System.Text.RegularExpressions;
using Baker.Tests.Stack.Roles.Gateway;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.House;

/// <summary>Every sentence has a code of its own, an example whose report is checked in, and a row in the manual.</summary>
public partial class DiagnosticCodesTests
{
    /// <summary>What no spec brings about as the tables are today, and who shows it.</summary>
    private static readonly Dictionary<string, string> ShownElsewhere = new()
    {
        ["BKR508"] = nameof(GatewayAdviceTests),
    };

    [Fact]
    public void No_two_sentences_share_a_code() => Assert.Empty(
        MessageFactory.All.GroupBy(f => f.Code).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(", ", g.Select(f => f.Name))}"));

    [Fact]
    public void Every_code_has_an_example()
    {
        var shown = Directory.EnumerateFiles(Golden.Folder("diagnostics"), "report.txt", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(Path.GetDirectoryName(f)!).StartsWith("BKR", StringComparison.Ordinal))
            .SelectMany(f => Code().Matches(File.ReadAllText(f)).Select(m => m.Value))
            .Concat(UnusualSpec.All.Select(s => s.Code).OfType<string>()).Concat(ShownElsewhere.Keys).ToHashSet();
        Assert.Empty(MessageFactory.All.Where(f => !shown.Contains(f.Code)).Select(f => $"{f.Code} {f.Name}"));
    }

    [Fact]
    public void Every_code_is_in_the_manual_with_its_severities()
    {
        var rows = ManualPage.Read("docs/diagnostics.md").Prose().Select(l => l.Text.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 6 && Code().IsMatch(cells[1])).ToDictionary(cells => cells[1], cells => cells[2]);
        Assert.Equal(MessageFactory.All.Select(f => f.Code).Order(StringComparer.Ordinal), rows.Keys);
        Assert.Empty(MessageFactory.All.Where(f => !Severities(rows[f.Code]).SetEquals(f.Messages.Select(m => m.Severity.ToString().ToLowerInvariant())))
            .Select(f => $"{f.Code} is not \"{rows[f.Code]}\""));
    }

    [Fact]
    public void Every_sentence_says_what_to_do() =>
        Assert.Empty(MessageFactory.All.Where(f => f.Messages.Any(m => string.IsNullOrWhiteSpace(m.Hint))).Select(f => f.Name));

    private static HashSet<string> Severities(string cell) => [.. Severity().Matches(cell).Select(m => m.Value)];

    [GeneratedRegex("BKR[0-9]{3}")]
    private static partial Regex Code();

    [GeneratedRegex("error|warning|note")]
    private static partial Regex Severity();
}
