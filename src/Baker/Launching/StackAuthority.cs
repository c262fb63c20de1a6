using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Baker.Launching;

/// <summary>
/// A certificate authority for one stack. Its key signs one certificate and is then forgotten, so nobody can sign a second.
/// </summary>
internal static class StackAuthority
{
    /// <summary>The longest life that Apple's systems accept of a server certificate, also from a private authority.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(825);

    /// <returns>PEM texts: authority, certificate with the authority behind it, private key.</returns>
    public static (string Ca, string Certificate, string Key) Make(string stack, string host, DateTimeOffset now)
    {
        var from = now - TimeSpan.FromDays(1); // For VMs whose clock is behind.
        var until = now + Life;
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest($"CN=Baker stack {stack}", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        caRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        caRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(caRequest.PublicKey, false));
        using var ca = caRequest.CreateSelfSigned(from, until);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        // serverAuth, RFC 5280 4.2.1.12.
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(ca, true, false));
        using var certificate = request.Create(ca, from, until, RandomNumberGenerator.GetBytes(16));
        var pem = ca.ExportCertificatePem() + "\n";
        return (pem, certificate.ExportCertificatePem() + "\n" + pem, key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
