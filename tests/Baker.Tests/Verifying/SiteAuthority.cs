using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Baker.Tests.Verifying;

/// <summary>An authority of a test's own, with certificates of fixed dates, so that what is printed of them is the same at any time.</summary>
internal sealed class SiteAuthority : IDisposable
{
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Until = new(2045, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly X509Certificate2 _authority;

    public SiteAuthority(string name = "Example Company CA")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _authority = request.CreateSelfSigned(From, Until);
    }

    public string Pem => _authority.ExportCertificatePem() + "\n";

    public X509Certificate2 Issue(string host, DateTimeOffset? until = null, DateTimeOffset? from = null) => Make(host, r => r.Create(_authority, from ?? From, until ?? Until, [7]));

    public static X509Certificate2 SelfSigned(string host) => Make(host, r => r.CreateSelfSigned(From, Until));

    public void Dispose() => _authority.Dispose();

    private static X509Certificate2 Make(string host, Func<CertificateRequest, X509Certificate2> sign)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var signed = sign(request);
        using var whole = signed.HasPrivateKey ? X509CertificateLoader.LoadCertificate(signed.RawData).CopyWithPrivateKey(key) : signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }
}
