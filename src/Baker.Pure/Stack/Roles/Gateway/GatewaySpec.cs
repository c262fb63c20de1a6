using Baker.Language.Shapes;
using Baker.Language.Values;
using Baker.Stack.Roles.GitLab;

namespace Baker.Stack.Roles.Gateway;

/// <param name="Image">Null: by GitLab's version.</param>
/// <param name="Bypass">True when the gateway is to accept requests without any authentication.</param>
public sealed record GatewaySpec(ImageRef? Image, bool Bypass, MachineSpec Machine) : RoleSpec(Machine)
{
    /// <summary>Docker Hub's name of the vendor's image.</summary>
    public const string ImageName = "gitlab/model-gateway";

    public static GatewaySpec From(SpecMap map) => new(
        map.Text("image") is { } image ? ImageRef.Parse(image) : null, map.Text("auth") == "bypass", MachineSpec.From(map));

    /// <summary>The image for a GitLab version; null when none is named and the version is not in the table.</summary>
    /// <param name="running">The gateway's version that the stack runs, which stays while GitLab's minor does; null: none yet.</param>
    public ImageRef? ImageFor(string gitlabVersion, string? running = null) =>
        Image ?? (Tag(gitlabVersion, running) is { } tag ? new ImageRef(null, ImageName, tag, null) : null);

    private static string? Tag(string gitlabVersion, string? running) =>
        running is not null && GitLabReleases.Minor(running) == GitLabReleases.Minor(gitlabVersion) ? GitLabReleases.TagOf(running)
            : GitLabReleases.GatewayTag(gitlabVersion);
}

/// <summary>The keys under <c>gateway</c>.</summary>
public static class GatewayShape
{
    public static readonly MapShape Shape = new("the AI Gateway VM",
        [
            new Key("image", new TextShape("container image with tag, optionally @sha256:…", ImageRef.Format),
                Default: "by GitLab's version"),
            new Key("auth", new WordShape("whether requests must carry GitLab's token", "required", "bypass"), Default: "required"),
            .. MachineShape.Keys(GatewayRole.Itself),
        ]);
}
