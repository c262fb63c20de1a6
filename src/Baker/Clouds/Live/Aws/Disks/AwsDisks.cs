using System.Collections.Immutable;
using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Disks;

/// <summary>EBS volumes that outlive their machine.</summary>
internal sealed class AwsDisks(AwsBorder border) : IDisks
{
    /// <summary>A first snapshot copies everything that was written; a volume of 50 GB takes some ten minutes.</summary>
    private static readonly TimeSpan Copying = TimeSpan.FromHours(2);

    private static readonly TimeSpan Making = TimeSpan.FromMinutes(10);

    public async Task<Disk> EnsureAsync(DiskWanted wanted, string zone, CancellationToken cancel)
    {
        var (owner, doing, token) = (wanted.Owner, $"making the disk {wanted.Name}", AwsBorder.NewToken());
        var volume = await border.MakeAsync(doing, c => OneAsync(owner, c), async c =>
        {
            var last = await LastSnapshotAsync(owner, c);
            if (last is not null)
                border.Say($"{wanted.Name} is made from {last.SnapshotId}, what was kept of this stack; delete that snapshot to begin "
                    + "with an empty disk");
            var made = await border.Ec2.CreateVolumeAsync(new CreateVolumeRequest
            {
                ClientToken = token,
                AvailabilityZone = zone,
                Size = Math.Max(wanted.SizeGb, last?.VolumeSize ?? 0),
                SnapshotId = last?.SnapshotId,
                VolumeType = VolumeType.Gp3,
                Encrypted = true,
                KmsKeyId = owner.KmsKey,
                TagSpecifications = [AwsTags.For(owner, ResourceType.Volume, wanted.Name)],
            }, c);
            return made.Volume;
        }, v => v.VolumeId, cancel);
        if (volume.State == VolumeState.Creating)
            volume = await border.UntilAsync(doing, async c =>
                await OneAsync(owner, c) is { } seen && seen.State != VolumeState.Creating ? seen : null, Making, cancel);
        if (volume.State == VolumeState.Error)
            throw new CloudException(CloudFailure.Refused, doing, $"{volume.VolumeId} is in the state error",
                "delete it and launch again");
        return Known(volume.Size < wanted.SizeGb ? await GrowAsync(volume, wanted, cancel) : volume);
    }

    public async Task<Disk?> FindAsync(StackOwner owner, CancellationToken cancel) =>
        await OneAsync(owner, cancel) is { } volume ? Known(volume) : null;

    public async Task<string?> SnapshotAsync(Disk disk, StackOwner owner, CancellationToken cancel)
    {
        var doing = $"taking a snapshot of {disk.Name}";
        // What a run that was cut off has taken, or begun to, may be older than what is on the disk now.
        var earlier = (await LastStatesAsync(disk, owner, cancel)).Select(s => s.SnapshotId).ToHashSet();
        var snapshot = await border.MakeAsync(doing,
            async c => (await LastStatesAsync(disk, owner, c)).Find(s => !earlier.Contains(s.SnapshotId)),
            async c =>
            {
                var made = await border.Ec2.CreateSnapshotAsync(new CreateSnapshotRequest
                {
                    VolumeId = disk.Id,
                    Description = LastState(disk.Name, owner),
                    TagSpecifications = [AwsTags.For(owner, ResourceType.Snapshot, disk.Name)],
                }, c);
                return made.Snapshot;
            }, s => s.SnapshotId, cancel);
        if (snapshot.State != SnapshotState.Completed)
            await UntilCompleteAsync(doing, disk, snapshot.SnapshotId, owner, cancel);
        foreach (var old in earlier)
            await ForgetAsync(old, cancel);
        return snapshot.SnapshotId;
    }

    /// <summary>Gibibytes by volume id, of those that EC2 knows.</summary>
    public async Task<Dictionary<string, int>> SizesAsync(List<string> volumes, CancellationToken cancel)
    {
        if (volumes.Count == 0)
            return [];
        var found = await border.SendAsync("looking how large disks are", c =>
            border.Pages.VolumesAsync(new DescribeVolumesRequest { Filters = [new Filter("volume-id", volumes)] }, c), cancel);
        return (found.Volumes ?? []).ToDictionary(v => v.VolumeId, v => v.Size!.Value);
    }

