namespace Baker.Packing;

/// <summary>How often a block has each symbol.</summary>
internal sealed class Counts
{
    public readonly int[] Literals = new int[Symbols.Literals];
    public readonly int[] Distances = new int[Symbols.Distances];

    public static Counts Of(ReadOnlySpan<byte> data, int at, ReadOnlySpan<Token> tokens)
    {
        var counts = new Counts();
        foreach (var token in tokens)
        {
            if (token.Length == 1)
            {
                counts.Literals[data[at]]++;
            }
            else
            {
                counts.Literals[Symbols.OfLength[token.Length]]++;
                counts.Distances[Symbols.OfDistance(token.Distance)]++;
            }
            at += token.Length;
        }
        counts.Literals[Symbols.EndOfBlock]++;
        return counts;
    }

    /// <summary>Each count so many times, and those of the other so many times.</summary>
    public Counts Plus(Counts other, int times = 1, int timesOther = 1)
    {
        var sum = new Counts();
        for (var symbol = 0; symbol < Symbols.Literals; symbol++)
            sum.Literals[symbol] = (times * Literals[symbol]) + (timesOther * other.Literals[symbol]);
        for (var symbol = 0; symbol < Symbols.Distances; symbol++)
            sum.Distances[symbol] = (times * Distances[symbol]) + (timesOther * other.Distances[symbol]);
        return sum;
    }
}
