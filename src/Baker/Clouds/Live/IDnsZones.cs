using System.Collections.Immutable;

namespace Baker.Clouds.Live;

/// <summary>Zones of DNS that the whole world sees, and the records in them.</summary>
public interface IDnsZones
{
    /// <summary>As people know the service.</summary>
    string Title { get; }

    /// <summary>All that whoever asks may see where the stack lies.</summary>
    Task<ImmutableArray<DnsZone>> ListAsync(CancellationToken cancel);

    /// <summary>The zone that the user names.</summary>
    /// <exception cref="CloudException">With <see cref="CloudFailure.Refused"/>: there is none, or the world does not see it.</exception>
    Task<DnsZone> NamedAsync(RecordWanted wanted, CancellationToken cancel);

    /// <summary>The servers that have the zone.</summary>
    Task<ImmutableArray<string>> ServersAsync(DnsZone zone, CancellationToken cancel);

    /// <summary>All record sets at exactly this name.</summary>
    Task<ImmutableArray<RecordSet>> SetsAsync(DnsZone zone, string name, CancellationToken cancel);

    /// <summary>Asks whether records may be changed there, changing nothing.</summary>
    /// <param name="mark">Where the stack's mark will stand.</param>
    /// <exception cref="CloudException">With <see cref="CloudFailure.Denied"/>: they may not.</exception>
    Task RehearseAsync(DnsZone zone, string mark, CancellationToken cancel);

    /// <summary>All of it or nothing: what is removed must be there exactly so, and what is made must not be there.</summary>
    /// <returns>The change, for <see cref="IsDoneAsync"/>.</returns>
    Task<string> ChangeAsync(DnsZone zone, RecordBatch batch, CancellationToken cancel);

    /// <summary>True when the service has given a change on to its servers.</summary>
    Task<bool> IsDoneAsync(DnsZone zone, string change, CancellationToken cancel);
}

/// <summary>The record of the stack's name, where a launch is to make it.</summary>
/// <param name="Project">Where the named zone lies; null: where the stack does.</param>
/// <param name="Zone">Named by the user; null: whichever fits, and none is no mistake.</param>
/// <param name="Takes">Somebody else's record may be replaced.</param>
public sealed record RecordWanted(string Host, string? Project, string? Zone, bool Takes = false);

/// <param name="Id">As the service knows it.</param>
/// <param name="Name">Without a dot at its end.</param>
public sealed record DnsZone(string Id, string Name);

/// <summary>All records of one type at a name.</summary>
/// <param name="Name">Without a dot at its end.</param>
/// <param name="Ttl">Seconds.</param>
/// <param name="Values">As the service writes them.</param>
/// <param name="Special">What a launch cannot make again, in a word: <c>alias</c>, <c>weighted</c>; null: nothing.</param>
public sealed record RecordSet(string Name, string Type, int Ttl, ImmutableArray<string> Values, string? Special = null)
{
    /// <summary>The same to the last value.</summary>
    public bool IsLike(RecordSet other) =>
        (Name, Type, Ttl, Special) == (other.Name, other.Type, other.Ttl, other.Special) && Values.SequenceEqual(other.Values);

    public override string ToString() => Special is null ? $"{Type} {string.Join(", ", Values)}" : $"{Type} ({Special})";
}

public sealed record RecordBatch(ImmutableArray<RecordSet> Removed, ImmutableArray<RecordSet> Made);
