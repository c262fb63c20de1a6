using Baker.Stack.Roles.GitLab;
using Baker.Stack.Roles.Versions;

namespace Baker.Stack.Roles.Gateway;

/// <summary>Chooses among the tags that a registry has.</summary>
public static class GatewayTags
{
    /// <summary>How the tags of a minor begin.</summary>
    public static string Beginning(string minor) => $"self-hosted-v{minor}.";

    /// <summary>The newest release of a minor that no advisory refuses; null: there is none.</summary>
    public static string? Newest(IEnumerable<string> tags, string minor)
    {
        var fit = tags.Select(GitLabReleases.VersionOfTag).OfType<string>()
            .Where(v => GitLabReleases.Minor(v) == minor && Advisories.Gateway.Find(AdvisoryKind.Refuse, v) is null).ToArray();
        return fit.Length == 0 ? null : GitLabReleases.TagOf(fit.MaxBy(Release.Parse)!);
    }
}
