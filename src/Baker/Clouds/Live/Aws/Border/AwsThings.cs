using System.Collections.Immutable;
using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Clouds.Live.Aws.Disks;
using Baker.Clouds.Live.Aws.Machines;
using Baker.Clouds.Live.Aws.Network;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Border;

/// <param name="IsOurs">False for what is on its way out or only still listed, and for backups that others made of the stack's disks with
/// all their tags.</param>
internal sealed record AwsThing(string Id, IReadOnlyList<Tag>? Tags, bool IsOurs = true);

/// <summary>Everything on EC2 that carries the stack's tags, of every kind and in every state.</summary>
internal sealed class AwsThings(AwsBorder border, AwsInterfaces interfaces)
{
    public async Task<ImmutableArray<AwsThing>> AllAsync(StackOwner owner, CancellationToken cancel)
    {
        var parts = new AwsNetworkParts(border, interfaces);
        return [.. (await Task.WhenAll(
            OfAsync(new AwsNat(border).AllAsync(owner, ["pending", "available", "failed", "deleting"], cancel), n =>
                new(n.NatGatewayId, n.Tags, n.State == NatGatewayState.Pending || n.State == NatGatewayState.Available)),
            OfAsync(AwsAddresses.AllAsync(border, owner, null, cancel), a => new(a.AllocationId, a.Tags)),
            OfAsync(interfaces.AllAsync(owner, null, cancel), n => new(n.NetworkInterfaceId, n.TagSet)),
            OfAsync(parts.GroupsAsync(owner, cancel), g => new(g.GroupId, g.Tags)),
            OfAsync(parts.TablesAsync(owner, cancel), t => new(t.RouteTableId, t.Tags)),
            OfAsync(parts.GatewaysAsync(owner, cancel), g => new(g.InternetGatewayId, g.Tags)),
            OfAsync(parts.SubnetsAsync(owner, cancel), s => new(s.SubnetId, s.Tags)),
            OfAsync(parts.VpcsAsync(owner, cancel), v => new(v.VpcId, v.Tags)),
            OfAsync(AwsInstances.InstancesAsync(border, AwsTags.Mine(owner), cancel), i =>
                new(i.InstanceId, i.Tags, i.State.Name.Value is not ("shutting-down" or "terminated"))),
            OfAsync(VolumesAsync(owner, cancel), v => new(v.VolumeId, v.Tags, v.State.Value is not ("deleting" or "deleted"))),
            OfAsync(AwsDisks.SnapshotsAsync(border, owner, [], cancel), s => new(s.SnapshotId, s.Tags, AwsDisks.IsLastState(s, owner)))))
                .SelectMany(kind => kind)];
    }

    private static async Task<IEnumerable<AwsThing>> OfAsync<T>(Task<List<T>> found, Func<T, AwsThing> thing) =>
        (await found).Select(thing);

    private async Task<List<Volume>> VolumesAsync(StackOwner owner, CancellationToken cancel) =>
        (await border.SendAsync("looking for disks", c =>
            border.Pages.VolumesAsync(new DescribeVolumesRequest { Filters = AwsTags.Mine(owner) }, c), cancel)).Volumes ?? [];
}
