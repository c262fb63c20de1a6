using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Baker.Language.Values;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Judges;

/// <summary>What Baker says of an authority's certificate is what Python 3.13 does with one that it issued.</summary>
public class AuthorityTests
{
    private const string Handshake = """
        import ssl, sys
        client = ssl.create_default_context(cafile=sys.argv[1] + "/ca.pem")
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(sys.argv[1] + "/server.pem")
        there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
        ends = [client.wrap_bio(back, there, server_hostname="gitlab.corp.test"), server.wrap_bio(there, back, server_side=True)]
        for _ in range(6):
            for end in ends:
                try:
                    end.do_handshake()
                except ssl.SSLWantReadError:
                    pass
                except ssl.SSLCertVerificationError as problem:
                    sys.exit(problem.verify_message)
        print(ends[0].version())
        """;

    public static TheoryData<bool, X509KeyUsageFlags, bool, string> Authorities => new()
    {
        { true, X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true, "" },
        { true, X509KeyUsageFlags.KeyCertSign, true, "" },
        { true, X509KeyUsageFlags.None, true, "key usage `keyCertSign`" },
        { true, X509KeyUsageFlags.CrlSign, true, "key usage `keyCertSign`" },
        { true, X509KeyUsageFlags.DecipherOnly, true, "key usage `keyCertSign`" },
        { false, X509KeyUsageFlags.KeyCertSign, true, "basic constraints marked critical" },
        { true, X509KeyUsageFlags.KeyCertSign, false, "a subject key identifier" },
        { false, X509KeyUsageFlags.None, false, "key usage `keyCertSign`, basic constraints marked critical, a subject key identifier" },
    };

    [Theory, MemberData(nameof(Authorities))]
    public async Task Python_trusts_what_it_issued_exactly_when_it_lacks_nothing(bool critical, X509KeyUsageFlags usage, bool named, string lacks)
    {
        var (ca, server) = Issue(critical, usage, named);
        var read = Assert.Single(Authority.In(ca));
        Assert.Equal(("Example Corp Root CA", lacks), (read.Name, string.Join(", ", read.Lacks)));

        var tree = await DebianTree.WantedAsync();
        using var folder = tree.Folder();
        folder.File("ca.pem", ca);
        folder.File("server.pem", server);
        var run = await tree.RunAsync("python3", folder.File("handshake.py", Handshake), folder.Inside);
        Assert.True((run.Code == 0) == (lacks.Length == 0), run.Words);
    }

    [Fact]
    public void What_issues_nothing_or_cannot_be_read_is_passed_over()
    {
        var (ca, server) = Issue(true, X509KeyUsageFlags.KeyCertSign, true);
        var own = server[..(server.IndexOf("-----END CERTIFICATE-----", StringComparison.Ordinal) + 25)];
        var broken = PemEncoding.WriteString("CERTIFICATE", [0x30, 3, 2, 1]);
        var cut = PemEncoding.WriteString("CERTIFICATE", X509Certificate2.CreateFromPem(ca).RawData.AsSpan()[..^40]);
        Assert.Equal(["Example Corp Root CA"], Authority.In($"{own}\n{broken}\n{cut}\n{ca}").Select(a => a.Name));
    }

    private static (string Ca, string Server) Issue(bool critical, X509KeyUsageFlags usage, bool named)
    {
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=Example Corp Root CA, O=Example Corp, C=JP", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical));
        if (usage != X509KeyUsageFlags.None)
            caRequest.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        if (named)
            caRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(caRequest.PublicKey, false));
        using var ca = caRequest.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(9));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=gitlab.corp.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("gitlab.corp.test");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(
            new X509SubjectKeyIdentifierExtension(caRequest.PublicKey, false)));
        var signer = X509SignatureGenerator.CreateForECDsa(caKey);
        using var certificate = request.Create(ca.SubjectName, signer, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(90), [1, 2, 3]);
        return (ca.ExportCertificatePem() + "\n", certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
