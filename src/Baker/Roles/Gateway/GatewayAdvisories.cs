using System.Collections.Immutable;
using Baker.Roles.GitLab;

namespace Baker.Roles.Gateway;

/// <summary>
/// Gateway versions in which somebody without an account can run code. Source: the CVE records; as of <see cref="AsOf"/>.
/// </summary>
public static class GatewayAdvisories
{
    public const string AsOf = "2026-11-23";

    private static readonly ImmutableArray<(string Cve, string From, string Below)> Ranges =
    [
        ("CVE-2026-90970", "18.1.6", "19.2.4"), ("CVE-2026-90970", "19.3.0", "19.3.2"), ("CVE-2026-90970", "19.4.0", "19.4.1"),
    ];

    /// <summary>The advisory that covers a version and the first version of its minor line that is mended, or null.</summary>
    public static (string Cve, string Mended)? Find(string version)
    {
        var number = GitLabReleases.Numbers(version);
        foreach (var (cve, from, below) in Ranges)
        {
            if (number.CompareTo(GitLabReleases.Numbers(from)) >= 0 && number.CompareTo(GitLabReleases.Numbers(below)) < 0)
                return (cve, below);
        }
        return null;
    }
}
