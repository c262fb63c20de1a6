using Baker.Diagnostics;
using Baker.Roles.GitLab;
using Baker.Specs;
using Baker.Specs.Values;

namespace Baker.Roles.Gateway;

/// <summary>Rules of <c>gateway</c>.</summary>
public static class GatewayRules
{
    public static void Check(Spec spec, DiagnosticBag bag)
    {
        if (spec.Gateway.Bypass)
            bag.Add("gateway.auth", spec.Evaluation ? GatewayMessages.Bypass() : GatewayMessages.BypassInProduction());
        CheckAuthorities("gitlab.tls.certificate.ca", (spec.GitLab.Tls as OwnCertificate)?.CaPem, bag);
        CheckAuthorities("mirrors.ca", spec.Mirrors.CaPem, bag);
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

    /// <summary>GitLab's certificate may be of any of them, and the gateway must trust it.</summary>
    private static void CheckAuthorities(string path, string? pem, DiagnosticBag bag)
    {
        foreach (var authority in Authority.In(pem ?? "").Where(a => a.Lacks.Length > 0))
            bag.Add(path, GatewayMessages.WeakAuthority(authority.Name, authority.Lacks));
    }
}
