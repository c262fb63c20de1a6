namespace Baker.Packing;

/// <summary>
/// Lengths of the best prefix code whose words have no more than so many bits: package-merge (Larmore and Hirschberg, 1990). Of two
/// symbols that come
/// equally often the one with the smaller number counts as rarer, so that the result is one and the same everywhere.
/// </summary>
internal static class CodeLengths
{
    public static int[] Of(ReadOnlySpan<int> counts, int most)
    {
        var lengths = new int[counts.Length];
        var symbols = new List<(int Count, int Symbol)>();
        for (var symbol = 0; symbol < counts.Length; symbol++)
        {
            if (counts[symbol] > 0)
                symbols.Add((counts[symbol], symbol));
        }
        if (symbols.Count <= 1)
        {
            foreach (var (_, symbol) in symbols)
                lengths[symbol] = 1;
            return lengths;
        }
        symbols.Sort();
        // From the deepest level up: symbols and pairs of the level below, by weight. Of each level the first ones are taken.
        var levels = new List<(int Weight, bool IsPair)>[most];
        for (var level = most - 1; level >= 0; level--)
        {
            var below = level == most - 1 ? [] : levels[level + 1];
            var merged = new List<(int Weight, bool IsPair)>(symbols.Count + (below.Count / 2));
            var pair = 0;
            foreach (var (count, _) in symbols)
            {
                for (; pair + 1 < below.Count && below[pair].Weight + below[pair + 1].Weight < count; pair += 2)
                    merged.Add((below[pair].Weight + below[pair + 1].Weight, true));
                merged.Add((count, false));
            }
            for (; pair + 1 < below.Count; pair += 2)
                merged.Add((below[pair].Weight + below[pair + 1].Weight, true));
            levels[level] = merged;
        }
        var taken = (2 * symbols.Count) - 2;
        foreach (var level in levels)
        {
            var pairs = level.Take(taken).Count(l => l.IsPair);
            for (var i = 0; i < taken - pairs; i++)
                lengths[symbols[i].Symbol]++;
            taken = 2 * pairs;
        }
        return lengths;
    }

    /// <summary>The words of these lengths (RFC 1951, 3.2.2), the first bit of each lowest: as they are written.</summary>
    public static int[] Words(ReadOnlySpan<int> lengths)
    {
        var words = new int[lengths.Length];
        for (int length = 1, next = 0; length <= 15; length++, next <<= 1)
        {
            for (var symbol = 0; symbol < lengths.Length; symbol++)
            {
                if (lengths[symbol] == length)
                    words[symbol] = Reversed(next++, length);
            }
        }
        return words;
    }

    private static int Reversed(int word, int length)
    {
        var reversed = 0;
        for (var bit = 0; bit < length; bit++)
            reversed |= ((word >> bit) & 1) << (length - 1 - bit);
        return reversed;
    }
}
