using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Baker.Tests.Machine;

/// <summary>A certificate as a company's own authority issues it: PEM of the certificate, its key and the authority.</summary>
internal sealed record OwnCertificate(string Cert, string Key, string Ca)
{
    public static OwnCertificate For(string host, TimeSpan? life = null)
    {
        var now = DateTimeOffset.UtcNow;
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=Example Company CA", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var ca = caRequest.CreateSelfSigned(now.AddDays(-900), now.AddDays(900));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var cert = request.Create(ca, now.AddDays(-800), now + (life ?? TimeSpan.FromDays(90)), [1, 2, 3, 4]);
        return new(cert.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n", ca.ExportCertificatePem() + "\n");
    }
}
