namespace Baker.Packing;

/// <summary>The alphabets of deflate (RFC 1951, 3.2.5): which symbol says a length or a distance, and how many bits follow it.</summary>
internal static class Symbols
{
    public const int Shortest = 3;
    public const int Longest = 258;
    public const int Window = 32 * 1024;
    public const int EndOfBlock = 256;

    /// <summary>Bytes, the end of the block and lengths.</summary>
    public const int Literals = 286;
    public const int Distances = 30;

    /// <summary>By length.</summary>
    public static readonly int[] OfLength = new int[Longest + 1];

    /// <summary>By symbol; zero for bytes.</summary>
    public static readonly int[] LengthBase = new int[Literals];
    public static readonly int[] LengthBits = new int[Literals];
    public static readonly int[] DistanceBase = new int[Distances];
    public static readonly int[] DistanceBits = new int[Distances];

    static Symbols()
    {
        for (int symbol = 257, length = Shortest; symbol < Literals - 1; symbol++)
        {
            LengthBase[symbol] = length;
            LengthBits[symbol] = symbol < 265 ? 0 : (symbol - 261) / 4;
            for (var end = length + (1 << LengthBits[symbol]); length < end && length < Longest; length++)
                OfLength[length] = symbol;
        }
        // The longest has a symbol to itself.
        LengthBase[Literals - 1] = Longest;
        OfLength[Longest] = Literals - 1;
        for (int symbol = 0, distance = 1; symbol < Distances; symbol++)
        {
            DistanceBase[symbol] = distance;
            DistanceBits[symbol] = symbol < 4 ? 0 : (symbol - 2) / 2;
            distance += 1 << DistanceBits[symbol];
        }
    }

    public static int OfDistance(int distance)
    {
        if (distance <= 4)
            return distance - 1;
        var bits = System.Numerics.BitOperations.Log2((uint)(distance - 1));
        return (2 * bits) + (((distance - 1) >> (bits - 1)) & 1);
    }
}
