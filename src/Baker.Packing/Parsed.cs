namespace Baker.Packing;

/// <summary>A stretch of bytes as tokens that become one block.</summary>
internal sealed record Parsed(Token[] Tokens, Counts Counts, Block Block)
{
    public static Parsed Of(ReadOnlySpan<byte> data, int from, Token[] tokens)
    {
        var counts = Counts.Of(data, from, tokens);
        return new Parsed(tokens, counts, Block.Of(counts));
    }
}
