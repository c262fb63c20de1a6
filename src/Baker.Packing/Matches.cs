namespace Baker.Packing;

/// <summary>
/// What stands before each byte and begins as what follows it: for every symbol of distance the longest. Which of them is cheapest changes
/// with
/// the costs of symbols, so all of them are kept.
/// </summary>
internal sealed class Matches
{
    private readonly int[] _first;
    private readonly List<Token> _all = [];

    public Matches(ReadOnlySpan<byte> data)
    {
        _first = new int[data.Length + 1];
        var last = new Dictionary<int, int>();
        var before = new int[data.Length];
        Span<Token> best = stackalloc Token[Symbols.Distances];
        for (var at = 0; at < data.Length; at++)
        {
            _first[at] = _all.Count;
            if (at + Symbols.Shortest > data.Length)
                continue;
            var key = data[at] | (data[at + 1] << 8) | (data[at + 2] << 16);
            best.Clear();
            for (var other = last.GetValueOrDefault(key, -1); other >= 0 && at - other <= Symbols.Window; other = before[other])
            {
                ref var of = ref best[Symbols.OfDistance(at - other)];
                var rest = data[at..Math.Min(data.Length, at + Symbols.Longest)];
                if (of.Length == rest.Length || data[other + of.Length] != rest[of.Length])
                    continue;
                var length = rest.CommonPrefixLength(data[other..]);
                if (length > of.Length)
                    of = new Token((short)length, (ushort)(at - other));
            }
            before[at] = last.GetValueOrDefault(key, -1);
            last[key] = at;
            foreach (var of in best)
            {
                if (of.Length > 0)
                    _all.Add(of);
            }
        }
        _first[data.Length] = _all.Count;
    }

    public ReadOnlySpan<Token> At(int at) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_all)[_first[at].._first[at + 1]];
}
