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

/// <summary>The record of GitLab's name.</summary>
/// <param name="Target">An address, or null: the public address that exists only after launch.</param>
/// <param name="Maker"><c>auto</c>: a launch where it finds a zone, else people; <c>none</c>: people; <c>zone</c>: a launch in
/// <paramref name="Zone"/>.</param>
/// <param name="Project">Where the zone lies; null: where the stack does.</param>
/// <param name="Zone">Named by the user.</param>
public sealed record DnsPlan(string Name, string? Target, string Maker, string? Project, string? Zone);
