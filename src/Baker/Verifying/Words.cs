using System.Text;

namespace Baker.Verifying;

/// <summary>What a server says, made fit for a terminal.</summary>
internal static class Words
{
    /// <summary>Long enough for a sentence; a page of HTML is cut.</summary>
    private const int Most = 300;

    /// <summary>On one line, without characters that steer a terminal.</summary>
    public static string Plain(string text)
    {
        var line = string.Join(' ', Text(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= Most ? line : line[..Most] + "…";
    }

    /// <summary>The same with its lines and its length kept, for an answer.</summary>
    public static string Text(string text)
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
}
