namespace Baker.Packing;

/// <summary>
/// Looks for the tokens that make the smallest block of a stretch of bytes. Which are cheapest depends on the codes, and the codes on the
/// tokens:
/// each round takes its costs from what the last one came to. One that stands still is pushed aside, by numbers that are the same
/// everywhere.
/// </summary>
internal sealed class Search(byte[] data, Matches matches)
{
    private const int Free = 5;

    public Parsed Best(int from, int to, Counts start, int rounds)
    {
        var counts = start;
        Parsed? best = null;
        var chance = 1u;
        var last = 0;
        for (var round = 0; round < rounds; round++)
        {
            var parsed = Parsed.Of(data, from, CheapestWay.Through(data, matches, from, to, Costs.Of(counts)));
            var bits = parsed.Block.Bits;
            if (best is null || bits < best.Block.Bits)
                best = parsed;
            // The first rounds go far; then what was best so far holds back, or two parses would lead to each other for ever.
            counts = bits == last ? Shaken(best.Counts, ref chance) : round < Free ? parsed.Counts
                : parsed.Counts.Plus(best.Counts, times: 2);
            last = bits;
        }
        return best!;
    }

    /// <summary>Every third count becomes that of another symbol.</summary>
    private static Counts Shaken(Counts counts, ref uint chance)
    {
        var shaken = new Counts();
        Shake(counts.Literals, shaken.Literals, ref chance);
        Shake(counts.Distances, shaken.Distances, ref chance);
        shaken.Literals[Symbols.EndOfBlock] = 1;
        return shaken;
    }

    private static void Shake(int[] counts, int[] shaken, ref uint chance)
    {
        for (var symbol = 0; symbol < counts.Length; symbol++)
            shaken[symbol] = counts[Next(ref chance) % 3 == 0 ? (int)(Next(ref chance) % (uint)counts.Length) : symbol];
    }

    private static uint Next(ref uint chance)
    {
        chance = (chance * 1664525) + 1013904223;
        return chance >> 16;
    }
}
