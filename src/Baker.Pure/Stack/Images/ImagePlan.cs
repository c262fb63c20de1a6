namespace Baker.Stack.Images;

/// <param name="Id">Named in the spec; null: found at launch.</param>
/// <param name="Fingerprint">Twelve hexadecimal digits over install scripts and install values: what a baked image must carry to
/// fit.</param>
public sealed record ImagePlan(string Use, string? Id, string Fingerprint);
