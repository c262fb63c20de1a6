using System.IO.Compression;

namespace Baker.Rendering;

/// <summary>gzip without name and time: the same bytes give the same bytes.</summary>
internal static class Gzip
{
    /// <summary>
    /// One member. A file of several members decompresses to what all of them hold (RFC 1952, 2.2), so that parts which never
    /// change need not be compressed again.
    /// </summary>
    public static byte[] Member(ReadOnlySpan<byte> plain)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.SmallestSize))
            gzip.Write(plain);
        return buffer.ToArray();
    }
}
