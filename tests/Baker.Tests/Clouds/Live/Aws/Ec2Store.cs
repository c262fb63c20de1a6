using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>One thing in the pretended region.</summary>
/// <param name="Kind">As TagSpecifications name it.</param>
/// <param name="Body">As its describe call answers it.</param>
/// <param name="SeenFrom">Before this no question finds it.</param>
internal sealed record Ec2Thing(string Kind, string Id, JsonObject Body, DateTimeOffset SeenFrom)
{
    public string TagKey => Kind is "network-interface" ? "TagSet" : "Tags";

    public string? Tag(string key) => Body[TagKey]?.AsArray().FirstOrDefault(t => (string)t!["Key"]! == key)?["Value"]?.ToString();

    public string? Text(string path)
    {
        JsonNode? node = Body;
        foreach (var part in path.Split('.'))
            node = node is JsonObject o ? o[part] : null;
        return node?.ToString();
    }
}

/// <summary>Everything in the pretended region, and what happens there as time goes by.</summary>
internal sealed class Ec2Store(TimeProvider time)
{
    /// <summary>EC2 is eventually consistent: for a while, what was made is unknown to everybody who asks.</summary>
    private static readonly TimeSpan Spreading = TimeSpan.FromSeconds(1.5);

    private readonly List<Ec2Thing> _things = [];
    private readonly List<(DateTimeOffset At, Action Happens)> _later = [];
    private int _ids;

    public DateTimeOffset Now => time.GetUtcNow();

    public IEnumerable<Ec2Thing> All => _things;

    public string NewId(string prefix) => $"{prefix}-{++_ids:x17}";

    public void Later(TimeSpan after, Action happens) => _later.Add((Now + after, happens));

    /// <summary>Lets happen what has been due.</summary>
    public void Advance()
    {
        while (_later.Where(l => l.At <= Now).OrderBy(l => l.At).FirstOrDefault() is { Happens: not null } due)
        {
            _later.Remove(due);
            due.Happens();
        }
    }

    public Ec2Thing Add(string kind, string id, JsonObject body, JsonObject request, bool isOld = false)
    {
        var thing = new Ec2Thing(kind, id, body, isOld ? Now : Now + Spreading);
        body[thing.TagKey] = Tags(kind, request);
        _things.Add(thing);
        return thing;
    }

    public void Remove(Ec2Thing thing) => _things.Remove(thing);

    /// <summary>What a call names by its id.</summary>
    public Ec2Thing Get(string kind, string id, string code) =>
        _things.Find(t => t.Kind == kind && t.Id == id && t.SeenFrom <= Now) ?? throw new Ec2Refusal(code, $"The {kind} ID '{id}' does not exist");

    /// <summary>The things that a describe call asks for.</summary>
    /// <param name="filters">Filter's name → path in the thing's body, beyond tags.</param>
    public JsonArray Find(string kind, JsonObject request, string idsMember, string notFound, Dictionary<string, string> filters, string filterMember = "Filters")
    {
        var found = _things.Where(t => t.Kind == kind && t.SeenFrom <= Now);
        if (request[idsMember] is JsonArray ids)
        {
            foreach (var id in ids)
                Get(kind, (string)id!, notFound);
            found = found.Where(t => ids.Any(i => (string)i! == t.Id));
        }
        foreach (var filter in request[filterMember]?.AsArray() ?? [])
        {
            var (name, values) = ((string)filter!["Name"]!, filter["Values"]!.AsArray().Select(v => (string)v!).ToArray());
            if (name.StartsWith("tag:", StringComparison.Ordinal))
                found = found.Where(t => values.Any(v => Like(t.Tag(name[4..]), v))).ToArray();
            else if (filters.TryGetValue(name, out var path))
                found = found.Where(t => values.Any(v => Like(t.Text(path), v))).ToArray();
            else
                throw new Ec2Refusal("InvalidParameterValue", $"The filter '{name}' is invalid");
        }
        return new JsonArray([.. found.Select(t => t.Body.DeepClone())]);
    }

    public static string Iso(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Refuses a rehearsal the way EC2 says yes.</summary>
    public static void Rehearse(JsonObject request)
    {
        if ((bool?)request["DryRun"] == true)
            throw new Ec2Refusal("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
    }

    private static bool Like(string? text, string pattern) =>
        text is not null && (pattern.Contains('*', StringComparison.Ordinal) ? Regex.IsMatch(text, $@"\A{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}\z") : text == pattern);

    private static JsonArray Tags(string kind, JsonObject request)
    {
        var tags = new JsonArray();
        foreach (var specification in request["TagSpecifications"]?.AsArray() ?? [])
        {
            if ((string)specification!["ResourceType"]! == kind)
            {
                foreach (var tag in specification["Tags"]!.AsArray())
                    tags.Add(tag!.DeepClone());
            }
        }
        return tags;
    }
}
