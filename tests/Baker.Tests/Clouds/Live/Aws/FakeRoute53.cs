using System.Globalization;
using System.Xml.Linq;
using Baker.Clouds.Live;
using Baker.Tests.Launching;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>
/// Route 53, as strict as its API reference (2013-04-01) says it is: batches are whole or nothing, a change is PENDING at first, an account is throttled
/// above five requests a second ("Quotas on Amazon Route 53 API requests"), and a zone takes no change beside another (PriorRequestNotComplete).
/// </summary>
internal sealed class FakeRoute53(TimeProvider time, List<FakeZone> zones)
{
    private const int MostPerSecond = 5;
    private static readonly XNamespace Doc = "https://route53.amazonaws.com/doc/2013-04-01/";

    /// <summary>"Changes generally propagate to all Route 53 authoritative name servers within 60 seconds": ChangeResourceRecordSets.</summary>
    private static readonly TimeSpan Spreading = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan Working = TimeSpan.FromSeconds(1);

    private readonly Queue<DateTimeOffset> _asked = new();
    private int _refusals;

    /// <summary>Records on a page.</summary>
    public int PageSize { get; set; } = 300;

    /// <summary>Bodies of the batches that were carried out.</summary>
    public List<string> Done { get; } = [];

    public string Answer(string operation, string id, IReadOnlyDictionary<string, string> query, string body)
    {
        var now = time.GetUtcNow();
        while (_asked.TryPeek(out var first) && now - first >= TimeSpan.FromSeconds(1))
            _asked.Dequeue();
        if (_asked.Count >= MostPerSecond)
            throw new Ec2Refusal("Throttling", "Rate exceeded");
        _asked.Enqueue(now);
        var answer = operation switch
        {
            "ListHostedZones" => List(query),
            "GetChange" => Envelope(operation, Change(zones.SelectMany(z => z.Changes.Select((c, i) => (Id: $"C{z.Id}{i}", At: c))).FirstOrDefault(c => c.Id == id) is { Id: not null } change
                ? change : throw new Ec2Refusal("NoSuchChange", $"A change with the specified change ID {id} does not exist.", 404))),
            _ => In(zones.Find(z => z.Id == id) ?? throw new Ec2Refusal("NoSuchHostedZone", $"No hosted zone found with ID: {id}", 404), operation, query, body, now),
        };
        return Route53Model.Vendor.Written(operation, answer);
    }

    /// <summary>A refusal as Route 53 sends it; that of a batch comes in two forms.</summary>
    public string Refusal(Ec2Refusal refusal) => refusal.Code == "InvalidChangeBatch" && ++_refusals % 2 == 0
        ? new XElement(Doc + "InvalidChangeBatch", new XElement(Doc + "Messages", new XElement(Doc + "Message", refusal.Message)), new XElement(Doc + "RequestId", "fake")).ToString()
        : new XElement(Doc + "ErrorResponse", new XElement(Doc + "Error", new XElement(Doc + "Type", "Sender"), new XElement(Doc + "Code", refusal.Code),
            new XElement(Doc + "Message", refusal.Code == "InvalidChangeBatch" ? $"[{refusal.Message}]" : refusal.Message)), new XElement(Doc + "RequestId", "fake")).ToString();

    private XElement In(FakeZone zone, string operation, IReadOnlyDictionary<string, string> query, string body, DateTimeOffset now)
    {
        switch (operation)
        {
            case "GetHostedZone":
                return Envelope(operation, Zone(zone), new XElement(Doc + "DelegationSet", new XElement(Doc + "NameServers", Enumerable.Range(1, 4).Select(i => new XElement(Doc + "NameServer", $"ns-{i}.awsdns-0{i}.example")))));
            case "ListResourceRecordSets":
                return Sets(zone, query);
            default:
                if (zone.Changes.LastOrDefault() is var last && now - last < Working)
                    throw new Ec2Refusal("PriorRequestNotComplete", "The request was rejected because Route 53 was still processing a prior request.");
                var changes = XElement.Parse(body).Descendants(Doc + "Change").Select(c => (Action: c.Element(Doc + "Action")!.Value, Set: Set(c.Element(Doc + "ResourceRecordSet")!))).ToArray();
                if (changes.Any(c => c.Action is not ("CREATE" or "DELETE")))
                    throw new InvalidOperationException("a launch overwrites nothing that it has not seen");
                if (zone.Apply(new RecordBatch([.. changes.Where(c => c.Action == "DELETE").Select(c => c.Set)], [.. changes.Where(c => c.Action == "CREATE").Select(c => c.Set)]), now) is { } wrong)
                    throw new Ec2Refusal("InvalidChangeBatch", wrong);
                Done.Add(body);
                return Envelope(operation, Change(($"C{zone.Id}{zone.Changes.Count - 1}", now)));
        }
    }

