namespace Baker.Diagnostics;

/// <summary>A stretch of one line of the spec file; line and column count from 1, length in characters (at least 1).</summary>
public readonly record struct Spot(int Line, int Column, int Length);
