using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Baker.Diagnostics;
using Baker.Language.Secrets;
using Baker.Language.Values;

namespace Baker.Language.Yaml;

/// <summary>
/// Hides what is a secret by its form before anything is parsed: a report shows the lines around what it is about, comments too, and a
/// text that is not YAML has no values.
/// </summary>
internal static partial class SecretText
{
    /// <summary>True when a secret stands in a text, whatever else does.</summary>
    public static bool Holds(string text) =>
        KnownSecret.Find(text) is not null || Pem.HoldsPrivateKey(text) || UserInfo.Find(text);

    public static void Hide(SourceText source)
    {
        int last;
        for (var first = 1; first <= source.LineCount; first = last + 1)
        {
            // A text in double quotes goes on after a backslash at the end of a line, without a blank between.
            var text = new StringBuilder(source.Raw(first));
            for (last = first; last < source.LineCount && source.Raw(last).EndsWith('\\'); last++)
            {
                text.Length--;
                text.Append(source.Raw(last + 1).TrimStart());
            }
            var whole = Unescaped(text.ToString());
            if (Pem.HoldsPrivateKey(whole))
                last = EndOfKey(source, last);
            if (Pem.HoldsPrivateKey(whole) || KnownSecret.Find(whole) is not null)
                source.HideLines(first, last);
        }
    }

    /// <summary>Without an end nobody knows where the key ends.</summary>
    private static int EndOfKey(SourceText source, int from)
    {
        while (from < source.LineCount && !source.Raw(from).Contains("-----END", StringComparison.Ordinal))
            from++;
        return from;
    }

    private static string Unescaped(string text) => Escape().Replace(text, m =>
        ((char)int.Parse(m.ValueSpan[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString());

    // YAML 1.2, 5.7 "Escaped Characters"; no secret has a character beyond ASCII, so the form of eight digits is left out.
    [GeneratedRegex(@"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})")]
    private static partial Regex Escape();
}
