using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baker.Baking;

/// <summary>The file in which Packer's manifest post-processor says what was made.</summary>
internal static class PackerManifest
{
    /// <returns>Image id of the last run; null when it names none with this fingerprint.</returns>
    public static string? Image(string path, string fingerprint)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), PackerManifestJson.Default.Content);
            var build = manifest?.Builds?.LastOrDefault(b =>
                b.PackerRunUuid == manifest.LastRunUuid && b.CustomData?.GetValueOrDefault("fingerprint") == fingerprint);
            // EC2: region:ami; Compute Engine: the name alone.
            return build?.ArtifactId is { Length: > 0 } id ? id[(id.LastIndexOf(':') + 1)..] : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    internal sealed record Content(IReadOnlyList<Build>? Builds, string? LastRunUuid);

    internal sealed record Build(string? ArtifactId, string? PackerRunUuid, IReadOnlyDictionary<string, string>? CustomData);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PackerManifest.Content))]
internal sealed partial class PackerManifestJson : JsonSerializerContext;
