using System.Collections.Immutable;
using Baker.Clouds.Live;

namespace Baker.Tests.Launching;

/// <summary>A zone of DNS in a pretended account, with the rules that Route 53 and Cloud DNS share: a batch is carried out whole or not at all.</summary>
public sealed class FakeZone(string id, string name, bool isPublic = true)
{
    public string Id => id;

    /// <summary>Without a dot at its end.</summary>
    public string Name => name;

    public bool IsPublic => isPublic;

    public List<RecordSet> Sets { get; } = [];

    /// <summary>When each change was sent, by its number.</summary>
    public List<DateTimeOffset> Changes { get; } = [];

    public RecordSet? Find(string type, string at) => Sets.FirstOrDefault(s => s.Type == type && s.Name == at);

    /// <summary>Somebody has another value there, or none.</summary>
    public void Put(string type, string at, params string[] values)
    {
        Sets.RemoveAll(s => s.Type == type && s.Name == at);
        if (values.Length > 0)
            Sets.Add(new RecordSet(at, type, 300, [.. values]));
    }

    /// <returns>Why nothing of it was done; null: all of it was.</returns>
    public string? Apply(RecordBatch batch, DateTimeOffset now)
    {
        var after = Sets.ToList();
        foreach (var removed in batch.Removed)
        {
            if (after.FirstOrDefault(s => (s.Name, s.Type) == (removed.Name, removed.Type)) is not { } there)
                return $"Tried to delete resource record set [name='{removed.Name}.', type='{removed.Type}'] but it was not found";
            if (!there.IsLike(removed))
                return $"Tried to delete resource record set [name='{removed.Name}.', type='{removed.Type}'] but the values provided do not match the current values";
            after.Remove(there);
        }
        foreach (var made in batch.Made)
        {
            if (made.Name != Name && !made.Name.EndsWith($".{Name}", StringComparison.Ordinal))
                return $"RRSet with DNS name {made.Name}. is not permitted in zone {Name}.";
            if (after.Exists(s => (s.Name, s.Type) == (made.Name, made.Type)))
                return $"Tried to create resource record set [name='{made.Name}.', type='{made.Type}'] but it already exists";
            // RFC 1034, 3.6.2: beside a CNAME there is nothing else.
            if (after.Exists(s => s.Name == made.Name && (s.Type == "CNAME" || made.Type == "CNAME")))
                return $"RRSet of type {made.Type} with DNS name {made.Name}. is not permitted as it conflicts with other records with the same DNS name in zone {Name}.";
            if (made.Type == "A" && made.Values.Any(v => !System.Net.IPAddress.TryParse(v, out _)))
                return $"Invalid Resource Record: FATAL problem: ARRDATAIllegalIPv4Address encountered with '{made.Values[0]}'";
            if (made.Type == "TXT" && made.Values.Any(v => v is not ['"', .., '"']))
                return $"Invalid Resource Record: FATAL problem: InvalidCharacterString (Value should be enclosed in quotation marks) encountered with '{made.Values[0]}'";
            after.Add(made);
        }
        Sets.Clear();
        Sets.AddRange(after);
        Changes.Add(now);
        return null;
    }

    /// <param name="ours">The stack's address, which differs from run to run.</param>
    public IEnumerable<string> Lines(string? ours) => Sets.Select(s => $"record {id} {s.Name} {s.Ttl} {(ours is null ? s.ToString() : s.ToString().Replace(ours, "ADDRESS", StringComparison.Ordinal))}").Order(StringComparer.Ordinal);
}