    public async Task<ImmutableArray<Resource>> SnapshotsAsync(StackOwner owner, CancellationToken cancel) =>
    [
        .. (await SnapshotsAsync(border, owner, [], cancel)).Where(s => IsLastState(s, owner)).OrderBy(s => s.StartTime)
            .Select(s => Resource.Snapshot(owner, AwsTags.Name(s.Tags), s.SnapshotId, s.StartTime!.Value)),
    ];

    public Task DeleteSnapshotAsync(Resource snapshot, CancellationToken cancel) => DeleteSnapshotAsync(snapshot.Id, cancel);

    public async Task DeleteAsync(Disk disk, StackOwner owner, CancellationToken cancel)
    {
        await border.RemoveAsync($"deleting the disk {disk.Name}", c =>
            border.Ec2.DeleteVolumeAsync(new DeleteVolumeRequest { VolumeId = disk.Id }, c), Making, cancel);
        await border.UntilAsync($"deleting the disk {disk.Name}", async c =>
            await OneAsync(owner, c, withDying: true) is null ? disk : null, Making, cancel);
    }

    /// <summary>Attaches a disk to a machine that runs or is stopped; waits for a machine that is letting go of it.</summary>
    public async Task AttachAsync(Disk disk, string instanceId, StackOwner owner, CancellationToken cancel)
    {
        var doing = $"attaching {disk.Name} to {instanceId}";
        await border.UntilAsync(doing, async c =>
        {
            var volume = await OneAsync(owner, c) ?? throw new CloudException(CloudFailure.Refused, doing, "the disk is gone");
            if (volume.Attachments?.Any(a => a.InstanceId == instanceId && a.State != VolumeAttachmentState.Detaching) == true)
                return volume;
            if (volume.State == VolumeState.Available)
            {
                // /dev/sdf: the first of the names that EC2 recommends for further volumes; the machine finds the disk by what is on it.
                return await TryAsync(() => border.SendAsync(doing, x => border.Ec2.AttachVolumeAsync(
                    new AttachVolumeRequest { Device = "/dev/sdf", InstanceId = instanceId, VolumeId = disk.Id }, x), c)) ? volume : null;
            }
            return null;
        }, Making, cancel);
    }

    /// <summary>
    /// EC2 takes one change of a volume in six hours, and says so to the next. The machine sees the new size as soon as the volume shows
    /// it.
    /// </summary>
    private async Task<Volume> GrowAsync(Volume volume, DiskWanted wanted, CancellationToken cancel)
    {
        var doing = $"growing the disk {wanted.Name}";
        await AskForMoreAsync(volume.VolumeId, wanted.SizeGb, doing, cancel);
        return await border.UntilAsync(doing, async c =>
            await OneAsync(wanted.Owner, c) is { } seen && seen.Size >= wanted.SizeGb ? seen : null, Making, cancel);
    }

    /// <summary>The disk that a machine boots from; nothing where it is large enough.</summary>
    public async Task GrowRootAsync(string volume, string machine, int sizeGb, CancellationToken cancel)
    {
        var doing = $"growing the root disk of {machine}";
        async Task<bool> IsLargeAsync(CancellationToken c) => (await SizesAsync([volume], c)).GetValueOrDefault(volume) >= sizeGb;
        if (await IsLargeAsync(cancel))
            return;
        await AskForMoreAsync(volume, sizeGb, doing, cancel);
        await border.UntilAsync(doing, async c => await IsLargeAsync(c) ? volume : null, Making, cancel);
    }

    private async Task AskForMoreAsync(string volume, int sizeGb, string doing, CancellationToken cancel)
    {
        try
        {
            await border.SendAsync(doing, c => border.Ec2.ModifyVolumeAsync(
                new ModifyVolumeRequest { VolumeId = volume, Size = sizeGb }, c), cancel);
        }
        catch (CloudException e) when (AwsErrors.IsAlready(e))
        {
            // Under way since a launch that was cut off.
        }
    }

