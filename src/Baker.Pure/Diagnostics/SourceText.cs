namespace Baker.Diagnostics;

/// <summary>The spec file as lines, with the stretches that must never be printed.</summary>
public sealed class SourceText(string name, string text)
{
    private readonly string[] _lines = Split(text);
    private readonly HashSet<int> _secretLines = [];
    private readonly List<Spot> _secretSpots = [];

    /// <summary>The file name as the user wrote it.</summary>
    public string Name { get; } = name;

    public int LineCount => _lines.Length;

    /// <summary>Hides a stretch that turned out to be a secret; nothing of it is ever shown.</summary>
    public void Hide(Spot spot) => _secretSpots.Add(spot);

    /// <summary>Hides whole lines, first to last (a block of several lines that turned out to be a secret).</summary>
    public void HideLines(int first, int last)
    {
        for (var number = Math.Max(1, first); number <= Math.Min(last, LineCount); number++)
            _secretLines.Add(number);
    }

    public bool IsHidden(int number) => _secretLines.Contains(number);

    /// <summary>
    /// Line <paramref name="number"/> (from 1), fit for printing: secrets starred out, what would move the cursor or hide text as dots,
    /// tabs as blanks.
    /// </summary>
    public string Line(int number)
    {
        if (IsHidden(number))
            return HiddenLine;
        var line = Raw(number);
        foreach (var spot in _secretSpots.Where(s => s.Line == number && s.Column <= line.Length))
        {
            var end = (int)Math.Min(line.Length, spot.Column - 1L + spot.Length);
            line = string.Concat(line.AsSpan(0, spot.Column - 1), new string('*', end - spot.Column + 1), line.AsSpan(end));
        }
        return Printable.Text(line);
    }

    /// <summary>What is printed instead of a line that is a secret.</summary>
    internal const string HiddenLine = "  ********";

    /// <summary>A line as it stands in the file, for those who decide what to hide; empty beyond the last one.</summary>
    internal string Raw(int number) => number >= 1 && number <= _lines.Length ? _lines[number - 1] : "";

    // YAML ends lines at all of these, and its parser counts lines so.
    private static string[] Split(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Split(['\n', '\r', '\u0085', '\u2028', '\u2029']);
}
