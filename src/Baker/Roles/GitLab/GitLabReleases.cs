using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Baker.Roles.GitLab;

/// <summary>
/// Which GitLab goes with which gateway image. Source: the vendor's installation page of the gateway (newest patch of the
/// same minor) and CVE-2026-90970, which sets the lowest patch; as of 2026-11-23.
/// </summary>
public static partial class GitLabReleases
{
    public const string Default = "19.4.4";

    /// <summary>From this minor on, Duo's settings can be made through GraphQL (<c>duoSettingsUpdate</c>).</summary>
    public static readonly (int Major, int Minor) FirstWired = (17, 9);

    private static readonly ImmutableSortedDictionary<string, string> GatewayTags = new Dictionary<string, string>
    {
        ["19.4"] = "self-hosted-v19.4.1-ee",
        ["19.3"] = "self-hosted-v19.3.2-ee",
        ["19.2"] = "self-hosted-v19.2.4-ee",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> KnownMinors => GatewayTags.Keys.Reverse();

    /// <summary>The gateway tag for a GitLab version, or null for a minor that is not in the table.</summary>
    public static string? GatewayTag(string version) => GatewayTags.GetValueOrDefault(Minor(version));

    /// <summary><c>19.4</c> of <c>19.4.4</c>.</summary>
    public static string Minor(string version) => version[..version.LastIndexOf('.')];

    public static (int Major, int Minor, int Patch) Numbers(string version)
    {
        var parts = version.Split('.');
        return (int.Parse(parts[0]), int.Parse(parts[1]), int.Parse(parts[2]));
    }

    /// <summary>The version inside a tag such as <c>self-hosted-v19.4.1-ee</c>; null for tags of another form.</summary>
    public static string? VersionOfTag(string? tag) => tag is not null && Tag().Match(tag) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"\Aself-hosted-v([0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4})-ee\z")]
    private static partial Regex Tag();
}
