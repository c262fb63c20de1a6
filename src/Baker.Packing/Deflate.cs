namespace Baker.Packing;

/// <summary>
/// Compresses as far as deflate (RFC 1951) goes, which takes half a second: EC2 has room for 16,384 bytes. Integers alone decide, so that
/// every
/// processor and every runtime make the same bytes.
/// </summary>
internal static class Deflate
{
    /// <summary>Of more bytes the costs, counted in parts of a bit, might not fit an integer.</summary>
    private const int Most = 128 * 1024;

    /// <summary>To find where blocks begin, and then of each block: after these a byte or two more would be found.</summary>
    private const int RoundsOfWhole = 12;
    private const int RoundsOfBlock = 30;

    public static byte[] Of(byte[] data)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, Most, nameof(data));
        var search = new Search(data, new Matches(data));
        var whole = search.Best(0, data.Length, Guess(), RoundsOfWhole);
        var bits = new BitWriter();
        var from = 0;
        foreach (var to in Splitting.Of(data, whole.Tokens))
        {
            var block = search.Best(from, to, whole.Counts, RoundsOfBlock);
            block.Block.Write(bits, data, from, block.Tokens, isLast: to == data.Length);
            from = to;
        }
        return bits.ToArray();
    }

    /// <summary>To begin with: every byte comes as often as every other, and lengths more often.</summary>
    private static Counts Guess()
    {
        var counts = new Counts();
        counts.Literals.AsSpan(0, Symbols.EndOfBlock).Fill(2);
        counts.Literals.AsSpan(Symbols.EndOfBlock).Fill(8);
        counts.Distances.AsSpan().Fill(1);
        return counts;
    }
}