    /// <returns>False while the machine still starts, or another still lets go.</returns>
    private static async Task<bool> TryAsync(Func<Task> attach)
    {
        try
        {
            await attach();
            return true;
        }
        catch (CloudException e) when (AwsErrors.IsLingering(e))
        {
            return false;
        }
    }

    private async Task<Volume?> OneAsync(StackOwner owner, CancellationToken cancel, bool withDying = false)
    {
        // Root disks carry the machine's name; the one that outlives it does not go with an instance.
        string[] states = withDying ? ["creating", "available", "in-use", "error", "deleting"]
            : ["creating", "available", "in-use", "error"];
        var found = await border.SendAsync("looking for the data disk", c =>
            border.Pages.VolumesAsync(new DescribeVolumesRequest
            {
                Filters = AwsTags.Mine(
            owner, null, new Filter("status", [.. states]))
            }, c), cancel);
        return AwsTags.Single("looking for the data disk",
            [.. (found.Volumes ?? []).Where(v => AwsTags.Name(v.Tags).EndsWith("-data", StringComparison.Ordinal))], v => v.VolumeId);
    }

    private async Task UntilCompleteAsync(string doing, Disk disk, string snapshot, StackOwner owner, CancellationToken cancel)
    {
        border.Say($"{disk.Name}: waiting until {snapshot} is complete");
        await border.UntilAsync(doing, async c =>
        {
            var seen = (await SnapshotsAsync(border, owner, [new Filter("snapshot-id", [snapshot])], c)).FirstOrDefault();
            if (seen?.State == SnapshotState.Error)
                throw new CloudException(CloudFailure.Refused, doing, $"{snapshot} failed: {seen.StateMessage}");
            return seen?.State == SnapshotState.Completed ? seen : null;
        }, Copying, cancel);
    }

    /// <summary>Somebody may have made an image of it, or locked it: the disk has a newer one.</summary>
    private async Task ForgetAsync(string snapshot, CancellationToken cancel)
    {
        try
        {
            await DeleteSnapshotAsync(snapshot, cancel);
        }
        catch (CloudException e)
        {
            border.Say($"{snapshot} stays: {e.Message}");
        }
    }

    private Task DeleteSnapshotAsync(string id, CancellationToken cancel) =>
        border.RemoveAsync($"deleting the snapshot {id}", c =>
            border.Ec2.DeleteSnapshotAsync(new DeleteSnapshotRequest { SnapshotId = id }, c), Making, cancel);

    private async Task<Snapshot?> LastSnapshotAsync(StackOwner owner, CancellationToken cancel) =>
        (await SnapshotsAsync(border, owner, [new Filter("status", ["completed"])], cancel)).Where(s => IsLastState(s, owner))
            .MaxBy(s => s.StartTime);

    /// <summary>Snapshots of this disk that Baker took, whatever has become of them.</summary>
    private async Task<List<Snapshot>> LastStatesAsync(Disk disk, StackOwner owner, CancellationToken cancel) =>
        [.. (await SnapshotsAsync(border, owner, [new Filter("volume-id", [disk.Id])], cancel)).Where(s => IsLastState(s, owner))];

    /// <summary>All that carry the stack's tags, whoever made them.</summary>
    internal static async Task<List<Snapshot>> SnapshotsAsync(AwsBorder border, StackOwner owner, Filter[] more, CancellationToken cancel)
    {
        var found = await border.SendAsync("looking for snapshots", c =>
            border.Pages.SnapshotsAsync(new DescribeSnapshotsRequest
            {
                OwnerIds = ["self"],
                Filters = AwsTags.Mine(owner, null, more)
            }, c), cancel);
        return found.Snapshots ?? [];
    }

    /// <summary>True for a snapshot that Baker made. Backups that others take may carry the disk's tags, and have other words.</summary>
    internal static bool IsLastState(Snapshot snapshot, StackOwner owner) =>
        snapshot.Description == LastState(AwsTags.Name(snapshot.Tags), owner);

    private static string LastState(string disk, StackOwner owner) => $"Last state of {disk}, {owner.Host}";

    private static Disk Known(Volume volume) => new(volume.VolumeId, AwsTags.Name(volume.Tags), volume.AvailabilityZone, volume.Size ?? 0);
}
