using System.Collections.Immutable;

namespace Baker.Verifying.Registry;

/// <summary>The tags of an image that a registry has, as far as one may ask it.</summary>
/// <param name="Where">Whom one asked, for people.</param>
/// <param name="Names">Empty where it has none that was asked for, or did not say.</param>
/// <param name="Refusal">Why it did not say; null: it did.</param>
public sealed record ImageTags(string Where, ImmutableArray<string> Names, string? Refusal);
