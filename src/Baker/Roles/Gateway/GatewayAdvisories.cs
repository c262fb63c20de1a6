using System.Collections.Immutable;
using Baker.Roles.GitLab;

namespace Baker.Roles.Gateway;

/// <summary>
/// Gateway versions in which somebody without an account can run code. Source: the CVE records; as of <see cref="AsOf"/>.
/// </summary>
public static class GatewayAdvisories
{
    public const string AsOf = "2026-11-23";

    // From the first affected version up to the first mended one. What is older than 18.1.6 lacks the code that can be attacked.
    private static readonly ImmutableArray<(string Cve, string From, string Below)> Ranges =
    [
        ("CVE-2026-90970", "18.1.6", "19.2.4"), ("CVE-2026-90970", "19.3.0", "19.3.2"), ("CVE-2026-90970", "19.4.0", "19.4.1"),
        ("CVE-2026-1868", "18.1.6", "18.2.0"), ("CVE-2026-1868", "18.2.6", "18.3.0"), ("CVE-2026-1868", "18.3.1", "18.6.2"),
        ("CVE-2026-1868", "18.7.0", "18.7.1"), ("CVE-2026-1868", "18.8.0", "18.8.1"),
    ];

    /// <summary>The advisories that cover a version and the first version without any of them, or null.</summary>
    public static (string Cves, string Mended)? Find(string version)
    {
        var number = GitLabReleases.Numbers(version);
        var found = Ranges.Where(r => number.CompareTo(GitLabReleases.Numbers(r.From)) >= 0 && number.CompareTo(GitLabReleases.Numbers(r.Below)) < 0).ToArray();
        return found.Length == 0 ? null
            : (string.Join(", ", found.Select(r => r.Cve)), found.MaxBy(r => GitLabReleases.Numbers(r.Below)).Below);
    }
}
