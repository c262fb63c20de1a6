using Baker.Stack.Roles;
using Baker.Stack.Roles.GitLab;

namespace Baker.Stack;

/// <summary>
/// What a stack's machines run, as the launch that made or changed them wrote it on them; null: it is not known, or there is none.
/// </summary>
public sealed record RunningVersions(string? GitLab, string? Gateway)
{
    public static readonly RunningVersions None = new(null, null);

    /// <param name="found">By role: what its machine carries.</param>
    public static RunningVersions Of(Func<string, string?> found)
    {
        string? Version(string role) => found(role) is { } text && GitLabReleases.IsWhole(text) ? text : null;
        return new RunningVersions(Version(RoleCatalog.GitLab.Name), Version(RoleCatalog.Gateway.Name));
    }
}
