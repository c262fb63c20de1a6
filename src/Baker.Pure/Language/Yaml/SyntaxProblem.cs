using Baker.Diagnostics;
using Baker.Language.Shapes;
using Baker.Language.Values;
using YamlDotNet.Core;

namespace Baker.Language.Yaml;

/// <summary>What the parser refused, in words for whoever wrote the file.</summary>
internal static class SyntaxProblem
{
    public static (Spot At, Message Message) Of(YamlException problem, SourceText source)
    {
        if (FindTab(problem, source) is { } tab)
            return (tab, YamlMessages.Tab());
        if (FindUnseen(problem, source) is { } unseen)
            return (unseen.At, YamlMessages.ControlCharacter(Printable.CodeOf(unseen.Found), "the line"));
        if (FindLookalike(problem, source) is { } other)
            return (other.At, YamlMessages.Lookalike(other.Found));
        if (FindPlaceholder(problem, source) is { } placeholder)
            return (placeholder, ShapeMessages.Placeholder("{{ … }}"));
        var at = new Spot((int)Math.Clamp(problem.Start.Line, 1, source.LineCount), Math.Max(1, (int)problem.Start.Column), 1);
        return (at, YamlMessages.Syntax(ParserWords(problem.Message)));
    }

    // The parser says where the section began, not where the tab is.
    private static Spot? FindTab(YamlException problem, SourceText source)
    {
        for (var number = (int)problem.Start.Line; number <= source.LineCount
            && problem.Message.Contains("tab", StringComparison.Ordinal); number++)
        {
            var line = source.Raw(number);
            var column = line.IndexOf('\t', StringComparison.Ordinal);
            if (column >= 0 && line.AsSpan(0, column).Trim().IsEmpty)
                return new Spot(number, column + 1, 1);
        }
        return null;
    }

    /// <summary>What YAML itself reads. An apostrophe or a dash is more often a part of a text.</summary>
    private const string Syntax = " :,\"{}[]";

    private static (Spot At, Lookalike Found)? FindLookalike(YamlException problem, SourceText source)
    {
        foreach (var (number, line) in Lines(problem, source))
        {
            if (Lookalike.Find(line, Syntax) is { } found)
                return (new Spot(number, line.IndexOf(found.Seen, StringComparison.Ordinal) + 1, 1), found);
        }
        return null;
    }

    private static (Spot At, char Found)? FindUnseen(YamlException problem, SourceText source)
    {
        foreach (var (number, line) in Lines(problem, source))
        {
            var at = line.AsSpan().IndexOfAnyExcept(Printable.Plain);
            while (at >= 0 && at < line.Length && Printable.IsSeen(line[at]))
                at++;
            if (at >= 0 && at < line.Length && line[at] != '\t')
                return (new Spot(number, at + 1, 1), line[at]);
        }
        return null;
    }

    private static Spot? FindPlaceholder(YamlException problem, SourceText source)
    {
        foreach (var (number, line) in Lines(problem, source))
        {
            if (Placeholder.FindBare(line))
                return new Spot(number, line.IndexOf("{{", StringComparison.Ordinal) + 1, 2);
        }
        return null;
    }

    // The parser goes on to the next colon, or to the end, before it gives up. Comments do no harm.
    private static IEnumerable<(int Number, string Line)> Lines(YamlException problem, SourceText source)
    {
        var last = (int)Math.Clamp(Math.Max(problem.Start.Line, problem.End.Line), 1, source.LineCount);
        for (var number = Math.Max(1, (int)problem.Start.Line - 1); number <= last; number++)
        {
            var line = source.Raw(number).TrimEnd('\r');
            var comment = line.IndexOf('#', StringComparison.Ordinal);
            yield return (number, comment < 0 ? line : line[..comment]);
        }
    }

    // A parser's message may quote what it choked on; only its first sentence, and only words of the parser, are shown.
    private static string ParserWords(string message)
    {
        var line = message.Split('\n')[0].TrimEnd('.', ' ');
        var quote = line.IndexOfAny(['\'', '"']);
        line = quote > 0 ? line[..quote].TrimEnd() : line;
        return line.Length == 0 ? "unexpected text" : char.ToLowerInvariant(line[0]) + line[1..];
    }
}
