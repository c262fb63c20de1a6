using System.Collections.Concurrent;
using System.Collections.Immutable;
using Amazon.EC2.Model;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Network;

/// <summary>Takes a network down, from what stands in it to the VPC itself. What refuses is named, and the rest goes.</summary>
internal sealed class AwsNetworkTeardown(AwsBorder border, AwsInterfaces interfaces, AwsNat nat)
{
    /// <summary>Interfaces of gateways and machines linger some minutes after these are gone.</summary>
    private static readonly TimeSpan Lingering = TimeSpan.FromMinutes(10);

    private readonly AwsNetworkParts _parts = new(border, interfaces);
    private readonly ConcurrentBag<Resource> _stuck = [];

    public async Task<ImmutableArray<Resource>> DeleteAsync(StackOwner owner, CancellationToken cancel)
    {
        // The gateway's minutes are everybody's: what does not depend on it goes meanwhile.
        await Task.WhenAll(NatAsync(owner, cancel), InterfacesAndGroupsAsync(owner, cancel));
        await Task.WhenAll((await _parts.TablesAsync(owner, cancel)).Select(t => TableAsync(t, cancel)));
        await Task.WhenAll((await _parts.GatewaysAsync(owner, cancel)).Select(g => GatewayAsync(g, cancel))
            .Concat((await _parts.SubnetsAsync(owner, cancel)).Select(s => TryAsync(
            new Resource("subnet", AwsTags.Name(s.Tags), s.SubnetId), c =>
                border.Ec2.DeleteSubnetAsync(new DeleteSubnetRequest { SubnetId = s.SubnetId }, c), cancel))));
        foreach (var vpc in await _parts.VpcsAsync(owner, cancel))
            await TryAsync(new Resource("VPC", AwsTags.Name(vpc.Tags), vpc.VpcId), c =>
                border.Ec2.DeleteVpcAsync(new DeleteVpcRequest { VpcId = vpc.VpcId }, c), cancel);
        return [.. _stuck.OrderBy(r => r.Kind, StringComparer.Ordinal).ThenBy(r => r.Name, StringComparer.Ordinal)];
    }

    private async Task NatAsync(StackOwner owner, CancellationToken cancel)
    {
        await KeepGoingAsync(new Resource("NAT gateway", AwsNat.AddressName(owner), AwsNat.AddressName(owner)), () =>
            nat.RemoveAsync(owner, null, cancel));
        foreach (var address in await AwsAddresses.AllAsync(border, owner, AwsNat.AddressName(owner), cancel))
            await KeepGoingAsync(new Resource("public address", AwsTags.Name(address.Tags), address.AllocationId), () =>
                AwsAddresses.ReleaseAsync(border, address, cancel));
    }

    private async Task InterfacesAndGroupsAsync(StackOwner owner, CancellationToken cancel)
    {
        await Task.WhenAll((await interfaces.AllAsync(owner, null, cancel)).Select(n =>
            KeepGoingAsync(new Resource("network interface", AwsTags.Name(n.TagSet), n.NetworkInterfaceId), () =>
                interfaces.DeleteAsync(n, cancel))));
        var groups = await _parts.GroupsAsync(owner, cancel);
        // Groups that name each other can only go once none does.
        await Task.WhenAll(groups.Select(g => ClearAsync(g, cancel)));
        await Task.WhenAll(groups.Select(g => TryAsync(
            new Resource("security group", g.GroupName, g.GroupId), c =>
                border.Ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = g.GroupId }, c), cancel)));
    }

    private async Task ClearAsync(SecurityGroup group, CancellationToken cancel)
    {
        var doing = $"clearing the security group {group.GroupName}";
        List<IpPermission> named(bool egress) =>
            [.. AwsRules.Of(group).Where(r => r.IsEgress == egress && r.Peer.StartsWith("sg-", StringComparison.Ordinal))
            .Select(AwsRules.Permission)];
        if (named(false) is { Count: > 0 } let)
            await KeepGoingAsync(new Resource("security group", group.GroupName, group.GroupId), () => border.RemoveAsync(
                doing, c => border.Ec2.RevokeSecurityGroupIngressAsync(
                    new RevokeSecurityGroupIngressRequest { GroupId = group.GroupId, IpPermissions = let }, c), TimeSpan.Zero, cancel));
        if (named(true) is { Count: > 0 } sent)
            await KeepGoingAsync(new Resource("security group", group.GroupName, group.GroupId), () => border.RemoveAsync(
                doing, c => border.Ec2.RevokeSecurityGroupEgressAsync(
                    new RevokeSecurityGroupEgressRequest { GroupId = group.GroupId, IpPermissions = sent }, c), TimeSpan.Zero, cancel));
    }

    private async Task TableAsync(RouteTable table, CancellationToken cancel)
    {
        var resource = new Resource("route table", AwsTags.Name(table.Tags), table.RouteTableId);
        foreach (var association in table.Associations ?? [])
            await TryAsync(resource, c => border.Ec2.DisassociateRouteTableAsync(
                new DisassociateRouteTableRequest { AssociationId = association.RouteTableAssociationId }, c), cancel);
        await TryAsync(resource, c => border.Ec2.DeleteRouteTableAsync(
            new DeleteRouteTableRequest { RouteTableId = table.RouteTableId }, c), cancel);
    }

    private async Task GatewayAsync(InternetGateway gateway, CancellationToken cancel)
    {
        var resource = new Resource("internet gateway", AwsTags.Name(gateway.Tags), gateway.InternetGatewayId);
        foreach (var attached in gateway.Attachments ?? [])
            await TryAsync(resource, c => border.Ec2.DetachInternetGatewayAsync(
                new DetachInternetGatewayRequest { InternetGatewayId = gateway.InternetGatewayId, VpcId = attached.VpcId }, c), cancel);
        await TryAsync(resource, c => border.Ec2.DeleteInternetGatewayAsync(
            new DeleteInternetGatewayRequest { InternetGatewayId = gateway.InternetGatewayId }, c), cancel);
    }

    private Task TryAsync(Resource resource, Func<CancellationToken, Task> remove, CancellationToken cancel) =>
        KeepGoingAsync(resource, () =>
            border.RemoveAsync($"deleting the {resource.Kind} {resource.Name}", remove, Lingering, cancel));

    private async Task KeepGoingAsync(Resource resource, Func<Task> remove)
    {
        try
        {
            await remove();
        }
        catch (CloudException e)
        {
            _stuck.Add(resource with { Note = e.Message, IsStuck = true });
        }
    }
}
