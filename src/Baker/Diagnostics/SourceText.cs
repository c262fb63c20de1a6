namespace Baker.Diagnostics;

/// <summary>The spec file as lines, with the stretches that must never be printed.</summary>
public sealed class SourceText(string name, string text)
{
    private readonly string[] _lines = [.. text.Split('\n').Select(l => l.TrimEnd('\r'))];
    private readonly HashSet<int> _secretLines = [];
    private readonly List<Spot> _secretSpots = [];

    /// <summary>The file name as the user wrote it.</summary>
    public string Name { get; } = name;

    public int LineCount => _lines.Length;

    /// <summary>Hides a stretch that turned out to be a secret; nothing of it is ever shown.</summary>
    public void Hide(Spot spot) => _secretSpots.Add(spot);

    /// <summary>Hides whole lines, first to last (a block of several lines that turned out to be a secret).</summary>
    public void HideLines(int first, int last) => _secretLines.UnionWith(Enumerable.Range(first, Math.Max(0, last - first + 1)));

    /// <summary>Line <paramref name="number"/> (from 1), fit for printing: secrets starred out, control characters as dots, tabs as blanks.</summary>
    public string Line(int number)
    {
        if (_secretLines.Contains(number))
            return "  ********";
        var line = _lines[number - 1];
        foreach (var spot in _secretSpots.Where(s => s.Line == number && s.Column <= line.Length))
        {
            var end = (int)Math.Min(line.Length, spot.Column - 1L + spot.Length);
            line = string.Concat(line.AsSpan(0, spot.Column - 1), new string('*', end - spot.Column + 1), line.AsSpan(end));
        }
        return string.Create(line.Length, line, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = source[i] == '\t' ? ' ' : char.IsControl(source[i]) ? '·' : source[i];
        });
    }
}
