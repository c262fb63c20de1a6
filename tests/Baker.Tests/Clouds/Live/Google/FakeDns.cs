using System.Text.Json.Nodes;
using Baker.Clouds.Live;
using Baker.Tests.Launching;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>
/// A pretended Cloud DNS: a change is whole or nothing, and pending at first. What it refuses: Google's documentation of changes.create and "Troubleshoot
/// Cloud DNS" (alreadyExists 409, notFound 404, conditionNotMet 412, containerNotFound 404).
/// </summary>
internal sealed class FakeDns(TimeProvider time, List<FakeZone> zones, Func<string, bool> may)
{
    private static readonly TimeSpan Pending = TimeSpan.FromSeconds(20);

    /// <summary>Zones or records on a page.</summary>
    public int PageSize { get; set; } = 100;

    /// <param name="path">From <c>projects/</c> on.</param>
    public FakeAnswer Call(ServiceModel.Method method, string path, IReadOnlyDictionary<string, string> query, JsonObject? body)
    {
        var parts = path.Split('/', ':');
        if (method.Id == "managedZones.list")
            return Page("managedZones", zones, query, Zone);
        if (zones.Find(z => z.Id == parts[3]) is not { } zone)
            return FakeAnswer.Error(404, "notFound", $"The 'parameters.managedZone' resource named '{parts[3]}' does not exist.");
        return method.Id switch
        {
            "managedZones.get" => FakeAnswer.Ok(Zone(zone)),
            "managedZones.testIamPermissions" => FakeAnswer.Ok(new JsonObject { ["permissions"] = new JsonArray([.. body!["permissions"]!.AsArray().Where(p => may((string)p!)).Select(p => p!.DeepClone())]) }),
            // By name alone, exactly.
            "resourceRecordSets.list" => Page("rrsets", [.. zone.Sets.Where(s => !query.TryGetValue("name", out var name) || name == $"{s.Name}.")], query, Set),
            "changes.get" => int.TryParse(parts[5], out var number) && number < zone.Changes.Count ? FakeAnswer.Ok(Change(zone, number))
                : FakeAnswer.Error(404, "notFound", $"The 'parameters.changeId' resource named '{parts[5]}' does not exist."),
            "changes.create" => Create(zone, body!),
            _ => throw new InvalidOperationException(method.Id),
        };
    }

    private FakeAnswer Create(FakeZone zone, JsonObject body)
    {
        RecordSet[] Sets(string key) => [.. (body[key] as JsonArray ?? []).Select(s => Read(s!.AsObject()))];
        var (removed, made) = (Sets("deletions"), Sets("additions"));
        if (removed.Length + made.Length == 0)
            return FakeAnswer.Error(400, "required", "Required field not specified: 'entity.change'");
        if ((body["deletions"] as JsonArray ?? []).Concat(body["additions"] as JsonArray ?? []).Any(s => !((string)s!["name"]!).EndsWith('.')))
            return FakeAnswer.Invalid("Invalid value for 'entity.change.additions[0].name'");
        return zone.Apply(new RecordBatch([.. removed], [.. made]), time.GetUtcNow()) switch
        {
            null => FakeAnswer.Ok(Change(zone, zone.Changes.Count - 1)),
            var wrong when wrong.Contains("already exists", StringComparison.Ordinal) => FakeAnswer.Error(409, "alreadyExists", wrong),
            var wrong when wrong.Contains("not found", StringComparison.Ordinal) => FakeAnswer.Error(404, "notFound", wrong),
            var wrong when wrong.Contains("do not match", StringComparison.Ordinal) => FakeAnswer.Error(412, "conditionNotMet", wrong),
            var wrong => FakeAnswer.Invalid(wrong),
        };
    }

    private FakeAnswer Page<T>(string key, List<T> all, IReadOnlyDictionary<string, string> query, Func<T, JsonObject> write)
    {
        var first = query.TryGetValue("pageToken", out var token) ? int.Parse(token, System.Globalization.CultureInfo.InvariantCulture) : 0;
        var answer = new JsonObject { [key] = new JsonArray([.. all.Skip(first).Take(PageSize).Select(write)]) };
        if (first + PageSize < all.Count)
            answer["nextPageToken"] = $"{first + PageSize}";
        return FakeAnswer.Ok(answer);
    }

    private static RecordSet Read(JsonObject set) => new(((string)set["name"]!).TrimEnd('.'), (string)set["type"]!, (int)set["ttl"]!, [.. set["rrdatas"]!.AsArray().Select(r => (string)r!)]);

    private static JsonObject Zone(FakeZone zone) => new()
    {
        ["name"] = zone.Id,
        ["dnsName"] = $"{zone.Name}.",
        ["visibility"] = zone.IsPublic ? "public" : "private",
        ["nameServers"] = new JsonArray([.. Enumerable.Range(1, 4).Select(i => (JsonNode)$"ns-cloud-a{i}.googledomains.com.")]),
    };

    private static JsonObject Set(RecordSet set)
    {
        var body = new JsonObject { ["name"] = $"{set.Name}.", ["type"] = set.Type, ["ttl"] = set.Ttl };
        if (set.Special is null)
            body["rrdatas"] = new JsonArray([.. set.Values.Select(v => (JsonNode)v)]);
        else
            body["routingPolicy"] = new JsonObject { ["wrr"] = new JsonObject() };
        return body;
    }

    private JsonObject Change(FakeZone zone, int number) => new()
    {
        ["id"] = $"{number}",
        ["status"] = time.GetUtcNow() - zone.Changes[number] < Pending ? "pending" : "done",
        ["startTime"] = zone.Changes[number].ToString("O"),
    };
}
