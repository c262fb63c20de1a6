using System.Text.RegularExpressions;
using Baker.Stack.Roles.Versions;

namespace Baker.Stack.Roles.GitLab;

/// <summary>Which versions of GitLab are known, and which gateway image goes with them.</summary>
public static partial class GitLabReleases
{
    /// <summary>GitLab mends what is unsafe in its newest three minors.</summary>
    private const int MaintainedMinors = 3;

    /// <summary>From this minor on, Duo's settings can be made through GraphQL (<c>duoSettingsUpdate</c>).</summary>
    public static readonly Release FirstWired = new(17, 9, 0);

    private static FactTable Table => FactTable.Releases;

    /// <summary>The newest version whose gateway is known.</summary>
    public static string Default { get; } = Table.Rows.First(r => HasGateway(r))["newest"];

    /// <summary>The day as of which the table holds.</summary>
    public static string Date => Table.Date;

    /// <summary>Minors whose gateway is known, the newest first.</summary>
    public static IEnumerable<string> PairedMinors => Table.Rows.Where(HasGateway).Select(r => r["minor"]);

    /// <summary>Minors that still get what is unsafe in them mended, the newest first.</summary>
    public static IEnumerable<string> Maintained => Table.Rows.Take(MaintainedMinors).Select(r => r["minor"]);

    /// <summary>The version that a stack is to have; null: the spec names a minor of which no patch is known.</summary>
    /// <param name="written">In the spec: three numbers, a minor alone, or null.</param>
    /// <param name="running">What the stack runs, which stays unless the spec says otherwise; null: nothing yet.</param>
    public static string? Choose(string? written, string? running = null) =>
        IsWhole(written) ? written
        : running is not null && (written is null || Minor(running) == written) ? running
        : written is null ? Default : Newest(written);

    /// <summary>True for three numbers: nothing is left to be chosen.</summary>
    public static bool IsWhole(string? version) => version?.Count(c => c == '.') == 2;

    /// <summary>The newest patch of a minor that is known; null: the minor is not.</summary>
    public static string? Newest(string minor) => Row(minor)?["newest"];

    /// <summary>The newest patch that is known of a version's minor, or the version itself where that is newer.</summary>
    public static string NewestFrom(string version) =>
        Newest(Minor(version)) is { } newest && Release.Parse(newest) > Release.Parse(version) ? newest : version;

    /// <summary>The gateway tag for a GitLab version; null: none is confirmed.</summary>
    public static string? GatewayTag(string version) => Row(Minor(version)) is { } row && HasGateway(row) ? row["gateway"] : null;

    /// <summary>True for minors that came after the newest of the table.</summary>
    public static bool IsNewerThanTable(string version) => Release.Parse(version).CompareLine(Release.Parse(Table.Rows[0]["minor"])) > 0;

    /// <summary><c>19.4</c> of <c>19.4.4</c>, and of itself.</summary>
    public static string Minor(string version) => Release.Parse(version).Line;

    /// <summary>The version inside a tag such as <c>self-hosted-v19.4.1-ee</c>; null for tags of another form.</summary>
    public static string? VersionOfTag(string? tag) =>
        tag is not null && Tag().Match(tag) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>The tag of a gateway's version.</summary>
    public static string TagOf(string gatewayVersion) => $"self-hosted-v{gatewayVersion}-ee";

    private static FactRow? Row(string minor) => Table.Rows.FirstOrDefault(r => r["minor"] == minor);

    private static bool HasGateway(FactRow row) => row["gateway"] != "-";

    [GeneratedRegex(@"\Aself-hosted-v([0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4})-ee\z")]
    private static partial Regex Tag();
}
