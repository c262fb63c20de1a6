using System.Numerics;

namespace Baker.Packing;

/// <summary>
/// What each symbol costs, its extra bits included, in 1024ths of a bit. Counted in integers: a logarithm of floating point may differ in
/// its last
/// digit between processors, and one digit can turn a choice.
/// </summary>
internal sealed class Costs
{
    private const int Scale = 10;

    public readonly int[] Bytes = new int[256];

    /// <summary>By length.</summary>
    public readonly int[] Lengths = new int[Symbols.Longest + 1];
    public readonly int[] Distances = new int[Symbols.Distances];

    /// <summary>Of symbols that come as often as in these counts.</summary>
    public static Costs Of(Counts counts)
    {
        var costs = new Costs();
        var (literals, distances) = (Bits(counts.Literals), Bits(counts.Distances));
        literals.AsSpan(0, 256).CopyTo(costs.Bytes);
        for (var length = Symbols.Shortest; length <= Symbols.Longest; length++)
        {
            var symbol = Symbols.OfLength[length];
            costs.Lengths[length] = literals[symbol] + (Symbols.LengthBits[symbol] << Scale);
        }
        for (var symbol = 0; symbol < Symbols.Distances; symbol++)
            costs.Distances[symbol] = distances[symbol] + (Symbols.DistanceBits[symbol] << Scale);
        return costs;
    }

    private static int[] Bits(int[] counts)
    {
        var all = Logarithm(Math.Max(1, counts.Sum()));
        // One that never came would come once.
        return [.. counts.Select(count => all - Logarithm(Math.Max(1, count)))];
    }

    /// <summary>To the base 2: the fraction's digits come out one by one when the rest is squared.</summary>
    private static int Logarithm(int number)
    {
        var whole = BitOperations.Log2((uint)number);
        var rest = ((ulong)number << 31) >> whole;
        var logarithm = whole;
        for (var digit = 0; digit < Scale; digit++)
        {
            rest = (rest * rest) >> 31;
            logarithm <<= 1;
            if (rest >= 1UL << 32)
            {
                logarithm++;
                rest >>= 1;
            }
        }
        return logarithm;
    }
}
