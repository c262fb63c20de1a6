using System.Globalization;

namespace Baker.Diagnostics;

/// <summary>Prints diagnostics for people: the sentence, the place, the line before and the line itself, a caret with the hint.</summary>
public static class DiagnosticPrinter
{
    // Lines longer than this are cut around the caret, so that a minified file stays readable.
    private const int Widest = 140;

    // A file with more problems than this is no spec; its report would only scroll the first ones away.
    private const int Most = 100;

    // No path of a spec is longer; a longer one has a stray value for a key.
    private const int LongestPath = 100;

    public static void Print(TextWriter writer, SourceText source, IReadOnlyList<Diagnostic> diagnostics, bool useColor = false)
    {
        foreach (var diagnostic in diagnostics.Take(Most))
        {
            PrintOne(writer, source, diagnostic, useColor);
            writer.Write('\n');
        }
        if (diagnostics.Count > Most)
            writer.Write($"and {diagnostics.Count - Most} more\n\n");
        if (diagnostics.Count > 0)
            writer.Write($"{Summary(diagnostics)}\n");
    }

    /// <summary>For example <c>2 errors, 1 warning</c>.</summary>
    public static string Summary(IReadOnlyList<Diagnostic> diagnostics)
    {
        var parts = new[] { (Severity.Error, "error"), (Severity.Warning, "warning"), (Severity.Note, "note") }
            .Select(p => (Count: diagnostics.Count(d => d.Message.Severity == p.Item1), Word: p.Item2))
            .Where(p => p.Count > 0)
            .Select(p => $"{p.Count} {p.Word}{(p.Count == 1 ? "" : "s")}");
        return string.Join(", ", parts);
    }

    private static void PrintOne(TextWriter writer, SourceText source, Diagnostic diagnostic, bool useColor)
    {
        var (message, path, spot) = diagnostic;
        var severity = message.Severity.ToString().ToLowerInvariant();
        var place = path.Text.Length == 0 ? "" : $" at {Shown(path)}";
        var label = useColor ? $"\e[{Color(message.Severity)}m{severity} {message.Code}\e[0m" : $"{severity} {message.Code}";
        writer.Write($"{label}{place}: {Printable.Text(message.Text)}\n");
        var hint = Printable.Text(message.Hint ?? "");
        if (spot is { } at)
            PrintExcerpt(writer, source, at, hint);
        else
            writer.Write($"  --> {source.Name}\n{(hint.Length == 0 ? "" : $"   = {hint}\n")}");
    }

    private static void PrintExcerpt(TextWriter writer, SourceText source, Spot spot, string hint)
    {
        writer.Write($"  --> {source.Name}:{spot.Line}:{spot.Column}\n");
        var gutter = spot.Line.ToString(CultureInfo.InvariantCulture).Length;
        var start = Math.Max(0, spot.Column - 1 - (Widest / 2));
        for (var number = Math.Max(1, spot.Line - 1); number <= spot.Line; number++)
        {
            var line = $"   {number.ToString(CultureInfo.InvariantCulture).PadLeft(gutter)} | {Cut(source.Line(number), start)}";
            writer.Write(line.TrimEnd() + "\n");
        }
        var (indent, length) = source.IsHidden(spot.Line) ? Stars : Caret(source.Line(spot.Line), start, spot);
        writer.Write($"   {new string(' ', gutter)} | {new string(' ', indent)}{new string('^', length)} {hint}".TrimEnd() + "\n");
    }

    // Under a line that is hidden as a whole the caret marks what is printed instead.
    private static (int Indent, int Length) Stars => (SourceText.HiddenLine.LastIndexOf(' ') + 1, SourceText.HiddenLine.Trim().Length);

    // Columns count characters; a terminal gives some of them two columns and some none.
    private static (int Indent, int Length) Caret(string line, int start, Spot spot)
    {
        var from = Math.Min(line.Length, spot.Column - 1);
        var to = (int)Math.Min(Math.Min(line.Length, start + Widest), spot.Column - 1L + spot.Length);
        return (Printable.Width(line.AsSpan(Math.Min(start, from)..from)),
            Math.Max(1, to > from ? Printable.Width(line.AsSpan(from..to)) : 1));
    }

    // ANSI: bold red, bold yellow, bold cyan.
    private static string Color(Severity severity) =>
        severity switch { Severity.Error => "1;31", Severity.Warning => "1;33", _ => "1;36" };

    private static string Shown(SpecPath path) =>
        Printable.Text(path.Text.Length <= LongestPath ? path.Text : string.Concat(path.Text.AsSpan(0, LongestPath), "…"));

    private static string Cut(string line, int start) =>
        start >= line.Length ? "" : line.Length - start <= Widest ? line[start..] : string.Concat(line.AsSpan(start, Widest), "…");
}
