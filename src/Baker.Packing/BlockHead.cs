namespace Baker.Packing;

/// <summary>The lengths of a block's codes, run by run and in a code of their own (RFC 1951, 3.2.7).</summary>
internal sealed class BlockHead
{
    private const int Repeat = 16;
    private const int ShortZeros = 17;
    private const int LongZeros = 18;

    private static readonly int[] Order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private readonly int _literals;
    private readonly int _distances;
    private readonly List<(int Symbol, int Extra)> _runs;
    private readonly int[] _lengths;
    private readonly int _sent;

    private BlockHead(int literals, int distances, List<(int Symbol, int Extra)> runs)
    {
        (_literals, _distances, _runs) = (literals, distances, runs);
        var counts = new int[Order.Length];
        foreach (var (symbol, _) in runs)
            counts[symbol]++;
        _lengths = CodeLengths.Of(counts, 7);
        _sent = Math.Max(4, Array.FindLastIndex(Order, symbol => _lengths[symbol] > 0) + 1);
        Bits = 14 + (3 * _sent) + runs.Sum(run => _lengths[run.Symbol] + ExtraBits(run.Symbol));
    }

    public int Bits { get; }

    /// <summary>The shortest of the ways to tell these lengths: with each kind of run or without it.</summary>
    public static BlockHead Of(int[] literals, int[] distances)
    {
        var ends = (Literals: Math.Max(257, Array.FindLastIndex(literals, l => l > 0) + 1),
            Distances: Math.Max(1, Array.FindLastIndex(distances, l => l > 0) + 1));
        int[] all = [.. literals.AsSpan(0, ends.Literals), .. distances.AsSpan(0, ends.Distances)];
        BlockHead? best = null;
        for (var kinds = 0; kinds < 8; kinds++)
        {
            var head = new BlockHead(ends.Literals, ends.Distances, Runs(all, (kinds & 1) != 0, (kinds & 2) != 0, (kinds & 4) != 0));
            if (best is null || head.Bits < best.Bits)
                best = head;
        }
        return best!;
    }

    public void Write(BitWriter to)
    {
        to.Write(_literals - 257, 5);
        to.Write(_distances - 1, 5);
        to.Write(_sent - 4, 4);
        foreach (var symbol in Order.AsSpan(0, _sent))
            to.Write(_lengths[symbol], 3);
        var words = CodeLengths.Words(_lengths);
        foreach (var (symbol, extra) in _runs)
        {
            to.Write(words[symbol], _lengths[symbol]);
            to.Write(extra, ExtraBits(symbol));
        }
    }

    private static List<(int Symbol, int Extra)> Runs(int[] lengths, bool repeats, bool shortZeros, bool longZeros)
    {
        var runs = new List<(int Symbol, int Extra)>();
        for (var at = 0; at < lengths.Length;)
        {
            var length = lengths[at];
            var end = at + 1;
            while (end < lengths.Length && lengths[end] == length)
                end++;
            var count = end - at;
            at = end;
            if (length == 0)
            {
                for (; longZeros && count >= 11; count -= Math.Min(138, count))
                    runs.Add((LongZeros, Math.Min(138, count) - 11));
                for (; shortZeros && count >= 3; count -= Math.Min(10, count))
                    runs.Add((ShortZeros, Math.Min(10, count) - 3));
            }
            if (repeats && count >= 4)
            {
                runs.Add((length, 0));
                for (count--; count >= 3;)
                {
                    // Six and then one or two would be one or two words more than five and three, or four and four.
                    var run = count is 7 or 8 ? 4 : Math.Min(6, count);
                    runs.Add((Repeat, run - 3));
                    count -= run;
                }
            }
            for (; count > 0; count--)
                runs.Add((length, 0));
        }
        return runs;
    }

    private static int ExtraBits(int symbol) => symbol switch { Repeat => 2, ShortZeros => 3, LongZeros => 7, _ => 0 };
}
