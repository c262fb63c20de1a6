using System.Net;
using Baker.Clouds.Facts;
using Baker.Diagnostics;
using Baker.Language.Values;
using Baker.Stack.Roles.Gateway;
using Baker.Stack.Roles.Versions;

namespace Baker.Stack.Roles.GitLab;

/// <summary>Rules of <c>gitlab</c>.</summary>
public static class GitLabRules
{
    /// <summary>Below this GitLab's documentation expects trouble, gibibytes.</summary>
    private const decimal LeastMemoryGb = 8;

    /// <summary>What GitLab's requirements ask of a single machine, up to 1,000 users; gibibytes.</summary>
    private static readonly (int Cpus, decimal MemoryGb) Recommended = (8, 16);

    /// <summary>Whether a machine is enough.</summary>
    public static void CheckSize(MachinePlan machine, CloudFacts cloud, DiagnosticBag bag)
    {
        // Of several the one that is judged worst: the machine may be any of them.
        if (machine.Sizes.MinBy(s => s.MemoryGb) is { } least && least.MemoryGb < LeastMemoryGb)
            bag.Add("gitlab.machine", GitLabMessages.LittleMemory(least.Name, least.MemoryGb));
        // A stack on a desk is a trial; what GitLab recommends for people at work would only be noise there.
        else if (!cloud.IsDesk && machine.Sizes.FirstOrDefault(s => s.IsBelow(Recommended)) is { } small)
            bag.Add("gitlab.machine", GitLabMessages.BelowRecommended(small.Name));
        if (machine.Types.FirstOrDefault(cloud.IsBurstable) is { } lent)
            bag.Add("gitlab.machine", GitLabMessages.Burstable(lent));
    }

    public static void Check(Spec spec, DiagnosticBag bag)
    {
        CheckUrl(spec.GitLab.Url, spec.Cloud.Facts, bag);
        CheckTls(spec, bag);
        if (!bag.IsBroken("gitlab.version"))
            CheckVersion(spec, bag);
        if (spec.GitLab.License is null && !bag.IsTouched("gitlab.license"))
            bag.Add("gitlab.license", GitLabMessages.NoLicense());
        if (!spec.GitLab.MetadataFor.IsEmpty && spec.Cloud.Facts.IsDesk)
            bag.AddAtKey("gitlab.metadata_for", GitLabMessages.NoMetadataService());
    }

    private static void CheckVersion(Spec spec, DiagnosticBag bag)
    {
        // Each of these is a matter of its own: who mends one of them is not to meet the next one then.
        void Add(Message message) => bag.AddAt("gitlab.version", bag.Locate("gitlab.version"), message);

        if (GitLabReleases.Choose(spec.GitLab.Version) is not { } version)
        {
            Add(GitLabMessages.NoPatch(spec.GitLab.Version!, GitLabReleases.Date, GitLabReleases.IsNewerThanTable(spec.GitLab.Version!),
                GitLabReleases.PairedMinors));
            return;
        }
        var refused = Advisories.GitLab.Find(AdvisoryKind.Refuse, version);
        if (refused is not null)
            Add(GitLabMessages.Unsafe(version, refused.What, refused.Ids, GitLabReleases.NewestFrom(refused.Mended), refused.Date,
                spec.Evaluation));
        if (spec.GitLab.License is { IsOnline: true } && Advisories.GitLab.Find(AdvisoryKind.Online, version) is { } online)
            Add(GitLabMessages.NotOnline(version, online.What, online.Ids, GitLabReleases.NewestFrom(online.Mended), online.Date));
        if (refused is null && Advisories.GitLab.Find(AdvisoryKind.Warn, version) is { } advised)
            Add(GitLabMessages.Advised(version, advised.What, advised.Ids, GitLabReleases.NewestFrom(advised.Mended), advised.Date));
        if (GitLabReleases.GatewayTag(version) is null && spec.Gateway.Image is null && !bag.IsBroken("gateway.image"))
            Add(GitLabMessages.UnknownMinor(version, GitLabReleases.PairedMinors, GitLabReleases.Date));
        if (GitLabReleases.IsNewerThanTable(version))
            Add(GitLabMessages.NewerThanTable(version, GitLabReleases.Date));
        else if (!GitLabReleases.Maintained.Contains(GitLabReleases.Minor(version)))
            Add(GitLabMessages.NotMaintained(version, GitLabReleases.Maintained, GitLabReleases.Date));
        if (Release.Parse(version) < GitLabReleases.FirstWired)
            Add(GitLabMessages.NotWired(version));
    }

    private static void CheckUrl(Uri url, CloudFacts cloud, DiagnosticBag bag)
    {
        var host = url.IdnHost.ToLowerInvariant();
        var message =
            url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 || IPAddress.TryParse(host, out _)
                ? GitLabMessages.IpAddress()
            : !HostName.IsValid(host) ? GitLabMessages.BadHost(host)
            : url.Scheme != Uri.UriSchemeHttps ? GitLabMessages.NotHttps(host)
            : url.PathAndQuery != "/" || url.Fragment.Length > 0 ? GitLabMessages.NotARoot($"https://{url.Authority.ToLowerInvariant()}")
            : !url.IsDefaultPort && !cloud.IsDesk ? GitLabMessages.PortOnCloud(host)
            : url.Port is 0 or 80 ? GitLabMessages.ImpossiblePort(url.Port, host)
            : null;
        if (message is not null)
            bag.Add("gitlab.url", message);
    }

    private static void CheckTls(Spec spec, DiagnosticBag bag)
    {
        var gitlab = spec.GitLab;
        var message = (gitlab.Tls, spec.Cloud.Facts.IsDesk, gitlab.IsInternalOnly) switch
        {
            (LetsEncrypt, true, _) => GitLabMessages.AcmeOnDesk(),
            (LetsEncrypt, _, true) => GitLabMessages.InternalWithAcme(),
            (LetsEncrypt { Directory: null }, _, _) when HostName.IsPrivate(gitlab.Url.IdnHost) =>
                GitLabMessages.PrivateName(gitlab.Url.IdnHost),
            (PrivateCa, false, false) => GitLabMessages.PrivateCaInPublic(),
            _ => null,
        };
        if (message is not null)
            bag.Add("gitlab.tls", message);
        else if (gitlab.Tls is OwnCertificate { CaPem: null, Ca: null } && spec.Mirrors is { Ca: null, CaPem: null }
            && HostName.IsPrivate(gitlab.Url.IdnHost)
            && !bag.IsTouched("gitlab.tls") && !bag.IsTouched("mirrors.ca"))
            bag.Add("gitlab.tls.certificate", GitLabMessages.PrivateNameWithoutCa(gitlab.Url.IdnHost));
    }
}
