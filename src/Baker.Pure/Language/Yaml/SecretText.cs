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
    public static void Hide(SourceText source)
    {
        for (var first = 1; first <= source.LineCount; first++)
        {
            // A text in double quotes goes on after a backslash at the end of a line, without a blank between.
            var (last, text) = (first, new StringBuilder(source.Raw(first)));
            for (; last < source.LineCount && source.Raw(last).EndsWith('\\'); last++)
            {
                text.Length--;
                text.Append(source.Raw(last + 1).TrimStart());
            }
            if (KnownSecret.Find(Unescaped(text.ToString())) is not null)
                source.HideLines(first, last);
            if (Pem.HoldsPrivateKey(source.Raw(first)))
                source.HideLines(first, EndOfKey(source, first));
        }
    }

    /// <summary>Without an end nobody knows where the key ends.</summary>
    private static int EndOfKey(SourceText source, int first)
    {
        for (var number = first; number <= source.LineCount; number++)
        {
            if (source.Raw(number).Contains("-----END", StringComparison.Ordinal))
                return number;
        }
        return source.LineCount;
    }

    private static string Unescaped(string text) => Escape().Replace(text, m =>
        ((char)int.Parse(m.ValueSpan[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString());

    // YAML 1.2, 5.7 "Escaped Characters"; no secret has a character beyond ASCII, so the form of eight digits is left out.
    [GeneratedRegex(@"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})")]
    private static partial Regex Escape();
}
