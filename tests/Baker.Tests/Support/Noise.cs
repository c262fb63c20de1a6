namespace Baker.Tests.Support;

/// <summary>What no compressor makes smaller, the same in every run. Certificates are not looked into, so it may stand for them.</summary>
internal static class Noise
{
    /// <summary>As much as a certificate of a key of 4,096 bits takes.</summary>
    private const int CertificateBytes = 1300;

    public static string Certificates(int count, int indent) => string.Concat(Enumerable.Range(1, count).SelectMany(seed =>
        (string[])["-----BEGIN CERTIFICATE-----", .. Convert.ToBase64String(Bytes(seed, CertificateBytes), Base64FormattingOptions.InsertLineBreaks).Split("\r\n"), "-----END CERTIFICATE-----"])
        .Select(line => $"{new string(' ', indent)}{line}\n"));

    public static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
