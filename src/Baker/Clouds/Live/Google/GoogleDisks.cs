using System.Collections.Immutable;
using System.Globalization;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>Persistent disks.</summary>
internal sealed class GoogleDisks(Compute compute, GooglePlace place, GoogleZones zones, TimeProvider time, Action<string> say) : IDisks
{
    private static readonly GoogleJson Json = GoogleJson.Default;
    private static readonly (string, string) IsData = (GoogleMark.Disk, "data");

    public async Task<Disk> EnsureAsync(DiskWanted wanted, string zone, CancellationToken cancel)
    {
        var doing = $"making the disk {wanted.Name}";
        var found = await OursAsync(wanted.Owner, cancel) ?? await MakeAsync(wanted, zone, doing, cancel);
        if (found.SizeGb >= wanted.SizeGb)
            return Of(found);
        var refusal = await compute.PostAsync($"{GooglePlace.Path(found.SelfLink)}/resize", new DisksResizeRequest(wanted.SizeGb),
            Json.DisksResizeRequest, doing, cancel);
        return refusal is null ? Of(found with { SizeGb = wanted.SizeGb }) : throw refusal.ToException(doing);
    }

    public async Task<Disk?> FindAsync(StackOwner owner, CancellationToken cancel) =>
        await OursAsync(owner, cancel) is { } found ? Of(found) : null;

    /// <summary>Why the disk that stands cannot be attached to the machine that the spec wants; null: it can, or there is none.</summary>
    public async Task<string?> MisfitAsync(DiskWanted wanted, CancellationToken cancel) =>
        await OursAsync(wanted.Owner, cancel) is { Type: { } link } found && GooglePlace.Name(link) is var type
            && wanted.MachineType is { } machine && !GoogleDiskTypes.Fits(machine, type)
            ? $"the data disk {found.Name} is of type {type}, and {machine} takes none of that type. `baker destroy` keeps a snapshot of "
                + $"it, from which the next launch makes one of type {GoogleDiskTypes.For(machine)}; or choose another machine" : null;

    public async Task<string?> SnapshotAsync(Disk disk, StackOwner owner, CancellationToken cancel)
    {
        var doing = $"making a snapshot of the disk {disk.Name}";
        if (await LastSnapshotAsync(disk, owner, doing, cancel) is { } last)
            return last;
        var name = string.Create(CultureInfo.InvariantCulture, $"{disk.Name}-{time.GetUtcNow():yyyyMMddHHmmss}");
        var body = new Snapshot(name, GoogleMark.Description(owner), Labels: GoogleMark.Labels(owner, IsData),
            SnapshotEncryptionKey: Key(owner),
            // Left out, it is the nearest group of regions: the data leaves the stack's, and an organisation may forbid that.
            StorageLocations: [place.Region]);
        var refusal = await compute.PostAsync($"{disk.Id}/createSnapshot", body, Json.Snapshot, doing, cancel);
        return refusal is null ? name : throw refusal.ToException(doing);
    }

    public async Task<ImmutableArray<Resource>> SnapshotsAsync(StackOwner owner, CancellationToken cancel) =>
    [
        .. (await KeptAsync(owner, "looking for snapshots", cancel)).OrderBy(s => When(s.CreationTimestamp))
            .Select(s => Resource.Snapshot(owner, s.Name!, GooglePlace.Path(s.SelfLink), When(s.CreationTimestamp))),
    ];

    public Task DeleteSnapshotAsync(Resource snapshot, CancellationToken cancel) =>
        compute.DeleteAsync(snapshot.Id, $"deleting the snapshot {snapshot.Name}", cancel);

    public Task DeleteAsync(Disk disk, StackOwner owner, CancellationToken cancel) =>
        compute.DeleteAsync(disk.Id, $"deleting the disk {disk.Name}", cancel);

    public static CustomerEncryptionKey? Key(StackOwner owner) => owner.KmsKey is { } key ? new CustomerEncryptionKey(key) : null;

