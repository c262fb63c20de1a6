using System.Text.RegularExpressions;

namespace Baker.Language.Secrets;

/// <summary>Secrets that can be told by their form, wherever they stand.</summary>
public static partial class KnownSecret
{
    /// <summary>What it is, with its article; null: nothing that is known.</summary>
    public static string? Find(string text) =>
        AwsKey().IsMatch(text) ? "an access key of AWS"
        : GitLabToken().IsMatch(text) ? "a token of GitLab"
        : GitHubToken().IsMatch(text) ? "a token of GitHub"
        : SlackToken().IsMatch(text) ? "a token of Slack"
        : HuggingFaceToken().IsMatch(text) ? "a token of Hugging Face"
        : null;

    // IAM User Guide, "Understanding unique ID prefixes": AKIA of a user, ASIA of a session, ABIA of a service's bearer token, ACCA for a
    // context; 20 characters in all.
    [GeneratedRegex(@"(?<![A-Za-z0-9])(A[KSB]IA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])")]
    private static partial Regex AwsKey();

    // GitLab Docs, "GitLab token overview", "Token prefixes"; the default of a site of one's own too (gitlab-org/gitlab issue 342327).
    // A site may put a word of its own before them, with a dash (merge request 211171).
    [GeneratedRegex(@"(?<![A-Za-z0-9])gl(pat|oas|dt|rtr?|cbt|ptt|ft|imt|agent|wt|soat|ffct)-[A-Za-z0-9_-]{20}")]
    private static partial Regex GitLabToken();

    // Microsoft Purview, "GitHub personal access token": a prefix and 36 letters or digits. Scanners know 82 for fine-grained ones.
    [GeneratedRegex(@"(?<![A-Za-z0-9])(gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{50})")]
    private static partial Regex GitHubToken();

    // Slack's documentation, "Tokens": xoxb of a bot, xoxp of a user, xapp of an app. Scanners for secrets know the other letters.
    [GeneratedRegex(@"(?<![A-Za-z0-9])(xox[abeoprs]|xapp)-[A-Za-z0-9-]{10}")]
    private static partial Regex SlackToken();

    // Hugging Face Hub, "User access tokens"; 34 letters follow in those that scanners know.
    [GeneratedRegex(@"(?<![A-Za-z0-9])hf_[A-Za-z0-9]{34}(?![A-Za-z0-9])")]
    private static partial Regex HuggingFaceToken();
}
