using System.Globalization;
using System.Net;
using Baker.Diagnostics;

namespace Baker.Verifying;

/// <summary>What can be seen of GitLab from here: its name, its port, its certificate, its pages.</summary>
/// <param name="host">The name in GitLab's URL.</param>
/// <param name="tls">How the spec gets the certificate: <c>letsencrypt</c>, <c>certificate</c> or <c>private_ca</c>.</param>
/// <param name="isInternal">It has no public address.</param>
/// <param name="addresses">Where it is looked for.</param>
public sealed class SiteFindings(string host, string url, string tls, bool isInternal, IReadOnlyCollection<IPAddress> addresses)
{
    /// <summary>
    /// Let's Encrypt's certificates are renewed 30 days before their end; with less than this left, that is not happening.
    /// </summary>
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    private static readonly string[] Checks = ["port", "certificate", "sign-in page", "own URL"];

    /// <param name="wanted">The stack's address; null: not known.</param>
    /// <param name="found">What the name leads to.</param>
    /// <param name="isDesk">The stack is on this machine.</param>
    public Finding Name(IPAddress? wanted, IReadOnlyCollection<IPAddress> found, bool isDesk)
    {
        var have = found.Count == 0 ? "no address" : string.Join(' ', found);
        var make = isDesk ? $"add to /etc/hosts: {wanted} {host}"
            : wanted is null ? "baker launch, which reserves the address and prints the record to make"
            : $"make the record {host} A {wanted}, and no other A record";
        if (found.Count == 0)
            return Finding.Bad("name", $"{host}: {have}", "the record is missing, or this machine's name server does not know it yet",
                make);
        if (wanted is null)
            return Finding.Open("name", $"{host}: {have}; the stack's own address is not known");
        if (found.All(wanted.Equals))
            return Finding.Good("name", $"{host}: {have}");
        return found.Contains(wanted) ? Finding.Bad(
            "name", $"{host}: {have}", "there is more than one record, so some will meet another server", make)
            : Finding.Bad("name", $"{host}: {have}, not {wanted}", "the record leads to another machine, or an old answer is still kept",
                make);
    }

    /// <param name="seen">Null: there was no address to go to.</param>
    /// <param name="fetchAuthority">Prints the authority that Baker has made; null: none was.</param>
    public IEnumerable<Finding> Site(SiteSeen? seen, DateTimeOffset now, string? fetchAuthority) => seen is null
        ? Checks.Select(check => Finding.Open(check, "no address to look at"))
        : [Port(seen), Certificate(seen, now, fetchAuthority), Page(seen), Issuer(seen)];

    private string Where => $"{new Uri(url).Port} at {string.Join(' ', addresses)}";

    private Finding Port(SiteSeen seen) =>
        seen.IsConnected ? Finding.Good("port", $"{Where}: open")
        : isInternal ? Finding.Open("port", $"{Where}: {seen.Trouble}; the stack is internal, so this may be true from here alone",
            "ask again from inside the network")
        : Finding.Bad("port", $"{Where}: {seen.Trouble ?? "closed"}", "GitLab's VM does not run yet, or a firewall is between",
            "the rows of the VMs; is this machine in network.web_from?");

    private Finding Certificate(SiteSeen seen, DateTimeOffset now, string? fetchAuthority)
    {
        if (seen.Certificate is not { } certificate)
        {
            return seen.IsConnected ? Finding.Bad("certificate", seen.Trouble ?? "none",
                "no TLS is spoken there: it is not GitLab, or GitLab is not configured yet", "the row of the GitLab VM")
                : Finding.Open("certificate", "not seen");
        }
        var what = $"for {certificate.Names}, by {certificate.Issuer}, until "
            + $"{certificate.Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
        if (!certificate.FitsHost)
            return Finding.Bad("certificate", what, $"it is for another name than {host}: another server answers, or GitLab has "
                + "another URL", "the row `name`; gitlab.url in the spec");
        if (now >= certificate.Until)
            return Finding.Bad("certificate", $"{what}: expired", "nobody has renewed it", Renew);
        if (now < certificate.From)
            return Finding.Bad("certificate", $"{what}: not valid yet", "the clock of this machine, or of who issued it, is wrong",
                "timedatectl");
        if (certificate.Distrust is { } why)
        {
            return fetchAuthority is not null ? Finding.Open(
                "certificate", $"{what}: the stack's own authority is not known here",
                $"{fetchAuthority} >ca.pem; baker verify --ca ca.pem")
                : tls == "letsencrypt" ? Finding.Bad("certificate", $"{what}: {why}",
                    "Let's Encrypt has given none yet, so GitLab shows one of its own", "the row of the GitLab VM")
                : Finding.Bad("certificate", $"{what}: {why}", "the authority or a certificate between is missing",
                    "gitlab.tls.certificate.ca in the spec, or baker verify --ca FILE");
        }
        return certificate.Until - now < Soon ? Finding.Bad("certificate", what, "it ends soon and is not being renewed", Renew)
            : Finding.Good("certificate", what);
    }

    private string Renew => tls switch
    {
        "letsencrypt" => "on the GitLab VM: gitlab-ctl renew-le-certs",
        "private_ca" => "baker destroy keeps GitLab's data; baker launch then makes a new authority",
        _ => "store a new one where gitlab.tls.certificate refers to; on the GitLab VM: systemctl restart baker",
    };

    private static Finding Page(SiteSeen seen) => seen.Status switch
    {
        // Sign-on by another server begins with a redirect.
        200 or 302 => Finding.Good("sign-in page", $"HTTP {seen.Status}"),
        502 or 503 => Finding.Bad("sign-in page", $"HTTP {seen.Status}",
            "nginx runs and GitLab behind it does not: it is starting, or has stopped",
            "the row of the GitLab VM; on it: gitlab-ctl status"),
        404 => Finding.Bad("sign-in page", "HTTP 404", "another web server answers under this name", "the row `name`"),
        { } other => Finding.Bad("sign-in page", $"HTTP {other}", "GitLab is in trouble, or something between answers in its place",
            "on the GitLab VM: gitlab-ctl tail"),
        null when seen.Certificate is null => Finding.Open("sign-in page", "not reached"),
        null => Finding.Bad("sign-in page", seen.Trouble ?? "no answer", "GitLab is overloaded or starting",
            "the row of the GitLab VM; on it: gitlab-ctl status"),
    };

    private Finding Issuer(SiteSeen seen) =>
        seen.Issuer is null ? Finding.Open("own URL", seen.Status is null ? "not reached" : "GitLab did not say it")
        : seen.Issuer.TrimEnd('/') == url.TrimEnd('/') ? Finding.Good("own URL", seen.Issuer)
        : Finding.Bad("own URL", $"{Printable.Line(seen.Issuer)}, not {url}",
            "another GitLab answers, or gitlab.url was changed: the gateway trusts tokens of this URL alone", "baker launch");
}