    private async Task<Wire.Disk> MakeAsync(DiskWanted wanted, string zone, string doing, CancellationToken cancel)
    {
        var owner = wanted.Owner;
        var last = (await KeptAsync(owner, doing, cancel)).Where(s => s.Status == "READY").MaxBy(s => When(s.CreationTimestamp));
        if (last is not null)
            say($"{wanted.Name} is made from {last.Name}, what was kept of this stack; delete that snapshot to begin with an empty disk");
        var body = new Wire.Disk(
            wanted.Name, GoogleMark.Description(owner),
            Type: place.Zonal(zone, $"diskTypes/{GoogleDiskTypes.For(wanted.MachineType ?? "")}"),
            SizeGb: Math.Max(wanted.SizeGb, last?.DiskSizeGb ?? 0),
            Labels: GoogleMark.Labels(owner, IsData), DiskEncryptionKey: Key(owner), SourceSnapshot: last is null ? null
                : GooglePlace.Path(last.SelfLink));
        return await compute.EnsureAsync(place.Zonal(zone, $"disks/{wanted.Name}"), place.Zonal(zone, "disks"), body, Json.Disk, d =>
            d.Description, owner, "disk", cancel);
    }

    private async Task<Wire.Disk?> OursAsync(StackOwner owner, CancellationToken cancel)
    {
        const string Doing = "looking for the data disk";
        var filter = $"({GoogleMark.Filter(owner)}) (labels.{GoogleMark.Disk}=data)";
        var patience = compute.Patience(Doing, Patience.Busy);
        while (true)
        {
            var all = await zones.EachAsync(z => compute.ListAsync(place.Zonal(z, "disks"), filter, Json.PageDisk, Doing, cancel), Doing,
                cancel);
            // Being made or deleted by a run that was cut off: until that is over, nobody knows what there is.
            var unsettled = false;
            foreach (var disk in all.Where(d => d.Status is "CREATING" or "DELETING" or "RESTORING"))
                unsettled |= await compute.SettleAsync(place.Zonal(GooglePlace.Name(disk.Zone), "")[..^1], p =>
                    p == GooglePlace.Path(disk.SelfLink), Doing, cancel);
            if (unsettled && await patience.WaitAsync("it is being made or deleted", cancel))
                continue;
            return all switch
            {
                [] => null,
                [var only] => only,
                _ => throw new CloudException(CloudFailure.Refused, Doing,
                    $"there are two: {string.Join(" and ", all.Select(d => GooglePlace.Path(d.SelfLink)))}",
                    "keep the one with the data and delete the other"),
            };
        }
    }

    /// <summary>One that a run made before it was cut off: younger than the disk's last use.</summary>
    private async Task<string?> LastSnapshotAsync(Disk disk, StackOwner owner, string doing, CancellationToken cancel)
    {
        var source = await compute.FindAsync(disk.Id, Json.Disk, doing, cancel);
        return (await KeptAsync(owner, doing, cancel))
            .Where(s => GooglePlace.Path(s.SourceDisk) == disk.Id && s.Status == "READY" && source?.LastDetachTimestamp is { } used
            && When(s.CreationTimestamp) > When(used))
            .Select(s => s.Name).FirstOrDefault();
    }

    /// <summary>Snapshots that Baker made. Those of a schedule may carry the disk's labels, and have no words of ours.</summary>
    internal async Task<IEnumerable<Snapshot>> KeptAsync(StackOwner owner, string doing, CancellationToken cancel) =>
        (await compute.ListAsync(place.Global("snapshots"), GoogleMark.Filter(owner), Json.PageSnapshot, doing, cancel))
            .Where(s => GoogleMark.IsOurs(s.Description, owner));

    private static DateTimeOffset When(string? text) => DateTimeOffset.Parse(text!, CultureInfo.InvariantCulture);

    private static Disk Of(Wire.Disk disk) =>
        new(GooglePlace.Path(disk.SelfLink), disk.Name!, GooglePlace.Name(disk.Zone), (int)disk.SizeGb!.Value);
}
