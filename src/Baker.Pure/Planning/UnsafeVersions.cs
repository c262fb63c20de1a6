using Baker.Stack.Roles;
using Baker.Stack.Roles.GitLab;
using Baker.Stack.Roles.Versions;

namespace Baker.Planning;

/// <summary>Versions that stay where they run, and that no machine should be made with.</summary>
public static class UnsafeVersions
{
    /// <summary>Why not, and what to write instead; null: nothing is known against it.</summary>
    public static string? Of(Plan plan, string role, string version)
    {
        if (role == RoleCatalog.GitLab.Name && Advisories.GitLab.Find(AdvisoryKind.Refuse, version) is { } gitlab)
            return $"{gitlab.What} ({gitlab.Ids}, as of {gitlab.Date}); "
                + $"{UpgradeAdvice.Of(version, GitLabReleases.NewestFrom(gitlab.Mended))}";
        if (role == RoleCatalog.Gateway.Name && GitLabReleases.IsWhole(version)
            && Advisories.Gateway.Find(AdvisoryKind.Refuse, version) is { } gateway)
            return $"{gateway.What} ({gateway.Ids}, as of {gateway.Date}); write gateway.image with the tag "
                + $"{GitLabReleases.GatewayTag(plan.Stack.GitLabVersion) ?? GitLabReleases.TagOf(gateway.Mended)}";
        return null;
    }
}
