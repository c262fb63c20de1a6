using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Baker.Diagnostics;

namespace Baker.Verifying;

/// <summary>Looks at a certificate as a browser would, and keeps the reasons apart.</summary>
/// <param name="authorities">Trusted beside the system's.</param>
internal sealed class CertificateJudge(string host, X509Certificate2Collection authorities, TimeProvider time)
{
    /// <summary>Time has a row of its own; whether it was revoked is asked by nobody.</summary>
    private const X509ChainStatusFlags Elsewhere = X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.RevocationStatusUnknown
        | X509ChainStatusFlags.OfflineRevocation;

    public CertificateSeen Judge(X509Certificate2 leaf, X509Chain? chain)
    {
        var names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(a => a.ToString())));
        var shown = string.Join(", ", names.DefaultIfEmpty(leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: false)));
        return new CertificateSeen(
            Printable.Line(leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: true)), Printable.Line(shown),
            leaf.NotBefore.ToUniversalTime(), leaf.NotAfter.ToUniversalTime(),
            leaf.MatchesHostname(host), Distrust(leaf, chain));
    }

    private string? Distrust(X509Certificate2 leaf, X509Chain? sent)
    {
        var complaints = (sent?.ChainStatus ?? []).Where(s => (s.Status & ~Elsewhere) != 0).ToArray();
        if ((sent is not null && complaints.Length == 0) || IsIssuedByOurs(leaf, sent))
            return null;
        return complaints.Any(s => s.Status.HasFlag(X509ChainStatusFlags.PartialChain))
            ? "who issued it is not known here, or a certificate between is not sent"
            : leaf.SubjectName.RawData.AsSpan().SequenceEqual(leaf.IssuerName.RawData) ? "it is self-signed"
            : complaints.Any(s => s.Status.HasFlag(X509ChainStatusFlags.UntrustedRoot)) ? "its authority is not trusted here"
            : Printable.Line(complaints.Select(s => s.StatusInformation.Trim()).FirstOrDefault() ?? "no reason is given");
    }

    private bool IsIssuedByOurs(X509Certificate2 leaf, X509Chain? sent)
    {
        if (authorities.Count == 0)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().LocalDateTime;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        foreach (var between in sent?.ChainPolicy.ExtraStore ?? [])
            chain.ChainPolicy.ExtraStore.Add(between);
        foreach (var between in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            chain.ChainPolicy.ExtraStore.Add(between.Certificate);
        chain.Build(leaf);
        return chain.ChainStatus.All(s => (s.Status & ~Elsewhere) == 0);
    }
}
