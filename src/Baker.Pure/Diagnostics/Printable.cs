using System.Buffers;
using System.Globalization;
using System.Text;

namespace Baker.Diagnostics;

/// <summary>Text from a spec or a server on its way to a terminal.</summary>
internal static class Printable
{
    // East Asian wide characters and emoji, in the blocks that matter: two columns each in a terminal.
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xA960, 0xA97F),
        (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF),
        (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
    ];

    /// <summary>Long enough for a server's sentence.</summary>
    private const int LongestLine = 300;

    /// <summary>Tabs as blanks; what could steer a terminal, reorder text or cannot be seen as dots.</summary>
    public static string Text(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = source[i] == '\t' ? ' ' : IsShown(source, i) ? source[i] : '·';
    });

    /// <summary>What needs no second look: ASCII's own letters, line breaks and tabs.</summary>
    public static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c), '\n', '\t']);

    /// <summary>As <see cref="Text"/>, with line breaks and tabs kept.</summary>
    public static string Page(ReadOnlySpan<char> text)
    {
        var shown = text.ToString();
        return string.Create(shown.Length, shown, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = source[i] is '\n' or '\t' || IsShown(source, i) ? source[i] : '·';
        });
    }

    /// <summary>False for what steers a terminal, reorders text or cannot be seen.</summary>
    public static bool IsSeen(char character) => char.GetUnicodeCategory(character)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>As Unicode names what cannot be shown.</summary>
    public static string CodeOf(char character) => $"U+{(int)character:X4}";

    /// <summary>Enough of a wrong key or value to recognise it: 60 characters of its first line.</summary>
    public static string Short(string text)
    {
        var line = text.Split('\n')[0];
        return line.Length > 60 ? line[..60] + "…" : line;
    }

    /// <summary>What a server says, on one line, without characters that steer a terminal; a page of HTML is cut.</summary>
    public static string Line(string text)
    {
        var line = string.Join(' ', Lines(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestLine ? line : line[..LongestLine] + "…";
    }

    /// <summary>What a server says, with its lines and its length kept, for an answer.</summary>
    public static string Lines(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // Direction marks (U+202A to U+202E, U+2066 to U+2069) can make a line read otherwise than it is.
            var isSteering = Rune.IsControl(rune) || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
            if (!isSteering || rune.Value is '\n' or '\t')
                kept.Append(rune);
        }
        return kept.ToString();
    }

    /// <summary>How many columns of a terminal the text takes.</summary>
    public static int Width(ReadOnlySpan<char> text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
            width += Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? 0
                : Array.Exists(Wide, w => rune.Value >= w.First && rune.Value <= w.Last) ? 2 : 1;
        return width;
    }

    /// <summary>Half of a pair of code units: no program that reads UTF-8 can be given it.</summary>
    public static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        for (int odd; (odd = text.IndexOfAnyInRange('\ud800', '\udfff')) >= 0; text = text[(odd + 2)..])
        {
            if (!char.IsSurrogatePair(text[odd], odd + 1 < text.Length ? text[odd + 1] : ' '))
                return true;
        }
        return false;
    }

    private static bool IsShown(string text, int index) => char.IsSurrogate(text[index])
        // Tags and other invisible ones beyond the first plane steer nothing, but hide text.
        ? (char.IsSurrogatePair(text, index) || (index > 0 && char.IsSurrogatePair(text, index - 1)))
            && char.GetUnicodeCategory(text, char.IsLowSurrogate(text[index]) && index > 0 ? index - 1 : index) != UnicodeCategory.Format
        : IsSeen(text[index]);
}
