using System.Security.Cryptography;
using Baker.Language.Values;
using Baker.Planning;

namespace Baker.Rendering;

/// <summary>
/// Whom the VMs believe: keys and certificates, each by its fingerprint, as they are compared before anything is launched.
/// </summary>
/// <param name="What">Key or certificate, with its name where it has one.</param>
/// <param name="For">Who believes it, and in what.</param>
/// <param name="Fingerprint">As the usual programs print it: gpg, <c>openssl x509 -fingerprint -sha256</c>, <c>ssh-keygen -l</c>.</param>
internal sealed record TrustAnchor(string What, string For, string Fingerprint)
{
    public static IEnumerable<TrustAnchor> Of(Plan plan) =>
    [
        .. plan.Machines.SelectMany(m => m.Values.Where(v => v.Name == "gitlab_packages_fingerprint")
            .Select(v => new TrustAnchor("key of GitLab's packages", $"{m.Role}: what it installs from that repository", v.Value))),
        .. Certificates(plan, "tls_cert", "certificate", "people: what GitLab shows them"),
        .. Certificates(plan, "tls_ca", "authority", "GitLab's certificate"),
        .. Certificates(plan, "extra_ca", "authority", "whatever it fetches: also packages and images by HTTPS"),
        .. plan.SshKeys.Select(SshKey),
    ];

    private static IEnumerable<TrustAnchor> Certificates(Plan plan, string value, string kind, string believedIn) =>
        plan.Machines.SelectMany(m => m.Values.Where(v => v.Name == value && Pem.IsCertificate(v.Value)).Select(v => (m.Role, v.Value)))
            .GroupBy(v => v.Value, v => v.Role)
            .SelectMany(same => Blocks(same.Key).Select(pem => new TrustAnchor(
                Authority.In(pem).FirstOrDefault() is { Name.Length: > 0 } authority ? $"{kind} {authority.Name}" : kind,
                kind == "certificate" ? believedIn : $"{string.Join(", ", same)}: {believedIn}",
                OfCertificate(pem))));

    private static IEnumerable<string> Blocks(string pem)
    {
        for (var rest = pem; PemEncoding.TryFind(rest, out var found); rest = rest[found.Location.End..])
            yield return rest[found.Location];
    }

    private static string OfCertificate(string pem) => string.Join(':',
        Sha256.Of(Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data])).Select(b => $"{b:X2}"));

    private static TrustAnchor SshKey(string line)
    {
        var words = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
        return new TrustAnchor($"SSH key {(words.Length > 2 ? words[2] : words[0])}", "every VM: its default user, who may become root",
            $"SHA256:{Convert.ToBase64String(Sha256.Of(Convert.FromBase64String(words[1]))).TrimEnd('=')}");
    }
}
