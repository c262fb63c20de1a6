using System.Collections.Immutable;
using Baker.Clouds.Facts;
using Baker.Clouds.Live;

namespace Baker.Launching;

/// <summary>What there is of the stack's name in DNS.</summary>
/// <param name="Record">Null: no zone, or nobody could look.</param>
/// <param name="NoZone">Why there is none; null: there is one, or nobody could look.</param>
/// <param name="Unseen">Why nobody could look; null: somebody did.</param>
public sealed record NameFound(NameRecord? Record, string? NoZone = null, string? Unseen = null)
{
    public static readonly NameFound None = new((NameRecord?)null);

    /// <summary><see cref="Unseen"/>, as what could not be looked at.</summary>
    public string? Told => Unseen is null ? null
        : $"a zone for the DNS record, so that people make it ({Unseen}); `dns: none` looks no more";
}

internal static class NameOfStack
{
    public static Task<NameFound> NameAsync(this StackWanted wanted, ICloud cloud, CancellationToken cancel) =>
        wanted.Record is { } record && cloud.Dns is { } zones ? new NameLookup(zones, record, wanted.Owner).FindAsync(cancel)
            : Task.FromResult(NameFound.None);
}

/// <summary>Looks for the zone of the stack's name, and for what stands there. Changes nothing.</summary>
public sealed class NameLookup(IDnsZones zones, RecordWanted wanted, StackOwner owner)
{
    /// <summary>Nobody needs a zone that the spec does not name: who may not look for one makes the record by hand.</summary>
    public async Task<NameFound> FindAsync(CancellationToken cancel)
    {
        try
        {
            if (wanted.Zone is not null)
            {
                var named = await zones.NamedAsync(wanted, cancel);
                return Holds(named) ? new NameFound(await InAsync(named, cancel)) : new NameFound(null,
                    $"{wanted.Host} does not lie in {named.Name}, the zone {wanted.Zone} that `dns` names");
            }
            // A suffix of the same name: the longest is the nearest.
            var nearest = (await zones.ListAsync(cancel)).Where(Holds).GroupBy(z => z.Name.Length).MaxBy(g => g.Key)?.ToArray() ?? [];
            return nearest switch
            {
                [] => new NameFound(null, $"{zones.Title} has no public zone here that holds {wanted.Host}"),
                [var zone] => new NameFound(await InAsync(zone, cancel)),
                _ => new NameFound(null, $"{nearest.Length} zones of {zones.Title} are called {nearest[0].Name}, and `dns` names none "
                    + $"({string.Join(", ", nearest.Select(z => z.Id))})"),
            };
        }
        catch (CloudException e) when (wanted.Zone is null || e.Failure is not (CloudFailure.NotSignedIn or CloudFailure.Unreachable))
        {
            return new NameFound(null, Unseen: e.Message.ReplaceLineEndings(" "));
        }
    }

    public async Task<NameRecord> InAsync(DnsZone zone, CancellationToken cancel)
    {
        var sets = await zones.SetsAsync(zone, wanted.Host, cancel);
        var marks = await zones.SetsAsync(zone, DnsNames.Mark(wanted.Host), cancel);
        RecordSet? wildcard = null;
        // Any record at a name, of whatever type, hides what a wildcard has for it.
        for (var above = Above(wanted.Host); sets.IsEmpty && wildcard is null && Holds(zone, above); above = Above(above))
            wildcard = (await zones.SetsAsync(zone, $"*.{above}", cancel)).FirstOrDefault(s => s.Type is "A" or "CNAME");
        return new NameRecord(zone, zones.Title, wanted.Host, owner.Id, sets, marks, wildcard);
    }

    private bool Holds(DnsZone zone) => Holds(zone, wanted.Host);

    private static bool Holds(DnsZone zone, string name) => zone.Name.Length > 0
        && (name == zone.Name || name.EndsWith($".{zone.Name}", StringComparison.Ordinal));

    private static string Above(string name) => name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
}
