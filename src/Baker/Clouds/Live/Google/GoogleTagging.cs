using System.Collections.Immutable;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>
/// Brings the user's labels to what the spec says, on all that can carry labels: machines, disks, addresses, snapshots, and secrets that a
/// launch made.
/// </summary>
internal sealed class GoogleTagging(Compute compute, SecretManager secrets, GooglePlace place, GoogleZones zones, GoogleLabels labels,
    GoogleDisks disks) : ITags
{
    private const string Doing = "looking at the labels";

    private static readonly GoogleJson Json = GoogleJson.Default;

    public async Task<ImmutableArray<TagChange>> ChangesAsync(StackWanted wanted, CancellationToken cancel)
    {
        var owner = wanted.Owner;
        TagChange? Change(string? link, IReadOnlyDictionary<string, string>? has) =>
            GoogleMark.Memory.Change(GooglePlace.Path(link), owner.Tags, has ?? new Dictionary<string, string>());
        Task<List<Labelled>> List(string collection) =>
            compute.ListAsync(collection, GoogleMark.Filter(owner), Json.PageLabelled, Doing, cancel);
        var found = await Task.WhenAll(
            zones.EachAsync(z => List(place.Zonal(z, "instances")), Doing, cancel),
                zones.EachAsync(z => List(place.Zonal(z, "disks")), Doing, cancel));
        var addresses = await labels.AddressesAsync(owner, cancel);
        var snapshots = await disks.KeptAsync(owner, Doing, cancel);
        var made = await Task.WhenAll(wanted.Machines.SelectMany(m => m.Secrets).Where(s => GoogleSecrets.IsMade(place, owner, s))
            .Distinct()
            .Select(async path => (Path: path, Secret: (await secrets.GetAsync(path, Doing, cancel)).OrNull(Doing))));
        return
        [
            .. found.SelectMany(f => f).Select(t => Change(t.SelfLink, t.Labels)).OfType<TagChange>(),
            .. snapshots.Select(s => Change(s.SelfLink, s.Labels)).OfType<TagChange>(),
            .. addresses.Select(a => Change(a.SelfLink, a.Labels)).OfType<TagChange>(),
            .. made.Where(m => GoogleMark.IsOurs(m.Secret?.Labels, owner)).Select(m => Change(m.Path, m.Secret!.Labels))
                .OfType<TagChange>(),
        ];
    }

    public Task ApplyAsync(ImmutableArray<TagChange> changes, CancellationToken cancel) => Task.WhenAll(changes.Select(async change =>
    {
        if (change.Id.Contains("/secrets/", StringComparison.Ordinal))
            await SecretAsync(change, cancel);
        else
            await labels.ChangeAsync(change.Id, change.Set, change.Remove, cancel);
    }));

    private async Task SecretAsync(TagChange change, CancellationToken cancel)
    {
        var doing = $"labelling {change.Id}";
        if ((await secrets.GetAsync(change.Id, doing, cancel)).OrNull(doing) is { } found)
            (await secrets.SetLabelsAsync(change.Id, GoogleLabels.Merged(found.Labels, change.Set, change.Remove), doing, cancel))
                .OrThrow(doing);
    }
}
