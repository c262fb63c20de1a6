using System.Text.RegularExpressions;
using Baker.Language.Shapes;

namespace Baker.Language.Values;

/// <summary>A container image: <c>[registry/]name:tag[@sha256:…]</c>.</summary>
/// <param name="Registry">Host and port, or null for Docker Hub.</param>
public sealed partial record ImageRef(string? Registry, string Name, string? Tag, string? Digest)
{
    public static readonly TextFormat Format = new("a container image",
        text => text.Length > 512 ? "it has more than 512 characters"
            : Pattern().Match(text) is not { Success: true } match
                ? "write `registry/name:tag`, optionally followed by @sha256: and 64 hexadecimal digits"
            : match.Groups["registry"] is { Success: true } host && !IsRegistry(host.Value)
                ? "write a registry's host name, optionally with a port up to 65535"
            : match.Groups["tag"].Success || match.Groups["digest"].Success ? null
                : "name a tag or a digest; there is no `latest` of this image",
        "^[^\\s]+$")
    { MayHaveLogin = true };

    /// <summary>True for a host with an optional port that something could be fetched from.</summary>
    public static bool IsRegistry(string host) =>
        Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var url) && url is { Host.Length: > 0, Port: > 0 };

    /// <exception cref="FormatException">The text does not have the <see cref="Format"/>.</exception>
    public static ImageRef Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success)
            throw new FormatException(text);
        return new ImageRef(Group("registry"), match.Groups["name"].Value, Group("tag"), Group("digest"));
        string? Group(string name) => match.Groups[name] is { Success: true } group ? group.Value : null;
    }

    public override string ToString() =>
        $"{(Registry is null ? "" : Registry + "/")}{Name}{(Tag is null ? "" : ":" + Tag)}{(Digest is null ? "" : "@" + Digest)}";

    // A first part is a registry when it has a dot or a port or is `localhost`: the rule of the container world.
    [GeneratedRegex(@"\A((?<registry>localhost(:[0-9]{1,5})?|[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?|[A-Za-z0-9-]+:[0-9]{1,5})/)?(?<name>[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*)(:(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(@(?<digest>sha256:[0-9a-f]{64}))?\z")]
    private static partial Regex Pattern();
}
