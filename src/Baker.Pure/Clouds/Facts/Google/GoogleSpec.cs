using System.Text.RegularExpressions;
using Baker.Language.Shapes;

namespace Baker.Clouds.Facts.Google;

/// <param name="Zone">Null: chosen at launch by what is offered.</param>
public sealed record GoogleSpec(CloudFacts Facts, string Project, string Region, string? Zone) : CloudSpec(Facts)
{
    public override string Location => $"{Project}/{Region}";

    public override IEnumerable<(string Key, string? Value)> Choices => [("project", Project), ("region", Region), ("zone", Zone)];

    // A builder may run in any zone; b exists in every region that has more than one.
    public override IEnumerable<(string Name, string Value)> TemplateNames =>
        [("project", Project), ("region", Region), ("zone", Zone ?? $"{Region}-b"), ("builder_machine", Builder),
            ("builder_disk", GoogleDiskTypes.For(Builder))];

    /// <summary>Machine on which images are made: large enough for all that is installed, and offered everywhere.</summary>
    private const string Builder = "e2-standard-2";
}

/// <summary>The keys under <c>cloud.gcp</c>.</summary>
internal static partial class GoogleShape
{
    private static readonly TextFormat Project = TextFormat.Matching("a project id", ProjectPattern(),
        "write the id, not the number: 6 to 30 small letters, digits and hyphens", 80);

    public static readonly Key DnsZone = new("cloud_dns", new MapShape("a public zone of Cloud DNS (gcp)",
        new Key("project", new TextShape("project that the zone lies in", Project), Default: "the stack's project"),
        new Key("zone", new TextShape("name of the managed zone", TextFormat.Matching("the name of a managed zone", DnsZonePattern(),
            "write the zone's own name, such as example-com, and not its DNS name", 63)), Required: true)));

    public static readonly MapShape Shape = new("Google Cloud",
        new Key("project", new TextShape("project id", Project), Required: true),
        new Key("region", new TextShape("Compute Engine region",
            TextFormat.Matching("a Google Cloud region", RegionPattern(), "write a region such as asia-northeast1", 40)), Required: true),
        new Key("zone", new TextShape("Compute Engine zone",
            TextFormat.Matching("a zone", ZonePattern(), "write a zone such as asia-northeast1-b", 40)),
            Default: "chosen at launch, where all three machine types and the GPU are offered"));

    // Cloud DNS names zones like Compute Engine's things: a letter first, no hyphen last, 63 characters.
    [GeneratedRegex(@"\A[a-z]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex DnsZonePattern();

    [GeneratedRegex(@"\A([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]\z")]
    private static partial Regex ProjectPattern();

    [GeneratedRegex(@"\A[a-z]+(-[a-z]+)+[0-9]{1,2}\z")]
    private static partial Regex RegionPattern();

    // Zones for accelerators only are called us-central1-ai1a and the like.
    [GeneratedRegex(@"\A[a-z]+(-[a-z]+)+[0-9]{1,2}-([a-z]|ai[0-9]{1,2}[a-z])\z")]
    private static partial Regex ZonePattern();
}
