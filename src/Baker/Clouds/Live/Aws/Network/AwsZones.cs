using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using Baker.Clouds.Live.Aws.Border;

namespace Baker.Clouds.Live.Aws.Network;

/// <summary>Hosted zones of Route 53.</summary>
internal sealed class AwsZones(AwsBorder border, AwsRestXml dns) : IDnsZones
{
    /// <summary>What Route 53 has beside values, by its name in the answer, and in a word.</summary>
    private static readonly (string Element, string Word)[] Specials =
    [
        ("AliasTarget", "alias"), ("TrafficPolicyInstanceId", "traffic policy"), ("Weight", "weighted"), ("GeoLocation", "by place"),
        ("GeoProximityLocation", "by place"), ("CidrRoutingConfig", "by network"), ("Failover", "failover"), ("Region", "by latency"),
        ("MultiValueAnswer", "multivalue"), ("SetIdentifier", "one of several"), ("HealthCheckId", "with a health check"),
    ];

    public string Title => "Route 53";

    public async Task<ImmutableArray<DnsZone>> ListAsync(CancellationToken cancel)
    {
        var zones = ImmutableArray.CreateBuilder<DnsZone>();
        var markers = new HashSet<string?> { null };
        for (string? marker = null; ;)
        {
            var page = await AskAsync("looking for zones of Route 53", "ListHostedZones", "hostedzone", [("marker", marker)], null,
                cancel);
            zones.AddRange(Below(page, "HostedZones").Where(IsPublic).Select(Zone));
            marker = page.Element("NextMarker")?.Value;
            // A page that leads to one that was seen leads nowhere.
            if (page.Element("IsTruncated")?.Value != "true" || !markers.Add(marker))
                return zones.ToImmutable();
        }
    }

    public async Task<DnsZone> NamedAsync(RecordWanted wanted, CancellationToken cancel)
    {
        var doing = $"looking for the zone {wanted.Zone}";
        try
        {
            var found = (await ZoneAsync(doing, wanted.Zone!, cancel)).Element("HostedZone");
            return found is null ? throw new CloudException(CloudFailure.Refused, doing, "the answer has no zone")
                : IsPublic(found) ? Zone(found) : throw new CloudException(CloudFailure.Refused, doing,
                    "it is a private zone, which only its own networks see", "name a public zone, or write `dns: none`");
        }
        catch (CloudException e) when (AwsErrors.Code(e) == "NoSuchHostedZone")
        {
            throw new CloudException(CloudFailure.Refused, doing, "there is none of that id in this account",
                "`aws route53 list-hosted-zones` shows those that there are", e);
        }
    }

    public async Task<ImmutableArray<string>> ServersAsync(DnsZone zone, CancellationToken cancel) =>
        [.. Below((await ZoneAsync($"looking who serves {zone.Name}", zone.Id, cancel)).Element("DelegationSet"), "NameServers")
            .Select(s => s.Value)];

    /// <summary>Route 53 lists from a name on, and not this name alone.</summary>
    public async Task<ImmutableArray<RecordSet>> SetsAsync(DnsZone zone, string name, CancellationToken cancel)
    {
        var sets = ImmutableArray.CreateBuilder<RecordSet>();
        (string? Type, string? Identifier) from = default;
        var begun = new HashSet<(string?, string?)> { from };
        while (true)
        {
            var page = await AskAsync($"looking for records of {name}", "ListResourceRecordSets", $"hostedzone/{zone.Id}/rrset",
                [("name", name), ("type", from.Type), ("identifier", from.Identifier)], null, cancel);
            sets.AddRange(Below(page, "ResourceRecordSets").Select(Set).Where(s => s.Name == name));
            from = (page.Element("NextRecordType")?.Value, page.Element("NextRecordIdentifier")?.Value);
            if (page.Element("IsTruncated")?.Value != "true" || Name(page.Element("NextRecordName")) != name || !begun.Add(from))
                return sets.ToImmutable();
        }
    }

