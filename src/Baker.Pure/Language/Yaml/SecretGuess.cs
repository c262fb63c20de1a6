using System.Text.RegularExpressions;
using Baker.Diagnostics;
using Baker.Language.Shapes;

namespace Baker.Language.Yaml;

/// <summary>
/// Where a value was refused before anybody knew what it means, nobody knows either whether it is a secret; the report's
/// excerpts then hide what stands under a name that usually has one.
/// </summary>
internal static partial class SecretGuess
{
    private const string Words = "pass|secret|token|code|key|license|licence|cert|credential";

    private static readonly string[] Names = ["root_password", "password", "activation_code", "license", "token", "secret", "cert", "key"];

    // Where such a section has a value and no keys, the value may be one of its secrets.
    private static readonly string[] Sections = ["gitlab", "tls", "certificate"];

    /// <summary>True when a key on the way to the path usually has a secret.</summary>
    public static bool IsSecret(SpecPath path) => path.Text.Split('.', '[').Any(HasName);

    /// <summary>Hides the values below a node that usually are secrets, and those that look like one.</summary>
    public static void Hide(SourceText source, YamlNode? node, SpecPath path)
    {
        switch (node)
        {
            case YamlScalar scalar when IsSecret(path) || SecretText.Holds(scalar.Text):
                SecretLines.Hide(source, scalar);
                break;
            case YamlList list:
                foreach (var item in list.Items)
                    Hide(source, item, path);
                break;
            case YamlMap map:
                foreach (var entry in map.Entries)
                {
                    // In `password: { abc }` the key is the secret.
                    if (IsSecret(path))
                        source.Hide(entry.KeySpot);
                    Hide(source, entry.Value, path.Key(entry.Key));
                }
                break;
            default:
                break;
        }
    }

    /// <summary>Hides by the look of the lines, in a file that has no tree because it cannot be parsed.</summary>
    public static void Hide(SourceText source)
    {
        // Indentation of the secret's key while the lines below it may go on with its value; null outside.
        int? secret = null;
        for (var number = 1; number <= source.LineCount; number++)
        {
            var line = source.Raw(number);
            var indent = line.Length - line.TrimStart().Length;
            if (line.Trim().Length == 0)
                continue;
            if (secret < indent || (secret is not null && (line[indent] is ':' || !line.Contains(':', StringComparison.Ordinal))))
                source.HideLines(number, number);
            else if (line[indent] != '#' && KeyOf(line) is { Success: true } match)
            {
                secret = indent;
                if (match.Groups["value"] is { Success: true } value)
                    source.Hide(new Spot(number, value.Index + 1, int.MaxValue));
            }
            else
                secret = null;
            if (SecretText.Holds(line))
                source.HideLines(number, number);
        }
    }

    // Carries one of the words, or is one of the keys, misspelt: `root_pasword`.
    private static bool HasName(string key) => Name().IsMatch(key) || Nearest.Of(key, Names) is not null;

    private static Match KeyOf(string line) => Key().Match(line) is { Success: true } named ? named
        : AnyKey().Match(line) is { Success: true } any && any.Groups["key"].Value is var key
            && (HasName(key) || (any.Groups["value"].Success && Nearest.Of(key, Sections) is not null)) ? any : Match.Empty;

    [GeneratedRegex(@"(?<key>[A-Za-z_-]+)[""']?\s*[:=]\s*(?<value>\S.*)?\z")]
    private static partial Regex AnyKey();

    [GeneratedRegex($"({Words})", RegexOptions.IgnoreCase)]
    private static partial Regex Name();

    [GeneratedRegex($@"({Words})[a-z_]{{0,40}}[""']?\s*[:=\s]\s*(?<value>\S.*)?\z", RegexOptions.IgnoreCase)]
    private static partial Regex Key();
}
