using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Baker.Stack.Duo;
using Baker.Stack.Roles;

namespace Baker.Stack;

/// <summary>What the parts of the stack must agree on.</summary>
/// <param name="ModelServerVersion">In plan.json under the name that readers of it know.</param>
/// <param name="ModelServerSha256">As well; null where only the maker's own list can tell.</param>
public sealed record StackPlan(
    string GitLabUrl, string GitLabHost, string GitLabVersion, string Tls, string License, bool IsInternalOnly,
    string GatewayImage, string GatewayAuth, string GatewayUrl,
    [property: JsonPropertyName("ollama_version")] string ModelServerVersion,
    [property: JsonPropertyName("ollama_sha256")] string? ModelServerSha256,
    ImmutableArray<string> Models,
    ModelEndpoint Model, int ContextLength, ModelMemory ModelMemory, DnsPlan? Dns);

/// <summary>The record somebody must make.</summary>
/// <param name="Target">An address, or null: the public address that exists only after launch.</param>
public sealed record DnsPlan(string Name, string? Target);
