namespace Baker.Packing;

/// <summary>One byte as it is, or so many bytes that stand at a distance before.</summary>
/// <param name="Length">1 for a byte as it is.</param>
internal readonly record struct Token(short Length, ushort Distance);
