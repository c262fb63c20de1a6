using System.Text.RegularExpressions;

namespace Baker.Language.Values;

/// <summary>Recognises <c>user:password@</c> in front of a server's name.</summary>
public static partial class UserInfo
{
    /// <summary>In a URL anywhere in the text, also where the password has characters that no URL may have.</summary>
    public static bool Find(string text) => InUrl().IsMatch(text);

    /// <summary>At the start of a name without scheme, such as a registry's.</summary>
    public static bool FindBare(string text) => Bare().IsMatch(text);

    // Bounded, because it looks into texts of any length. Either nothing but the login stands before the @, or what follows the first
    // colon is no port.
    [GeneratedRegex(@"[A-Za-z0-9]://([^/\s?#]{0,1000}@|[^/\s?#:@]{0,200}:(?![0-9]{1,5}([/?#\s]|\z)).{0,400}@)")]
    private static partial Regex InUrl();

    // The @ of a digest (name:tag@sha256:…) stands before the name of an algorithm.
    [GeneratedRegex(@"\A[^/\s@:]{1,200}:(?!//)[^\s@]{0,400}@(?!sha[0-9]+:)[^@]*[.:/]")]
    private static partial Regex Bare();
}
