using System.Collections.Immutable;
using Baker.Clouds.Facts;
using Baker.Diagnostics;
using Baker.Language.Shapes;

namespace Baker.Stack.Images;

/// <summary>What VMs start from.</summary>
public enum ImageChoice
{
    /// <summary>The stack's own baked image where a fitting one exists, stock Ubuntu otherwise.</summary>
    Auto,

    /// <summary>Ubuntu 24.04 as the cloud has it.</summary>
    Stock,

    /// <summary>The stack's own baked image, or an error.</summary>
    Baked,
}

/// <param name="Ids">Explicit image per role name.</param>
/// <param name="BuilderSubnet">Where the builder VM runs; null: the cloud's default network.</param>
/// <param name="BuilderAccess">How Packer reaches the builder VM; null: public.</param>
/// <param name="MaxAgeDays">Older images are rebuilt by bake and warned about by launch.</param>
public sealed record ImagesSpec(ImageChoice Use, ImmutableSortedDictionary<string, string> Ids, string? BuilderSubnet,
    string? BuilderAccess, int? MaxAgeDays)
{
    public static readonly ImagesSpec Default = new(ImageChoice.Auto, ImmutableSortedDictionary<string, string>.Empty, null, null, null);

    public static ImagesSpec From(SpecNode? node, IEnumerable<string> roles) => node switch
    {
        SpecText word => Default with { Use = Choice(word.Text) },
        SpecMap map => new ImagesSpec(Choice(map.Text("use")),
            roles.Where(r => map.Text(r) is not null).ToImmutableSortedDictionary(r => r, r => map.Text(r)!),
            map.Map("builder")?.Text("subnet"), map.Map("builder")?.Text("access"), map.Number("max_age_days")),
        _ => Default,
    };

    private static ImageChoice Choice(string? word) =>
        word switch { "stock" => ImageChoice.Stock, "baked" => ImageChoice.Baked, _ => ImageChoice.Auto };
}

/// <summary>The key <c>images</c>: a word, or a map.</summary>
public static class ImagesShape
{
    private static readonly WordShape Word = new("what VMs start from", "auto", "stock", "baked");

    private static readonly TextFormat Id = new("an image", text =>
        text.Any(char.IsWhiteSpace) || text.Length > 300 ? "write one word" : null);

    public static EitherShape Shape(IEnumerable<string> roles) => new("what VMs start from", Word, new MapShape("what VMs start from",
        [
            new Key("use", Word, Default: "auto"),
            .. roles.Select(r => new Key(r, new TextShape($"image of the {r} VM", Id), Default: "by `use`")),
            new Key("builder", new MapShape("the VM on which `packer build` works",
                new Key("subnet", new TextShape("subnet of the builder", Id), Default: "the cloud's default network"),
                new Key("access", new WordShape("how Packer reaches the builder", "public", "ssm", "iap", "os_login", "iap_os_login"),
                    Default: "public"))),
            new Key("max_age_days", new NumberShape("images older than this are rebuilt and warned about", 1, 3650, "days"),
                Default: "30"),
        ]));
}

/// <summary>Rules of <c>images</c>.</summary>
public static class ImagesRules
{
    public static void Check(ImagesSpec images, CloudFacts cloud, DiagnosticBag bag)
    {
        foreach (var (role, id) in images.Ids)
        {
            if (cloud.IdProblem(CloudId.Image, id) is { } why)
                bag.Add($"images.{role}", CloudMessages.BadId(id, $"an image of {cloud.Title}", why));
            if (images.Use == ImageChoice.Stock)
                bag.Add($"images.{role}", ImagesMessages.StockAndId(role));
        }
        if (cloud.PackerBuilder is null)
        {
            if (images.BuilderAccess is not null || images.BuilderSubnet is not null)
                bag.Add("images.builder", ImagesMessages.NoBuilderToReach(cloud.Title));
            return;
        }
        if (images.BuilderAccess is { } access && !cloud.BuilderAccess.Contains(access))
            bag.Add("images.builder.access", ImagesMessages.Access(access, cloud.Title, cloud.BuilderAccess));
        if (images.BuilderSubnet is { } subnet && cloud.IdProblem(CloudId.Subnet, subnet) is { } problem)
            bag.Add("images.builder.subnet", CloudMessages.BadId(subnet, $"a subnet of {cloud.Title}", problem));
    }
}
