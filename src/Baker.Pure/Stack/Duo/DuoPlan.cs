using System.Collections.Immutable;

namespace Baker.Stack.Duo;

/// <param name="Identifier">How the gateway names the model: <c>custom_openai/…</c>.</param>
/// <param name="IsWired">False for GitLab versions whose settings can be made by hand only.</param>
public sealed record DuoPlan(
    string Name, string Family, string Identifier, string Endpoint, ImmutableArray<string> Features, ImmutableArray<string> Seats,
    bool OnlySelfHosted, bool AcceptTestingTerms, bool IsWired);
