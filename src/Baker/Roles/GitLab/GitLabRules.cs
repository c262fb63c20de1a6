using System.Net;
using Baker.Clouds;
using Baker.Diagnostics;
using Baker.Specs;
using Baker.Specs.Values;

namespace Baker.Roles.GitLab;

/// <summary>Rules of <c>gitlab</c>.</summary>
public static class GitLabRules
{
    public static void Check(Spec spec, DiagnosticBag bag)
    {
        CheckUrl(spec.GitLab.Url, spec.Cloud.Facts, bag);
        CheckTls(spec, bag);
        var version = spec.GitLab.Version ?? GitLabReleases.Default;
        if (GitLabReleases.GatewayTag(version) is null && spec.Gateway.Image is null && !bag.IsBroken("gateway.image"))
            bag.Add("gitlab.version", GitLabMessages.UnknownMinor(version, GitLabReleases.KnownMinors));
        var (major, minor, _) = GitLabReleases.Numbers(version);
        if ((major, minor).CompareTo(GitLabReleases.FirstWired) < 0)
            bag.Add("gitlab.version", GitLabMessages.NotWired(version));
        if (spec.GitLab.License is null && !bag.IsTouched("gitlab.license"))
            bag.Add("gitlab.license", GitLabMessages.NoLicense());
    }

    private static void CheckUrl(Uri url, CloudFacts cloud, DiagnosticBag bag)
    {
        var host = url.IdnHost.ToLowerInvariant();
        var message =
            url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 || IPAddress.TryParse(host, out _) ? GitLabMessages.IpAddress()
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
            (LetsEncrypt { Directory: null }, _, _) when HostName.IsPrivate(gitlab.Url.IdnHost) => GitLabMessages.PrivateName(gitlab.Url.IdnHost),
            (PrivateCa, false, false) => GitLabMessages.PrivateCaInPublic(),
            _ => null,
        };
        if (message is not null)
            bag.Add("gitlab.tls", message);
        else if (gitlab.Tls is OwnCertificate { CaPem: null, Ca: null } && spec.Mirrors is { Ca: null, CaPem: null } && HostName.IsPrivate(gitlab.Url.IdnHost)
            && !bag.IsTouched("gitlab.tls") && !bag.IsTouched("mirrors.ca"))
            bag.Add("gitlab.tls.certificate", GitLabMessages.PrivateNameWithoutCa(gitlab.Url.IdnHost));
    }
}
