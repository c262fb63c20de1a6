using Baker.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Baker.Language.Yaml;

/// <summary>
/// The parser's events, one at a time, with places as reports count them. Whatever the parser dies of is a <see cref="YamlException"/>
/// here.
/// </summary>
internal sealed class YamlEvents(string text)
{
    private readonly Parser _parser = new(new Scanner(new StringReader(text), skipComments: true));

    public ParsingEvent Current => _parser.Current!;

    /// <exception cref="YamlException">The text is not YAML, or ends too early.</exception>
    public void Next()
    {
        if (!MoveNext())
            throw new YamlException(Mark.Empty, Mark.Empty, "the document ends too early");
    }

    /// <summary>Reads past the current node and what is below it.</summary>
    /// <returns>The node's last line.</returns>
    public int Skip()
    {
        for (var depth = 0; ; Next())
        {
            depth += Current.NestingIncrease;
            if (depth == 0)
                return LastLine(Current);
        }
    }

    public static Spot At(ParsingEvent e) => new((int)e.Start.Line, (int)e.Start.Column,
        e.End.Line == e.Start.Line && e is Scalar ? Math.Max(1, (int)(e.End.Column - e.Start.Column)) : 1);

    // A block's end mark stands at the start of the line after it.
    public static int LastLine(ParsingEvent e) =>
        (int)(e.End.Column <= 1 && e.End.Line > e.Start.Line ? e.End.Line - 1 : e.End.Line);

    // On some malformed text the parser fails in itself instead of refusing it: `{ re #gion: x }` ends in InvalidOperationException.
    private bool MoveNext()
    {
        var last = _parser.Current?.End ?? Mark.Empty;
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException or IndexOutOfRangeException
            or NullReferenceException or OverflowException)
        {
            throw new YamlException(last, last, "the parser cannot go on after this", failure);
        }
    }
}