    private XElement List(IReadOnlyDictionary<string, string> query)
    {
        var first = query.TryGetValue("marker", out var marker) ? zones.FindIndex(z => z.Id == marker) : 0;
        if (first < 0)
            throw new Ec2Refusal("InvalidInput", "marker");
        var page = zones.Skip(first).Take(100).ToArray();
        var next = zones.Skip(first + 100).FirstOrDefault();
        return Envelope("ListHostedZones", new XElement(Doc + "HostedZones", page.Select(Zone)), new XElement(Doc + "Marker", marker ?? ""), new XElement(Doc + "IsTruncated", next is null ? "false" : "true"),
            next is null ? null : new XElement(Doc + "NextMarker", next.Id), new XElement(Doc + "MaxItems", 100));
    }

    /// <summary>From a name on, in the order of labels from behind, and of types.</summary>
    private XElement Sets(FakeZone zone, IReadOnlyDictionary<string, string> query)
    {
        static string Order(string name) => string.Join('\u0001', name.TrimEnd('.').Split('.').Reverse());
        var all = zone.Sets.OrderBy(s => Order(s.Name), StringComparer.Ordinal).ThenBy(s => s.Type, StringComparer.Ordinal)
            .Where(s => !query.TryGetValue("name", out var name) || string.CompareOrdinal(Order(s.Name), Order(name)) is var order && (order > 0 || (order == 0 && string.CompareOrdinal(s.Type, query.GetValueOrDefault("type", "")) >= 0))).ToArray();
        var next = all.ElementAtOrDefault(PageSize);
        return Envelope("ListResourceRecordSets", new XElement(Doc + "ResourceRecordSets", all.Take(PageSize).Select(s => new XElement(Doc + "ResourceRecordSet", new XElement(Doc + "Name", Dotted(s.Name)), new XElement(Doc + "Type", s.Type),
                s.Special == "alias" ? new XElement(Doc + "AliasTarget", new XElement(Doc + "HostedZoneId", "ZALIAS"), new XElement(Doc + "DNSName", "lb.example."), new XElement(Doc + "EvaluateTargetHealth", "false"))
                : s.Special == "weighted" ? new object[] { new XElement(Doc + "SetIdentifier", "one"), new XElement(Doc + "Weight", 1), new XElement(Doc + "TTL", s.Ttl), Values(s) } : new object[] { new XElement(Doc + "TTL", s.Ttl), Values(s) }))),
            new XElement(Doc + "IsTruncated", next is null ? "false" : "true"), next is null ? null : new XElement(Doc + "NextRecordName", Dotted(next.Name)), next is null ? null : new XElement(Doc + "NextRecordType", next.Type), new XElement(Doc + "MaxItems", PageSize));
    }

    private static XElement Values(RecordSet set) => new(Doc + "ResourceRecords", set.Values.Select(v => new XElement(Doc + "ResourceRecord", new XElement(Doc + "Value", v))));

    private static string Dotted(string name) => $"{name.Replace("*", "\\052", StringComparison.Ordinal)}.";

    private static RecordSet Set(XElement set) => new(set.Element(Doc + "Name")!.Value.TrimEnd('.').ToLowerInvariant(), set.Element(Doc + "Type")!.Value,
        int.Parse(set.Element(Doc + "TTL")!.Value, CultureInfo.InvariantCulture), [.. set.Descendants(Doc + "Value").Select(v => v.Value)]);

    private static XElement Zone(FakeZone zone) => new(Doc + "HostedZone", new XElement(Doc + "Id", $"/hostedzone/{zone.Id}"), new XElement(Doc + "Name", $"{zone.Name}."), new XElement(Doc + "CallerReference", "fake"),
        new XElement(Doc + "Config", new XElement(Doc + "PrivateZone", zone.IsPublic ? "false" : "true")), new XElement(Doc + "ResourceRecordSetCount", zone.Sets.Count));

    private XElement Change((string Id, DateTimeOffset At) change) => new(Doc + "ChangeInfo", new XElement(Doc + "Id", $"/change/{change.Id}"),
        new XElement(Doc + "Status", time.GetUtcNow() - change.At < Spreading ? "PENDING" : "INSYNC"), new XElement(Doc + "SubmittedAt", change.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));

    private static XElement Envelope(string operation, params object?[] content) => new(Doc + $"{operation}Response", content);
}