    /// <summary>
    /// A batch that cannot be carried out: it removes what nobody has. Whoever may not change records is told that, and whoever may is
    /// told what is wrong with it.
    /// </summary>
    public async Task RehearseAsync(DnsZone zone, string mark, CancellationToken cancel)
    {
        try
        {
            await SendAsync($"asking whether records of {zone.Name} may be changed", zone,
                new RecordBatch([new RecordSet(mark, "TXT", 60, [$"\"{AwsBorder.NewToken()}\""])], []), cancel);
        }
        catch (CloudException e) when (AwsErrors.Code(e) is "InvalidChangeBatch" or "InvalidInput")
        {
            // Understood and not carried out: that is all that was wanted.
        }
    }

    public async Task<string> ChangeAsync(DnsZone zone, RecordBatch batch, CancellationToken cancel) =>
        Id((await SendAsync($"changing records of {zone.Name}", zone, batch, cancel)).Element("ChangeInfo"));

    public async Task<bool> IsDoneAsync(DnsZone zone, string change, CancellationToken cancel) =>
        (await AskAsync("looking whether the record is served", "GetChange", $"change/{change}", [], null, cancel))
            .Element("ChangeInfo")?.Element("Status")?.Value == "INSYNC";

    private Task<XElement> ZoneAsync(string doing, string id, CancellationToken cancel) =>
        AskAsync(doing, "GetHostedZone", $"hostedzone/{id}", [], null, cancel);

    private Task<XElement> SendAsync(string doing, DnsZone zone, RecordBatch batch, CancellationToken cancel) =>
        AskAsync(doing, "ChangeResourceRecordSets", $"hostedzone/{zone.Id}/rrset/", [], new XElement("ChangeResourceRecordSetsRequest",
            new XElement("ChangeBatch", new XElement("Changes",
                batch.Removed.Select(s => Change("DELETE", s)), batch.Made.Select(s => Change("CREATE", s))))), cancel);

    private Task<XElement> AskAsync(string doing, string operation, string path, IEnumerable<(string Name, string? Value)> query,
        XElement? body, CancellationToken cancel) =>
        // Sent again, it is changed no more: its names have been put into the service's namespace.
        border.SendAsync(doing, c => dns.AskAsync(operation, path, query, body is null ? null : new XElement(body), c), cancel);

    private static XElement Change(string action, RecordSet set) => new("Change", new XElement("Action", action),
        new XElement("ResourceRecordSet", new XElement("Name", set.Name), new XElement("Type", set.Type),
            new XElement("TTL", set.Ttl.ToString(CultureInfo.InvariantCulture)),
            new XElement("ResourceRecords", set.Values.Select(v => new XElement("ResourceRecord", new XElement("Value", v))))));

    private static RecordSet Set(XElement set) => new(Name(set.Element("Name")), set.Element("Type")?.Value ?? "",
        int.TryParse(set.Element("TTL")?.Value, CultureInfo.InvariantCulture, out var ttl) ? ttl : 0,
        [.. Below(set, "ResourceRecords").Select(r => r.Element("Value")?.Value ?? "")],
        Specials.FirstOrDefault(s => set.Element(s.Element) is not null).Word);

    private static DnsZone Zone(XElement zone) => new(Id(zone), Name(zone.Element("Name")));

    private static bool IsPublic(XElement zone) => zone.Element("Config")?.Element("PrivateZone")?.Value != "true";

    private static IEnumerable<XElement> Below(XElement? from, string list) => from?.Element(list)?.Elements() ?? [];

    /// <summary>Ids come with the path before them.</summary>
    private static string Id(XElement? from) => from?.Element("Id")?.Value.Split('/')[^1] ?? "";

    /// <summary>A star comes as its number.</summary>
    private static string Name(XElement? name) =>
        (name?.Value ?? "").TrimEnd('.').Replace("\\052", "*", StringComparison.Ordinal).ToLowerInvariant();
}
