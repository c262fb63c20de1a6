using System.Buffers.Binary;

namespace Baker.Packing;

/// <summary>gzip (RFC 1952) without name and time.</summary>
internal static class GzipFile
{
    /// <summary>Deflate, no flag, no time, "compressed as far as it goes", and no system that it was made on.</summary>
    private static ReadOnlySpan<byte> Head => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];

    public static byte[] Of(byte[] plain)
    {
        var end = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(end, Crc(plain));
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(4), (uint)plain.Length);
        return [.. Head, .. Deflate.Of(plain), .. end];
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
