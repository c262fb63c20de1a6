using System.Collections.Frozen;

namespace Baker.Language.Values;

/// <summary>A character of a word processor, a chat or a keyboard for Chinese, where YAML and most values need one of ASCII.</summary>
/// <param name="Seen">The character.</param>
/// <param name="Name">Of Unicode.</param>
/// <param name="Meant">That of ASCII.</param>
public sealed record Lookalike(char Seen, string Name, char Meant)
{
    /// <summary>Full-width forms lie this far behind ASCII: Unicode, block "Halfwidth and Fullwidth Forms".</summary>
    private const int FullWidth = 0xFF01 - '!';

    private static readonly FrozenDictionary<char, Lookalike> All = new Lookalike[]
    {
        new('\u00A0', "NO-BREAK SPACE", ' '), new('\u2002', "EN SPACE", ' '), new('\u2003', "EM SPACE", ' '),
        new('\u2007', "FIGURE SPACE", ' '), new('\u2009', "THIN SPACE", ' '), new('\u202F', "NARROW NO-BREAK SPACE", ' '),
        new('\u3000', "IDEOGRAPHIC SPACE", ' '), new('\u3001', "IDEOGRAPHIC COMMA", ','), new('\u3002', "IDEOGRAPHIC FULL STOP", '.'),
        new('\u2010', "HYPHEN", '-'), new('\u2011', "NON-BREAKING HYPHEN", '-'), new('\u2013', "EN DASH", '-'),
        new('\u2014', "EM DASH", '-'), new('\u2212', "MINUS SIGN", '-'), new('\u2018', "LEFT SINGLE QUOTATION MARK", '\''),
        new('\u2019', "RIGHT SINGLE QUOTATION MARK", '\''), new('\u201C', "LEFT DOUBLE QUOTATION MARK", '"'),
        new('\u201D', "RIGHT DOUBLE QUOTATION MARK", '"'), new('\u201E', "DOUBLE LOW-9 QUOTATION MARK", '"'),
    }.ToFrozenDictionary(l => l.Seen);

    /// <summary>The first in a text; null: there is none.</summary>
    /// <param name="meant">Only those that are meant to be one of these; empty: any.</param>
    public static Lookalike? Find(ReadOnlySpan<char> text, string meant = "")
    {
        foreach (var seen in text)
        {
            var found = All.GetValueOrDefault(seen) ?? (seen is >= '\uFF01' and <= '\uFF5E'
                ? new Lookalike(seen, $"the full-width form of {(char)(seen - FullWidth)}", (char)(seen - FullWidth)) : null);
            if (found is not null && (meant.Length == 0 || meant.Contains(found.Meant, StringComparison.Ordinal)))
                return found;
        }
        return null;
    }

    public override string ToString() => $"U+{(int)Seen:X4} ({Name})";
}
