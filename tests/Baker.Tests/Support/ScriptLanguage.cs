using System.Text.RegularExpressions;

namespace Baker.Tests.Support;

/// <summary>What a machine file is written in.</summary>
public enum ScriptLanguage
{
    Bash,
    Python,
    Ruby,
    Perl,
    Systemd,
    Yaml,
    GraphQL,
}

/// <summary>Tells languages apart.</summary>
public static partial class ScriptLanguages
{
    /// <exception cref="NotSupportedException">A file of a new kind: its language needs a parser here before its comments may be cut.</exception>
    public static ScriptLanguage Of(string name, string text) => Path.GetExtension(name) switch
    {
        ".rb" => ScriptLanguage.Ruby,
        ".py" => ScriptLanguage.Python,
        ".sh" or ".bash" => ScriptLanguage.Bash,
        ".graphql" => ScriptLanguage.GraphQL,
        ".json" or ".yaml" or ".yml" => ScriptLanguage.Yaml,
        _ when text.StartsWith("#!/bin/bash", StringComparison.Ordinal) => ScriptLanguage.Bash,
        _ when text.StartsWith("#!/usr/bin/env python3", StringComparison.Ordinal) => ScriptLanguage.Python,
        _ when Section().IsMatch(text) => ScriptLanguage.Systemd,
        ".conf" when PerlHash().IsMatch(text) => ScriptLanguage.Perl,
        _ => throw new NotSupportedException($"nobody knows what {name} is written in"),
    };

    [GeneratedRegex(@"\A([#;].*\n|\n)*\[[A-Z][A-Za-z]+\]\n")]
    private static partial Regex Section();

    [GeneratedRegex(@"^\$\w+\{", RegexOptions.Multiline)]
    private static partial Regex PerlHash();
}
