using System.Text.RegularExpressions;

namespace Baker.Language.Values;

/// <summary>DNS names as RFC 1123 allows them in URLs and certificates.</summary>
public static partial class HostName
{
    // Names that no public authority issues certificates for: RFC 6761, RFC 6762 appendix G, RFC 8375, ICANN's .internal.
    private static readonly string[] PrivateEndings =
        ["local", "localhost", "internal", "intranet", "lan", "home", "corp", "private", "test", "example", "invalid", "localdomain",
            "home.arpa"];

    public static bool IsValid(string host) => host.Length <= 253 && Pattern().IsMatch(host);

    /// <summary>True when the name cannot be resolved on the internet: one label only, or an ending reserved for private use.</summary>
    public static bool IsPrivate(string host) =>
        !host.Contains('.', StringComparison.Ordinal) || PrivateEndings.Any(e => host.EndsWith("." + e, StringComparison.Ordinal));

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\z")]
    private static partial Regex Pattern();
}
