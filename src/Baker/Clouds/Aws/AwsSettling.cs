using Amazon.EC2.Model;

namespace Baker.Clouds.Aws;

/// <summary>Waits until the next launch would find what this one has made, by asking what that one would ask.</summary>
internal sealed class AwsSettling(AwsBorder border, AwsInterfaces interfaces)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    public async Task WaitAsync(StackOwner owner, CancellationToken cancel)
    {
        while (border.Unsettled() is { Count: > 0 } made)
        {
            if (made.IsSubsetOf(await SeenAsync(owner, cancel)))
                return;
            await Task.Delay(Poll, border.Time, cancel);
        }
    }

    private async Task<HashSet<string>> SeenAsync(StackOwner owner, CancellationToken cancel)
    {
        var network = new AwsNetworkParts(border, interfaces).FindAsync(owner, cancel);
        var addresses = AwsAddresses.AllAsync(border, owner, null, cancel);
        var machines = AwsInstances.InstancesAsync(border, AwsTags.Mine(owner), cancel);
        var disks = border.SendAsync("looking for disks", c => border.Ec2.DescribeVolumesAsync(new DescribeVolumesRequest { Filters = AwsTags.Mine(owner) }, c), cancel);
        var snapshots = border.SendAsync("looking for snapshots", c => border.Ec2.DescribeSnapshotsAsync(new DescribeSnapshotsRequest { OwnerIds = ["self"], Filters = AwsTags.Mine(owner) }, c), cancel);
        await Task.WhenAll(network, addresses, machines, disks, snapshots);
        return
        [
            .. network.Result.Select(r => r.Id), .. addresses.Result.Select(a => a.AllocationId), .. machines.Result.Select(i => i.InstanceId),
            .. (disks.Result.Volumes ?? []).Select(v => v.VolumeId), .. (snapshots.Result.Snapshots ?? []).Select(s => s.SnapshotId),
        ];
    }
}
