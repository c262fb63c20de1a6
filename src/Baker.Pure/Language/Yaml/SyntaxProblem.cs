using Baker.Diagnostics;
using YamlDotNet.Core;

namespace Baker.Language.Yaml;

/// <summary>What the parser refused, in words for whoever wrote the file.</summary>
internal static class SyntaxProblem
{
    public static (Spot At, Message Message) Of(YamlException problem, SourceText source)
    {
        if (FindTab(problem, source) is { } tab)
            return (tab, YamlMessages.Tab());
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

    // A parser's message may quote what it choked on; only its first sentence, and only words of the parser, are shown.
    private static string ParserWords(string message)
    {
        var line = message.Split('\n')[0].TrimEnd('.', ' ');
        var quote = line.IndexOfAny(['\'', '"']);
        line = quote > 0 ? line[..quote].TrimEnd() : line;
        return line.Length == 0 ? "unexpected text" : char.ToLowerInvariant(line[0]) + line[1..];
    }
}
