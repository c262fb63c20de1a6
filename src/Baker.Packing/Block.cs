namespace Baker.Packing;

/// <summary>A block with codes of its own (RFC 1951, 3.2.7).</summary>
internal sealed class Block
{
    private readonly int[] _literals;
    private readonly int[] _distances;
    private readonly BlockHead _head;

    private Block(Counts counts)
    {
        _literals = CodeLengths.Of(counts.Literals, 15);
        _distances = CodeLengths.Of(counts.Distances, 15);
        _head = BlockHead.Of(_literals, _distances);
        Bits = 3 + _head.Bits;
        for (var symbol = 0; symbol < Symbols.Literals; symbol++)
            Bits += counts.Literals[symbol] * (_literals[symbol] + Symbols.LengthBits[symbol]);
        for (var symbol = 0; symbol < Symbols.Distances; symbol++)
            Bits += counts.Distances[symbol] * (_distances[symbol] + Symbols.DistanceBits[symbol]);
    }

    public int Bits { get; }

    public static Block Of(Counts counts) => new(counts);

    public void Write(BitWriter to, ReadOnlySpan<byte> data, int at, ReadOnlySpan<Token> tokens, bool isLast)
    {
        to.Write(isLast ? 1 : 0, 1);
        to.Write(2, 2);
        _head.Write(to);
        var (literals, distances) = (CodeLengths.Words(_literals), CodeLengths.Words(_distances));
        foreach (var token in tokens)
        {
            var symbol = token.Length == 1 ? data[at] : Symbols.OfLength[token.Length];
            to.Write(literals[symbol], _literals[symbol]);
            if (token.Length > 1)
            {
                to.Write(token.Length - Symbols.LengthBase[symbol], Symbols.LengthBits[symbol]);
                var distance = Symbols.OfDistance(token.Distance);
                to.Write(distances[distance], _distances[distance]);
                to.Write(token.Distance - Symbols.DistanceBase[distance], Symbols.DistanceBits[distance]);
            }
            at += token.Length;
        }
        to.Write(literals[Symbols.EndOfBlock], _literals[Symbols.EndOfBlock]);
    }
}
