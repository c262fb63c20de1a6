using Baker.Stack.Roles.GitLab;
using Baker.Stack.Roles.Versions;

namespace Baker.Planning;

/// <summary>What a person writes so that GitLab gets to a later version: with everything that the rules of a spec then ask for.</summary>
public static class UpgradeAdvice
{
    /// <summary>Higher than any patch.</summary>
    private const string AnyPatch = "9999";

    public static string Of(string from, string to) =>
        UpgradePath.StopBetween(from, to) is { } stop
            ? $"first {Write(GitLabReleases.Newest(stop) ?? $"{stop}.N")} and launch, and when that is ready, {to}" : Write(to);

    private static string Write(string version)
    {
        var minor = version.EndsWith(".N", StringComparison.Ordinal) ? version[..^2] : GitLabReleases.Minor(version);
        var image = GitLabReleases.GatewayTag(minor) is null ? $", with a gateway.image of {minor}" : "";
        var trial = Advisories.GitLab.Find(AdvisoryKind.Refuse, version.Replace("N", AnyPatch, StringComparison.Ordinal)) is null ? ""
            : $"{(image.Length > 0 ? " and" : ", with")} `evaluation: true`, as strangers can attack that one too: admit nobody until the "
                + "next (network.web_from)";
        return $"write `version: {version}` under gitlab{image}{trial}";
    }
}
