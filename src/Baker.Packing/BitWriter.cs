namespace Baker.Packing;

/// <summary>Bits to bytes, the lowest first (RFC 1951, 3.1.1).</summary>
internal sealed class BitWriter
{
    private readonly List<byte> _bytes = [];
    private uint _rest;
    private int _bits;

    public void Write(int value, int bits)
    {
        _rest |= (uint)value << _bits;
        for (_bits += bits; _bits >= 8; _bits -= 8, _rest >>= 8)
            _bytes.Add((byte)_rest);
    }

    public byte[] ToArray() => _bits == 0 ? [.. _bytes] : [.. _bytes, (byte)_rest];
}
