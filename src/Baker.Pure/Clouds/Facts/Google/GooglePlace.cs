namespace Baker.Clouds.Facts.Google;

/// <summary>
/// Where a stack is: its project and region, and how paths of resources there are written. A path begins with <c>projects/</c>.
/// </summary>
/// <param name="Zone">The only zone that the user wants; null: any of the region.</param>
internal sealed record GooglePlace(string Project, string Region, string? Zone)
{
    public string Root => $"projects/{Project}";

    public string Global(string kind) => $"{Root}/global/{kind}";

    public string Regional(string kind) => $"{Root}/regions/{Region}/{kind}";

    public string Zonal(string zone, string kind) => $"{Root}/zones/{zone}/{kind}";

    /// <summary>The path of a network that a spec names by name or path.</summary>
    public string Network(string id) => IsPath(id) ? id : Global($"networks/{id}");

    public string Subnet(string id) => IsPath(id) ? id : Regional($"subnetworks/{id}");

    /// <summary>The path in a link, whatever endpoint it begins with; a path stays as it is.</summary>
    public static string Path(string? link) =>
        link is null ? "" : link[Math.Max(0, link.IndexOf("projects/", StringComparison.Ordinal))..];

    /// <summary>The last part of a link: a name.</summary>
    public static string Name(string? link) => link is null ? "" : link[(link.LastIndexOf('/') + 1)..];

    /// <summary>The project in a path.</summary>
    public static string ProjectOf(string path) => path.Split('/')[1];

    private static bool IsPath(string id) => id.StartsWith("projects/", StringComparison.Ordinal);
}
