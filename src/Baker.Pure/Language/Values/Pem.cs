using System.Security.Cryptography;
using Baker.Language.Shapes;

namespace Baker.Language.Values;

/// <summary>Public certificates in PEM form.</summary>
public static class Pem
{
    public static readonly TextFormat Format = new("a list of PEM certificates",
        text => IsCertificate(text) ? null : "paste complete blocks, -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, and "
            + "nothing else")
    { IsDelicate = true };

    /// <summary>True when a private key stands in the text, whatever else does.</summary>
    public static bool HoldsPrivateKey(string text) => text.Contains("PRIVATE KEY-----", StringComparison.Ordinal);

    /// <summary>True when the text is one or more CERTIFICATE blocks and holds nothing else: no private key slips through.</summary>
    public static bool IsCertificate(string text)
    {
        var rest = text.AsSpan().Trim();
        var blocks = 0;
        while (!rest.IsEmpty)
        {
            if (!PemEncoding.TryFind(rest, out var found) || found.Location.Start.Value != 0
                || !rest[found.Label].SequenceEqual("CERTIFICATE"))
                return false;
            rest = rest[found.Location.End..].TrimStart();
            blocks++;
        }
        return blocks > 0;
    }
}
