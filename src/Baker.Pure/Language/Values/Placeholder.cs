using System.Text.RegularExpressions;

namespace Baker.Language.Values;

/// <summary>What other programs replace before they read a file, and Baker does not.</summary>
public static partial class Placeholder
{
    /// <returns>As it stands there: <c>${NAME}</c>, <c>$NAME</c>, <c>{{ name }}</c>; null: there is none.</returns>
    public static string? Find(string text) => Form().Match(text) is { Success: true } found ? found.Value : null;

    /// <summary>A value that begins with one and stands in no quotes: to YAML it is a map that has a map as its key.</summary>
    public static bool FindBare(string line) => Bare().IsMatch(line);

    [GeneratedRegex(@"(^|[:,\[{-])[ ]*\{\{[^}\n]{1,100}\}\}")]
    private static partial Regex Bare();

    // Of a shell, of Compose, of Jinja and Helm. A dollar before small letters may be a part of a name.
    [GeneratedRegex(@"\$\{[A-Za-z_][A-Za-z0-9_.]{0,100}([:?=+-][^}\n]{0,100})?\}|\$[A-Z_][A-Z0-9_]{1,100}|\{\{[^}\n]{1,100}\}\}")]
    private static partial Regex Form();
}
