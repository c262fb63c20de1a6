using System.Text.RegularExpressions;
using Baker.Diagnostics;

namespace Baker.Specs.Yaml;

/// <summary>
/// Where a file cannot be parsed, nobody knows yet what is a secret; the report's excerpt then hides the value
/// of every key that usually has one.
/// </summary>
internal static partial class SecretGuess
{
    public static void Hide(SourceText source, int line)
    {
        for (var number = Math.Max(1, line - 1); number <= line; number++)
        {
            if (SecretKey().Match(source.Line(number)) is { Success: true } match)
                source.Hide(new Spot(number, match.Groups[2].Index + 1, match.Groups[2].Length));
        }
    }

    [GeneratedRegex(@"([a-z_]*(?:password|secret|token|code|key|license|cert)[a-z_]*)[""']?\s*:\s*(\S.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretKey();
}
