using Baker.Language.Shapes;

namespace Baker.Language.Values;

/// <summary>Absolute http and https URLs.</summary>
public static class WebUrl
{
    public static readonly TextFormat Format = new("a URL", Problem, "^[Hh][Tt][Tt][Pp][Ss]?://") { MayHaveLogin = true };

    /// <summary>What programs put a path behind: a query would swallow it.</summary>
    public static readonly TextFormat Base = Format with
    {
        Problem = text => Problem(text) ?? (text.AsSpan().ContainsAny('?', '#')
            ? "leave out what begins with ? or #: paths are put behind this URL" : null),
    };

    /// <summary>What programs take host and port from, and pass over the rest of or refuse it: each as it likes.</summary>
    public static readonly TextFormat Proxy = Base with
    {
        Problem = text => Base.Problem(text) ?? (new Uri(text).AbsolutePath == "/" ? null
            : "write scheme, host and port alone, such as http://proxy.example.com:3128; a proxy has no path"),
    };

    private static string? Problem(string text) =>
        text.Length > 2048 ? "it has more than 2048 characters"
        : text.Any(c => char.IsWhiteSpace(c) || c > 126)
            ? "write it without blanks and in ASCII (a name of other letters in its xn-- form)"
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && text.Contains("://", StringComparison.Ordinal)
            && url.Host.Length > 0 ? null
        : "write it in full, such as https://gitlab.example.com";
}
