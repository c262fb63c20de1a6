namespace Baker.Packing;

/// <summary>The tokens that say a stretch of bytes for the least, by given costs.</summary>
internal static class CheapestWay
{
    public static Token[] Through(ReadOnlySpan<byte> data, Matches matches, int from, int to, Costs costs)
    {
        var length = to - from;
        var cost = new int[length + 1];
        var last = new Token[length + 1];
        Array.Fill(cost, int.MaxValue, 1, length);
        Span<int> cheapest = stackalloc int[Symbols.Longest + 1];
        Span<ushort> distance = stackalloc ushort[Symbols.Longest + 1];
        for (var at = 0; at < length; at++)
        {
            var here = cost[at];
            var asByte = here + costs.Bytes[data[from + at]];
            if (asByte < cost[at + 1])
                (cost[at + 1], last[at + 1]) = (asByte, new Token(1, 0));
            var most = 0;
            foreach (var match in matches.At(from + at))
            {
                var end = Math.Min(match.Length, length - at);
                var price = costs.Distances[Symbols.OfDistance(match.Distance)];
                if (end > most)
                {
                    cheapest[(most + 1)..(end + 1)].Fill(int.MaxValue);
                    most = end;
                }
                if (price < cheapest[end])
                    (cheapest[end], distance[end]) = (price, match.Distance);
            }
            // What serves a greater length serves every smaller one.
            var (lowest, with) = (int.MaxValue, (ushort)0);
            for (var n = most; n >= Symbols.Shortest; n--)
            {
                if (cheapest[n] < lowest)
                    (lowest, with) = (cheapest[n], distance[n]);
                var asMatch = here + lowest + costs.Lengths[n];
                if (asMatch < cost[at + n])
                    (cost[at + n], last[at + n]) = (asMatch, new Token((short)n, with));
            }
        }
        var way = new List<Token>();
        for (var at = length; at > 0; at -= last[at].Length)
            way.Add(last[at]);
        way.Reverse();
        return [.. way];
    }
}
