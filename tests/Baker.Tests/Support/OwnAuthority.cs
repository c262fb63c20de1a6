using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Baker.Tests.Support;

/// <summary>Certificates of authorities that nobody knows.</summary>
internal static class OwnAuthority
{
    /// <param name="bits">Of its key.</param>
    public static string Rsa(int bits, string name)
    {
        using var key = RSA.Create(bits);
        return Pem(new CertificateRequest($"CN={name}, O=Example Corporation International, OU=Information Security, C=JP", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static string Pem(CertificateRequest request)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        return certificate.ExportCertificatePem() + "\n";
    }
}
