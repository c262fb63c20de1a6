using System.Collections.Immutable;
using System.Globalization;
using Baker.Embedded;

namespace Baker.Stack.Roles.Versions;

/// <summary>
/// What is known about versions, from a text file under <c>tables/</c>: lines that begin with # say what it is, then comes the day as of
/// which all
/// of it holds, then the names of the columns, then one fact a line, with where it is from and when it was seen there. Tests see to the
/// form.
/// </summary>
public sealed class FactTable
{
    private const string DateBegins = "as of ";

    private FactTable(string name)
        : this(name, EmbeddedFiles.Read($"tables/{name}.txt"))
    {
    }

    internal FactTable(string name, string text)
    {
        var lines = text.Split('\n').Where(l => l.Length > 0 && l[0] != '#').ToArray();
        Name = name;
        Date = lines[0][DateBegins.Length..];
        Columns = [.. Cells(lines[1])];
        Rows = [.. lines[2..].Select(l => new FactRow(Columns, [.. Cells(l)]))];
    }

    public static FactTable Releases { get; } = new("releases");

    public static FactTable GitLabAdvisories { get; } = new("gitlab-advisories");

    public static FactTable GatewayAdvisories { get; } = new("gateway-advisories");

    public static FactTable UpgradeStops { get; } = new("upgrade-stops");

    public static ImmutableArray<FactTable> All => [Releases, GitLabAdvisories, GatewayAdvisories, UpgradeStops];

    public string Name { get; }

    /// <summary>The day as of which it holds: year, month, day.</summary>
    public string Date { get; }

    public ImmutableArray<string> Columns { get; }

    public ImmutableArray<FactRow> Rows { get; }

    /// <summary>How old it is.</summary>
    public TimeSpan Age(DateTimeOffset now) =>
        now - DateTimeOffset.ParseExact(Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static string[] Cells(string line) => line.Split('|', StringSplitOptions.TrimEntries);
}

/// <summary>One fact.</summary>
public sealed record FactRow(ImmutableArray<string> Columns, ImmutableArray<string> Cells)
{
    public string this[string column] => Cells[Columns.IndexOf(column)];
}
