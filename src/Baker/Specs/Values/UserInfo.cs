using System.Text.RegularExpressions;

namespace Baker.Specs.Values;

/// <summary>Recognises <c>user:password@</c> inside a URL.</summary>
public static partial class UserInfo
{
    public static bool Find(string text) => Pattern().IsMatch(text);

    [GeneratedRegex(@"[A-Za-z][A-Za-z0-9+.-]*://[^/\s?#]*@")]
    private static partial Regex Pattern();
}
