using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>A pretended Secret Manager.</summary>
internal sealed partial class FakeSecrets(FakeOffer offer, FakeAccounts accounts)
{
    private readonly SortedDictionary<string, Entry> _secrets = new(StringComparer.Ordinal);
    private int _etags;

    private sealed record Entry(JsonObject Body)
    {
        public List<byte[]> Versions { get; } = [];

        public JsonObject Policy { get; set; } = [];
    }

    /// <summary>One line for each: path, labels, whether there is a value, who may read it.</summary>
    public IEnumerable<string> Inventory => _secrets.Select(s =>
        $"secret {s.Key} {s.Value.Body["labels"]?.ToJsonString()} {(s.Value.Versions.Count > 0 ? "with a value" : "without a value")} {string.Join(',', (s.Value.Policy["bindings"] as JsonArray ?? []).Select(b => b!["members"]!.ToJsonString()))}".TrimEnd());

    public IEnumerable<JsonObject> Bodies => _secrets.Values.Select(s => s.Body);

    public byte[]? Value(string path) => _secrets.TryGetValue(path, out var entry) ? entry.Versions.LastOrDefault() : null;

    public void Plant(string path, byte[]? value, params (string Key, string Value)[] labels)
    {
        var body = new JsonObject { ["name"] = path, ["etag"] = NextEtag(), ["replication"] = new JsonObject { ["automatic"] = new JsonObject() } };
        if (labels.Length > 0)
            body["labels"] = new JsonObject(labels.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value)));
        var entry = new Entry(body);
        if (value is not null)
            entry.Versions.Add(value);
        _secrets[path] = entry;
    }

    /// <summary>Members of the name are those of an account that is gone.</summary>
    public void Bury(string account, int uid)
    {
        foreach (var members in _secrets.Values.SelectMany(s => s.Policy["bindings"] as JsonArray ?? []).Select(b => b!["members"]!.AsArray()))
        {
            for (var i = 0; i < members.Count; i++)
            {
                if (members[i]!.ToString() == $"serviceAccount:{account}")
                    members[i] = $"deleted:serviceAccount:{account}?uid={uid}";
            }
        }
    }

    /// <summary>Somebody adds a version by hand.</summary>
    public void Store(string path, byte[] value) => _secrets[path].Versions.Add(value);

    /// <param name="path">From <c>projects/</c> on.</param>
    public FakeAnswer Call(ServiceModel.Method method, string path, IReadOnlyDictionary<string, string> query, JsonObject? body)
    {
        if (method.Id == "projects.secrets.create")
            return Create(path, query, body!);
        var name = Resource().Match(path).Value;
        if (!_secrets.TryGetValue(name, out var entry))
            return FakeAnswer.Newer(404, "NOT_FOUND", $"Secret [{name}] not found or has no versions.");
        switch (method.Id)
        {
            case "projects.secrets.get":
                return FakeAnswer.Ok(entry.Body);
            case "projects.secrets.delete":
                if (query.TryGetValue("etag", out var etag) && etag != entry.Body["etag"]!.ToString())
                    return FakeAnswer.Newer(400, "FAILED_PRECONDITION", "The etag is not the current one.");
                _secrets.Remove(name);
                return FakeAnswer.Ok(new JsonObject());
            case "projects.secrets.patch":
                if (query.GetValueOrDefault("updateMask") != "labels")
                    return FakeAnswer.Newer(400, "INVALID_ARGUMENT", "updateMask");
                FakeRules.Labels(body!);
                entry.Body["labels"] = body!["labels"]?.DeepClone();
                entry.Body["etag"] = NextEtag();
                return FakeAnswer.Ok(entry.Body);
            case "projects.secrets.addVersion":
                var payload = Convert.FromBase64String(body!["payload"]!["data"]!.ToString());
                // 64 KiB: Secret Manager, "Quotas and limits", "Content limits". In which words it refuses more is not documented.
                if (payload.Length > 65_536)
                    return FakeAnswer.Newer(400, "INVALID_ARGUMENT", "The payload is too large.");
                entry.Versions.Add(payload);
                return Version(name, entry);
            case "projects.secrets.versions.get":
                return entry.Versions.Count > 0 && path.EndsWith("/latest", StringComparison.Ordinal) ? Version(name, entry) : FakeAnswer.Newer(404, "NOT_FOUND", $"Secret Version [{path}] not found.");
            case "projects.secrets.getIamPolicy":
                entry.Policy["etag"] ??= NextEtag();
                return FakeAnswer.Ok(entry.Policy);
            case "projects.secrets.setIamPolicy":
                var policy = (JsonObject)body!["policy"]!.DeepClone();
                if (policy["etag"] is { } sent && sent.ToString() != entry.Policy["etag"]?.ToString())
                    return FakeAnswer.Newer(409, "ABORTED", "There were concurrent policy changes.");
                if ((policy["bindings"] as JsonArray ?? []).SelectMany(b => b!["members"] as JsonArray ?? []).Select(m => m!.ToString()).Where(m => !m.StartsWith("deleted:", StringComparison.Ordinal)).Select(m => m.Split(':')[^1]).FirstOrDefault(accounts.IsUnknown) is { } unknown)
                    return FakeAnswer.Newer(400, "INVALID_ARGUMENT", $"Service account {unknown} does not exist.");
                policy["etag"] = NextEtag();
                entry.Policy = policy;
                return FakeAnswer.Ok(policy);
            default:
                return FakeAnswer.Newer(501, "UNIMPLEMENTED", method.Id);
        }
    }

    private FakeAnswer Create(string path, IReadOnlyDictionary<string, string> query, JsonObject body)
    {
        var id = query.GetValueOrDefault("secretId", "");
        var name = $"{path}/{id}";
        if (!SecretId().IsMatch(id) || body["replication"] is not JsonObject { Count: 1 })
            return FakeAnswer.Newer(400, "INVALID_ARGUMENT", "The secret's id and its replication are required.");
        FakeRules.Labels(body);
        var places = (body["replication"]!["userManaged"]?["replicas"] as JsonArray)?.Select(r => r!["location"]!.ToString()) ?? ["global"];
        if (places.Select(p => offer.LocationProblem(p, name)).OfType<string>().FirstOrDefault() is { } problem)
            return FakeAnswer.Newer(400, "FAILED_PRECONDITION", problem);
        if (_secrets.ContainsKey(name))
            return FakeAnswer.Newer(409, "ALREADY_EXISTS", $"Secret [{name}] already exists.");
        var entry = new Entry((JsonObject)body.DeepClone());
        entry.Body["name"] = name;
        entry.Body["etag"] = NextEtag();
        _secrets[name] = entry;
        return FakeAnswer.Ok(entry.Body);
    }

    private static FakeAnswer Version(string name, Entry entry) =>
        FakeAnswer.Ok(new JsonObject { ["name"] = string.Create(CultureInfo.InvariantCulture, $"{name}/versions/{entry.Versions.Count}"), ["state"] = "ENABLED" });

    private string NextEtag() => string.Create(CultureInfo.InvariantCulture, $"\"etag-{++_etags}\"");

    [GeneratedRegex(@"\Aprojects/[^/]+/secrets/[^/:]+")]
    private static partial Regex Resource();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,255}\z")]
    private static partial Regex SecretId();
}
