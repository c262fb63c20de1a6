using Org.BouncyCastle.Crypto.Digests;

namespace Baker.Rendering;

/// <summary>
/// SHA-256 without the operating system's library: .NET's own loads OpenSSL, which takes longer (12 ms) than all else that a render does.
/// </summary>
internal static class Sha256
{
    /// <returns>32 bytes.</returns>
    public static byte[] Of(ReadOnlySpan<byte> data)
    {
        var digest = new Sha256Digest();
        digest.BlockUpdate(data);
        var sum = new byte[digest.GetDigestSize()];
        digest.DoFinal(sum);
        return sum;
    }
}
