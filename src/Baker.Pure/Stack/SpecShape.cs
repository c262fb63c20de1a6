using Baker.Clouds.Facts;
using Baker.Language.Shapes;
using Baker.Language.Values;
using Baker.Stack.Duo;
using Baker.Stack.Identities;
using Baker.Stack.Images;
using Baker.Stack.Mirrors;
using Baker.Stack.Network;
using Baker.Stack.Roles;

namespace Baker.Stack;

/// <summary>The shape of a whole spec: the root of the tree that everything else follows.</summary>
public static class SpecShape
{
    /// <summary>The only version of the format there is.</summary>
    public const int Version = 1;

    private static readonly TextFormat TagText = new("a tag", text => text.Length <= 256 ? null : "at most 256 characters");

    private static readonly TextFormat KmsKey = new("a key", text =>
        text.Any(char.IsWhiteSpace) || text.Length > 300 ? "write one word" : null);

    public static readonly MapShape Root = new("a GitLab Duo stack",
    [
        new Key("version", new NumberShape("version of this format", Version, Version, ""), Required: true),
        new Key("name", new TextShape("prefix of every resource's name", TextFormats.StackName), Required: true),
        new Key("evaluation", new FlagShape("allow what is fine for a trial and never for production"), Default: "false"),
        new Key("cloud", CloudCatalog.Shape, Required: true),
        new Key("network", NetworkShape.Network(RoleCatalog.Names), Default: "a network of the stack's own"),
        new Key("dns", DnsShape.Shape, Default: "auto"),
        new Key("identity", IdentityShape.Shape, Default: "auto"),
        new Key("ssh", NetworkShape.Ssh, Default: "no SSH from outside"),
        .. RoleCatalog.All.Select(r => r.Facts.IsRequired ? new Key(r.Name, r.Shape, Required: true)
            : new Key(r.Name, r.Shape, Default: "all defaults")),
        new Key("duo", DuoShape.Shape, Default: "all defaults"),
        new Key("images", ImagesShape.Shape(RoleCatalog.Names), Default: "auto"),
        new Key("mirrors", MirrorsShape.Shape, Default: "the makers' own servers"),
        new Key("tags", new TableShape("tags (labels on gcp) put on everything that is created", TagText, TagText, 40), Default: "none"),
        new Key("kms_key", new TextShape("key that encrypts disks and images (aws, gcp)", KmsKey), Default: "the cloud's own key"),
    ]);
}
