using System.Text.RegularExpressions;

namespace Baker.Tests.Support;

/// <summary>What a machine file is written in.</summary>
public enum Language
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
public static partial class Languages
{
    /// <exception cref="NotSupportedException">A file of a new kind: its language needs a parser here before its comments may be cut.</exception>
    public static Language Of(string name, string text) => Path.GetExtension(name) switch
    {
        ".rb" => Language.Ruby,
        ".py" => Language.Python,
        ".sh" or ".bash" => Language.Bash,
        ".graphql" => Language.GraphQL,
        ".json" or ".yaml" or ".yml" => Language.Yaml,
        _ when text.StartsWith("#!/bin/bash", StringComparison.Ordinal) => Language.Bash,
        _ when text.StartsWith("#!/usr/bin/env python3", StringComparison.Ordinal) => Language.Python,
        _ when Section().IsMatch(text) => Language.Systemd,
        ".conf" when PerlHash().IsMatch(text) => Language.Perl,
        _ => throw new NotSupportedException($"nobody knows what {name} is written in"),
    };

    [GeneratedRegex(@"\A([#;].*\n|\n)*\[[A-Z][A-Za-z]+\]\n")]
    private static partial Regex Section();

    [GeneratedRegex(@"^\$\w+\{", RegexOptions.Multiline)]
    private static partial Regex PerlHash();
}
