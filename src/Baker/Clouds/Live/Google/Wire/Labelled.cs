namespace Baker.Clouds.Live.Google.Wire;

/// <summary>What all things with labels have in common.</summary>
/// <param name="LabelFingerprint">Goes back with a change; a stale one is refused.</param>
internal sealed record Labelled(string? SelfLink = null, IReadOnlyDictionary<string, string>? Labels = null,
    string? LabelFingerprint = null);

internal sealed record SetLabelsRequest(IReadOnlyDictionary<string, string>? Labels = null, string? LabelFingerprint = null);
