using Baker.Clouds.Live;

namespace Baker.Launching;

/// <summary>What a launch makes of the stack's name in DNS.</summary>
public sealed record RecordPlan(NameRecord There, RecordWanted Wanted)
{
    /// <summary>Why whoever launches may not change it; null: they may, or nobody has asked.</summary>
    public string? Refused { get; init; }

    /// <param name="ip">The stack's address; null: it is made.</param>
    public bool Changes(string? ip) => Refused is null && Differs(ip);

    private bool Differs(string? ip) => There.To(ip ?? "", Wanted.Takes) is not null;

    /// <returns>Null: nothing is to be said.</returns>
    public ProposedChange? Proposed(string? ip)
    {
        var wanted = $"A {ip ?? "(the address that is made)"}";
        ProposedChange Line(ProposedAction action, string why) => new(action, Kind, There.Host, why);
        return There.Standing switch
        {
            RecordStanding.Ours when Refused is not null && Differs(ip) => Line(ProposedAction.Leave, $"{There.Seen} stays: {Refused}"),
            _ when Refused is not null => null,
            RecordStanding.Free => Line(ProposedAction.Create, $"{wanted}, in {There.Title}"),
            RecordStanding.Ours when Changes(ip) => Line(ProposedAction.Change, (There.Seen == wanted
                ? $"{wanted} gets its mark and TTL again" : $"{There.Seen} becomes {wanted}") + $", in {There.Title}"),
            RecordStanding.Theirs when Wanted.Takes => Line(ProposedAction.Change,
                $"{There.Seen}, which no launch made, becomes {wanted}, in {There.Title} (--take-record)"),
            RecordStanding.Theirs when !There.LeadsTo(ip) => Line(ProposedAction.Leave, $"{There.Seen} stays, as no launch made it: "
                + "change it by hand, or --take-record replaces it"),
            RecordStanding.Fixed when !There.LeadsTo(ip) => Line(ProposedAction.Leave, $"{There.Seen} stays: {NoPlain}"),
            _ => null,
        };
    }

    /// <summary>Why it cannot be had although the user says to take it; null: it can.</summary>
    public string? Problem => Wanted.Takes && There.Standing == RecordStanding.Fixed
        ? $"--take-record: {There.Host} has {There.Seen} in {There.Title}: {NoPlain}" : null;

    /// <summary>As a thing of the stack.</summary>
    public static Resource Listed(NameRecord record) => new(Kind, record.Host, record.Zone.Id, $"{record.Seen}, in {record.Title}");

    private const string Kind = "DNS record";

    private const string NoPlain = "a launch replaces a plain A record and nothing else; remove it by hand, or lead it here";
}
