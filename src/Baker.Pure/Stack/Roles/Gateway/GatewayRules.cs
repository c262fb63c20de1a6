using Baker.Clouds.Facts;
using Baker.Diagnostics;
using Baker.Language.Values;
using Baker.Stack.Roles.GitLab;
using Baker.Stack.Roles.Versions;

namespace Baker.Stack.Roles.Gateway;

/// <summary>Rules of <c>gateway</c>.</summary>
public static class GatewayRules
{
    /// <summary>What the vendor gives the gateway's container, gibibytes; it runs two services, which want a CPU each.</summary>
    private static readonly (int Cpus, decimal MemoryGb) Least = (2, 2);

    /// <summary>What GitLab's page on installing the gateway counts for some 40 requests at once, up to 50 users; gibibytes.</summary>
    private static readonly (int Cpus, decimal MemoryGb) Recommended = (2, 8);

    /// <summary>
    /// Whether a machine is enough. The gateway waits for models most of the time: GitLab itself names a burstable type for it.
    /// </summary>
    public static void CheckSize(MachinePlan machine, CloudFacts cloud, DiagnosticBag bag)
    {
        if (machine.Sizes.FirstOrDefault(s => s.IsBelow(Least)) is { } size)
            bag.Add("gateway.machine", GatewayMessages.SmallMachine(size.Name, size.Cpus, size.MemoryGb));
        else if (!cloud.IsDesk && machine.Sizes.FirstOrDefault(s => s.IsBelow(Recommended)) is { } small)
            bag.Add("gateway.machine", GatewayMessages.BelowRecommended(small.Name));
    }

    public static void Check(Spec spec, DiagnosticBag bag)
    {
        if (spec.Gateway.Bypass)
            bag.Add("gateway.auth", spec.Evaluation ? GatewayMessages.Bypass() : GatewayMessages.BypassInProduction());
        CheckAuthorities("gitlab.tls.certificate.ca", (spec.GitLab.Tls as OwnCertificate)?.CaPem, bag);
        CheckAuthorities("mirrors.ca", spec.Mirrors.CaPem, bag);
        if (spec.Gateway.Image is not { } image)
            return;
        if (GitLabReleases.VersionOfTag(image.Tag) is not { } version)
        {
            bag.Add("gateway.image", GatewayMessages.UnreadableTag(image.Tag));
            return;
        }
        if (Advice(version, spec.Evaluation, Advisories.Gateway) is { } advice)
            bag.Add("gateway.image", advice);
        // GitLab of an older minor does not know what a newer gateway asks of it, and refuses it: that is no matter of taste.
        if (GitLabReleases.Choose(spec.GitLab.Version) is { } gitlab && !bag.IsBroken("gitlab.version")
            && Release.Parse(version).CompareLine(Release.Parse(gitlab)) is not 0 and var newer)
            bag.Add("gateway.image", GatewayMessages.OtherMinor(
                version, gitlab, spec.Evaluation && newer < 0, GitLabReleases.GatewayTag(gitlab) is not null));
    }

    /// <summary>What advisories say of a version: of the worst kind alone, because one newer version mends all.</summary>
    internal static Message? Advice(string version, bool evaluation, Advisories advisories) =>
        advisories.Find(AdvisoryKind.Refuse, version) is { } refused
            ? GatewayMessages.Unsafe(version, refused.What, refused.Ids, refused.Mended, refused.Date, evaluation)
        : advisories.Find(AdvisoryKind.Warn, version) is { } advised
            ? GatewayMessages.Advised(version, advised.What, advised.Ids, advised.Mended, advised.Date)
        : null;

    /// <summary>GitLab's certificate may be of any of them, and the gateway must trust it.</summary>
    private static void CheckAuthorities(string path, string? pem, DiagnosticBag bag)
    {
        foreach (var authority in Authority.In(pem ?? "").Where(a => a.Lacks.Length > 0))
            bag.Add(path, GatewayMessages.WeakAuthority(authority.Name, authority.Lacks));
    }
}
