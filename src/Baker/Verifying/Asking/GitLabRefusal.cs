namespace Baker.Verifying.Asking;

/// <summary>GitLab did not do what was asked in a user's name.</summary>
/// <param name="found">What it said; without the token.</param>
internal sealed class GitLabRefusal(string found, string cause, string next) : Exception(found)
{
    public Finding Row(string check) => Finding.Bad(check, Message, cause, next);

    public static GitLabRefusal Of(int status, string said) => status switch
    {
        401 => new("HTTP 401: GitLab does not accept the token", "it has expired, was revoked, or is another GitLab's",
            PersonalToken.HowToMake),
        403 => new($"HTTP 403: {said}", "the token may not do this, or its user is blocked", PersonalToken.HowToMake),
        404 => new("HTTP 404: there is no such page", "another web server answers, or this token's user may not see it",
            "the rows `name` and `own URL`"),
        429 => new("HTTP 429: asked too often", "a limit of GitLab", "wait a minute"),
        >= 300 and < 400 => new($"HTTP {status}: GitLab sends elsewhere",
            "gitlab.url is not the URL that GitLab uses; the token was sent to no other server", "the row `own URL`"),
        502 or 503 => new($"HTTP {status}", "nginx runs and GitLab behind it does not", "the row of the GitLab VM"),
        _ => new($"HTTP {status}: {said}", "GitLab is in trouble", "on the GitLab VM: gitlab-ctl tail"),
    };

    /// <summary>What GraphQL said is wrong.</summary>
    public static GitLabRefusal Of(string said) =>
        said.Contains("doesn't exist on", StringComparison.Ordinal) || said.Contains("doesn't accept argument", StringComparison.Ordinal)
            || said.Contains("isn't a defined", StringComparison.Ordinal)
            ? new(said, "this GitLab has no Duo Chat to ask: the Community Edition, or before 17.10",
                "gitlab.version in the spec; or ask in the web page")
        : said.Contains("permission", StringComparison.OrdinalIgnoreCase) || said.Contains("access", StringComparison.OrdinalIgnoreCase)
            ? new(said, "the token's user has no Duo seat, or Duo Chat is turned off",
                "duo.seats in the spec and baker launch; the rows `seats` and `features`")
        : new(said, "GitLab refuses it", "on the GitLab VM: gitlab-ctl tail");
}
