using System.Globalization;

namespace Baker.Rendering;

/// <summary>A bundle as files: one for people, and its parts as they are stored.</summary>
public static class BundleFiles
{
    public const string Folder = "bundle";

    public static IEnumerable<Artifact> Of(string role, Bundle bundle) =>
        [new Artifact($"{Folder}/{role}.yaml", bundle.Plain), .. bundle.Parts.Select((part, i) => Artifact.Text(PartFile(role, i), part))];

    /// <param name="i">From 0; the first part is called 1.</param>
    public static string PartFile(string role, int i) => string.Create(CultureInfo.InvariantCulture, $"{Folder}/{role}/{i + 1}");
}
