using System.Text.RegularExpressions;
using Baker.Language.Shapes;
using Baker.Language.Values;

namespace Baker.Clouds.Facts.Aws;

/// <param name="Zone">Null: chosen at launch by what is offered.</param>
/// <param name="Profile">Name of a profile in the AWS configuration; null: the SDK's own order.</param>
public sealed record AwsSpec(CloudFacts Facts, string Region, string? Zone, string? Profile) : CloudSpec(Facts)
{
    public override string Location => Region;

    public override IEnumerable<(string Key, string? Value)> Choices => [("region", Region), ("zone", Zone), ("profile", Profile)];

    public override IEnumerable<(string Name, string Value)> TemplateNames =>
        [("region", Region), ("profile", Profile ?? ""), ("image_owner", AwsPartition.Of(Region).ImageOwner),
            ("session_policy", AwsPolicy.Session(Region))];
}

/// <summary>The keys under <c>cloud.aws</c>.</summary>
internal static partial class AwsShape
{
    public static readonly MapShape Shape = new("Amazon Web Services",
        new Key("region", new TextShape("AWS region",
            TextFormat.Matching("an AWS region", RegionPattern(), "write a region such as ap-northeast-1", 30)), Required: true),
        new Key("zone", new TextShape("availability zone",
            TextFormat.Matching("an availability zone", ZonePattern(), "write a zone such as ap-northeast-1a", 30)),
            Default: "chosen at launch, where all three machine types are offered"),
        new Key("profile", new TextShape("profile in the AWS configuration", TextFormats.Label),
            Default: "the AWS SDK's own order: environment, default profile, SSO"));

    public static readonly Key DnsZone = new("route53", new MapShape("a public zone of Route 53 in the same account (aws)",
        new Key("zone", new TextShape("id of the hosted zone", TextFormat.Matching("the id of a hosted zone", DnsZonePattern(),
            "write the id, such as Z0123456789ABCDEFGHIJ, and not the zone's name", 32)), Required: true)));

    // ResourceId of Route 53's model: 32 characters at most.
    [GeneratedRegex(@"\AZ[A-Z0-9]{1,31}\z")]
    private static partial Regex DnsZonePattern();

    [GeneratedRegex(@"\A[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}\z")]
    private static partial Regex RegionPattern();

    // Local Zones and Wavelength Zones have a place between: us-west-2-lax-1a, us-east-1-wl1-bos-wlz-1.
    [GeneratedRegex(@"\A[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}([a-z]|(-[a-z0-9]+)+)\z")]
    private static partial Regex ZonePattern();
}
