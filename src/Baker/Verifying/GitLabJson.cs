using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baker.Verifying;

/// <summary>What is read of GitLab's JSON.</summary>
internal static class GitLabJson
{
    /// <summary>Null where it is no such document.</summary>
    public static string? Issuer(byte[] document)
    {
        try
        {
            return JsonSerializer.Deserialize(document, GitLabJsonContext.Default.OpenIdDocument)?.Issuer;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal sealed record OpenIdDocument(string? Issuer);

[JsonSerializable(typeof(OpenIdDocument))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class GitLabJsonContext : JsonSerializerContext;
