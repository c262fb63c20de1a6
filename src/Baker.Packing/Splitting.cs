namespace Baker.Packing;

/// <summary>
/// Where a new block with codes of its own pays for its head: of cuts at even distances the set that makes the fewest bits.
/// </summary>
internal static class Splitting
{
    private const int Places = 40;

    /// <returns>The ends of the blocks, the last one included.</returns>
    public static int[] Of(byte[] data, Token[] tokens)
    {
        // Counts up to each place.
        var (ends, sums) = (new List<int> { 0 }, new List<Counts> { new() });
        for (int place = 0, token = 0, at = 0; place < Places; place++)
        {
            var (first, begin) = (token, at);
            while (token < tokens.Length && at < (long)data.Length * (place + 1) / Places)
                at += tokens[token++].Length;
            if (at == begin)
                continue;
            var counts = Counts.Of(data, begin, tokens.AsSpan(first, token - first));
            ends.Add(at);
            sums.Add(sums[^1].Plus(counts));
        }
        var bits = new int[ends.Count];
        var before = new int[ends.Count];
        for (var end = 1; end < ends.Count; end++)
        {
            bits[end] = int.MaxValue;
            for (var begin = 0; begin < end; begin++)
            {
                var counts = sums[end].Plus(sums[begin], timesOther: -1);
                counts.Literals[Symbols.EndOfBlock] = 1;
                var sum = bits[begin] + Block.Of(counts).Bits;
                if (sum < bits[end])
                    (bits[end], before[end]) = (sum, begin);
            }
        }
        var cuts = new List<int>();
        for (var end = ends.Count - 1; end > 0; end = before[end])
            cuts.Add(ends[end]);
        cuts.Reverse();
        return cuts.Count == 0 ? [data.Length] : [.. cuts];
    }
}
