using Baker.Language.Shapes;

namespace Baker.Language.Values;

/// <summary>Absolute http and https URLs.</summary>
public static class WebUrl
{
    public static readonly TextFormat Format = new("a URL", Problem, "^[Hh][Tt][Tt][Pp][Ss]?://") { MayHaveLogin = true };

    private static string? Problem(string text) =>
        text.Length > 2048 ? "it has more than 2048 characters"
        : text.Any(c => char.IsWhiteSpace(c) || c > 126)
            ? "write it without blanks and in ASCII (a name of other letters in its xn-- form)"
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && text.Contains("://", StringComparison.Ordinal)
            && url.Host.Length > 0 ? null
        : "write it in full, such as https://gitlab.example.com";
}
