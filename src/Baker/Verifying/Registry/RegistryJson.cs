using System.Text.Json.Serialization;

namespace Baker.Verifying.Registry;

/// <summary>A page of tags: <c>tags</c> of a registry, <c>results</c> and <c>next</c> of Docker Hub.</summary>
internal sealed record TagPage(string[]? Tags, HubTag[]? Results, string? Next);

internal sealed record HubTag(string Name);

/// <summary>Either name is in use for the same thing.</summary>
internal sealed record TokenAnswer(string? Token, string? AccessToken);

[JsonSerializable(typeof(TagPage))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class RegistryJsonContext : JsonSerializerContext;
