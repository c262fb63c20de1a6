using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Baker.Tests.Support;

/// <summary>The tables of a page: each row by the heading of its section and the names of its columns.</summary>
public sealed partial record ManualTable(string Section, ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<string>> Rows)
{
    public static ImmutableArray<ManualTable> AllOf(ManualPage page)
    {
        var (tables, section, rows) = (ImmutableArray.CreateBuilder<ManualTable>(), "", ImmutableArray.CreateBuilder<ImmutableArray<string>>());
        foreach (var line in page.Prose().Select(l => l.Text).Append(""))
        {
            if (line.StartsWith('|'))
                rows.Add([.. Bar().Split(line)[1..^1].Select(c => c.Trim())]);
            else
            {
                // The first row names the columns, the second is the line below it.
                if (rows.Count > 2)
                    tables.Add(new(section, rows[0], [.. rows.Skip(2)]));
                rows.Clear();
                if (line.StartsWith('#'))
                    section = line.TrimStart('#').Trim();
            }
        }
        return tables.ToImmutable();
    }

    /// <summary>What a cell holds in backticks.</summary>
    public static IEnumerable<string> Code(string text) => Backticks().Matches(text).Select(m => m.Groups[1].Value);

    // Not one that is escaped.
    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bar();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Backticks();
}
