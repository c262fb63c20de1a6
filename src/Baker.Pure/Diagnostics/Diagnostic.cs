namespace Baker.Diagnostics;

/// <summary>A message, bound to a place in the spec.</summary>
/// <param name="Spot">Null when the problem has no place in the file (the file is empty, say).</param>
public sealed record Diagnostic(Message Message, SpecPath Path, Spot? Spot);
