using Baker.Diagnostics;
using Baker.Roles.GitLab;
using Baker.Specs;

namespace Baker.Roles.Gateway;

/// <summary>Rules of <c>gateway</c>.</summary>
public static class GatewayRules
{
    public static void Check(Spec spec, DiagnosticBag bag)
    {
        if (spec.Gateway.Bypass)
            bag.Add("gateway.auth", spec.Evaluation ? GatewayMessages.Bypass() : GatewayMessages.BypassInProduction());
        if (spec.Gateway.Image is not { } image)
            return;
        var gitlab = spec.GitLab.Version ?? GitLabReleases.Default;
        if (GitLabReleases.VersionOfTag(image.Tag) is not { } version)
        {
            bag.Add("gateway.image", GatewayMessages.UnreadableTag(image.Tag));
            return;
        }
        if (GatewayAdvisories.Find(version) is var (cves, mended))
            bag.Add("gateway.image", GatewayMessages.RemoteCode(version, cves, mended, GatewayAdvisories.AsOf, spec.Evaluation));
        if (!bag.IsBroken("gitlab.version") && GitLabReleases.Minor(version) != GitLabReleases.Minor(gitlab))
            bag.Add("gateway.image", GatewayMessages.OtherMinor(version, gitlab, spec.Evaluation));
    }
}
