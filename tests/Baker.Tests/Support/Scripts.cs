using System.Text.RegularExpressions;

namespace Baker.Tests.Support;

/// <summary>Every script of the checkout, told by its ending or by what its first lines say of it. New ones are found by themselves.</summary>
public static partial class Scripts
{
    // Not what builds leave behind, not what tests compare with, and not whatever somebody rendered into their checkout.
    private static readonly string[] Folders = [".ci", "bench", "templates", "tests"];

    private static readonly string[] LeftOut = ["bin", "obj", "Golden", "Fixtures"];

    /// <summary>For bash or another POSIX shell.</summary>
    public static string[] Shell { get; } = Of((path, text) => path.EndsWith(".sh", StringComparison.Ordinal) || path.EndsWith(".bash", StringComparison.Ordinal)
        || ShellFirst().IsMatch(text));

    public static string[] Python { get; } = Of((path, text) => path.EndsWith(".py", StringComparison.Ordinal) || PythonFirst().IsMatch(text));

    public static string[] Ruby { get; } = Of((path, text) => path.EndsWith(".rb", StringComparison.Ordinal) || RubyFirst().IsMatch(text));

    private static string[] Of(Func<string, string, bool> isWanted) =>
        [.. Directory.EnumerateFiles(Checkout.Root)
            .Concat(Folders.Select(f => Checkout.PathOf(f)).Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*", SearchOption.AllDirectories)))
            .Select(path => Path.GetRelativePath(Checkout.Root, path))
            // In the lab such folders hold programs of stand-ins.
            .Where(path => (path.StartsWith("tests/lab/", StringComparison.Ordinal) || !path.Split('/').Intersect(LeftOut).Any()) && isWanted(path, File.ReadAllText(Checkout.PathOf(path))))
            .Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\A(#!\S*/(env )?(ba|da)?sh\b|(#.*\n)*# shellcheck shell=)")]
    private static partial Regex ShellFirst();

    [GeneratedRegex(@"\A#!.*\bpython3?\b")]
    private static partial Regex PythonFirst();

    [GeneratedRegex(@"\A#!.*\bruby\b")]
    private static partial Regex RubyFirst();
}
