using System.Collections.Immutable;
using Baker.Clouds.Facts;
using Baker.Clouds.Live;

namespace Baker.Launching;

/// <summary>Whose the record of a name is.</summary>
public enum RecordStanding
{
    /// <summary>Nobody has one.</summary>
    Free,

    /// <summary>A launch has made it: its mark stands beside it.</summary>
    Ours,

    /// <summary>Somebody else's.</summary>
    Theirs,

    /// <summary>Somebody else's, and of a kind that no launch makes again.</summary>
    Fixed,
}

/// <summary>What a zone has at the stack's name, and what may be made of it. Pure.</summary>
/// <param name="Id">Value of <c>baker:id</c>.</param>
/// <param name="Sets">At the name.</param>
/// <param name="Marks">Where the mark stands.</param>
/// <param name="Wildcard">What answers for the name as long as it has no record; null: nothing.</param>
public sealed record NameRecord(
    DnsZone Zone, string Service, string Host, string Id, ImmutableArray<RecordSet> Sets, ImmutableArray<RecordSet> Marks,
        RecordSet? Wildcard)
{
    /// <summary>Short, so that another address is seen soon.</summary>
    private const int Ttl = 60;

    private RecordSet? Address => Sets.FirstOrDefault(s => s.Type == "A");

    private RecordSet? Mark => Marks.FirstOrDefault(s => s.Type == "TXT");

    /// <summary>The address that the mark says a launch has written; null: it is no mark of this stack.</summary>
    private string? Written => Mark is { Values: [var text], Special: null } && text.Trim('"').Split(' ') is [var id, var address]
        && id == $"baker:id={Id}" && address.StartsWith("a=", StringComparison.Ordinal) ? address[2..] : null;

    public string Title => $"zone {Zone.Name} of {Service}";

    public RecordStanding Standing =>
        Sets.Any(s => s.Special is not null || s.Type == "CNAME") || Marks.Any(s => s.Special is not null || s.Type == "CNAME")
            ? RecordStanding.Fixed
        : Written is not null ? RecordStanding.Ours
        : Address is not null || Mark is not null || Wildcard is not null ? RecordStanding.Theirs
        : RecordStanding.Free;

    /// <summary>What stands in the way, for people.</summary>
    public string Seen => string.Join(", ", Sets.Where(s => s.Type is "A" or "CNAME" || s.Special is not null).Select(s => s.ToString())
        .Concat(Address is null && Wildcard is { } wildcard ? [$"{wildcard.Name} {wildcard}"] : [])
        .Concat(Written is null ? Marks.Select(m => $"{m.Name} {m}") : []).DefaultIfEmpty("none"));

    /// <summary>The name leads to the address, whoever has seen to that.</summary>
    public bool LeadsTo(string? ip) => ip is not null && Address is { Special: null, Values: [var value] } && value == ip;

    /// <summary>It is a launch's record as the last launch has left it.</summary>
    public bool IsUntouched => Standing == RecordStanding.Ours && Address is { Ttl: Ttl } && LeadsTo(Written);

    /// <summary>What makes it lead to the address; null: it does, or it is not a launch's to change.</summary>
    /// <param name="take">Somebody else's record may be replaced.</param>
    public RecordBatch? To(string ip, bool take)
    {
        var (address, mark) = (new RecordSet(Host, "A", Ttl, [ip]), new RecordSet(DnsNames.Mark(Host), "TXT", Ttl,
            [$"\"baker:id={Id} a={ip}\""]));
        if (Standing == RecordStanding.Fixed || (Standing == RecordStanding.Theirs && !take))
            return null;
        var isOurs = Standing == RecordStanding.Ours;
        // Of others all is removed exactly as it was seen, also what is right: so nobody changes it in between unseen.
        (RecordSet? Old, RecordSet New)[] all =
            [.. new[] { (Address, address), (Mark, mark) }.Where(c => !(isOurs && c.Item1?.IsLike(c.Item2) == true))];
        return all.Length == 0 ? null
            : new RecordBatch([.. all.Select(c => c.Old).OfType<RecordSet>()], [.. all.Select(c => c.New)]);
    }

    /// <summary>What removes that which is a launch's; null: nothing is. A record that somebody has changed since stays theirs.</summary>
    public RecordBatch? Away => Standing != RecordStanding.Ours ? null
        : new RecordBatch(LeadsTo(Written) ? [Address!, Mark!] : [Mark!], []);
}
