using System.Globalization;

namespace Baker.Diagnostics;

/// <summary>Prints diagnostics for people: the sentence, the place, the line before and the line itself, a caret with the hint.</summary>
public static class DiagnosticPrinter
{
    // Lines longer than this are cut around the caret, so that a minified file stays readable.
    private const int Widest = 140;

    public static void Print(TextWriter writer, SourceText source, IReadOnlyList<Diagnostic> diagnostics, bool useColor = false)
    {
        foreach (var diagnostic in diagnostics)
        {
            PrintOne(writer, source, diagnostic, useColor);
            writer.Write('\n');
        }
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
        var place = path.Text.Length == 0 ? "" : $" at {path}";
        var label = useColor ? $"\e[{Color(message.Severity)}m{severity} {message.Code}\e[0m" : $"{severity} {message.Code}";
        writer.Write($"{label}{place}: {message.Text}\n");
        if (spot is not { } s)
        {
            writer.Write($"  --> {source.Name}\n");
            if (message.Hint is { } hint)
                writer.Write($"   = {hint}\n");
            return;
        }
        writer.Write($"  --> {source.Name}:{s.Line}:{s.Column}\n");
        var gutter = s.Line.ToString(CultureInfo.InvariantCulture).Length;
        var start = Math.Max(0, s.Column - 1 - (Widest / 2));
        for (var number = Math.Max(1, s.Line - 1); number <= s.Line; number++)
            writer.Write($"   {number.ToString(CultureInfo.InvariantCulture).PadLeft(gutter)} | {Cut(source.Line(number), start)}".TrimEnd() + "\n");
        var caret = new string(' ', s.Column - 1 - start) + new string('^', Math.Clamp(s.Length, 1, Widest));
        writer.Write($"   {new string(' ', gutter)} | {caret} {message.Hint}".TrimEnd() + "\n");
    }

    // ANSI: bold red, bold yellow, bold cyan.
    private static string Color(Severity severity) => severity switch { Severity.Error => "1;31", Severity.Warning => "1;33", _ => "1;36" };

    private static string Cut(string line, int start) =>
        start >= line.Length ? "" : line.Length - start <= Widest ? line[start..] : string.Concat(line.AsSpan(start, Widest), "…");
}
