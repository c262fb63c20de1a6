using System.Collections.Immutable;
using Amazon.EC2.Model;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Network;

/// <summary>Lists what the network of a stack consists of.</summary>
internal sealed class AwsNetworkParts(AwsBorder border, AwsInterfaces interfaces)
{
    public async Task<ImmutableArray<Resource>> FindAsync(StackOwner owner, CancellationToken cancel)
    {
        var nat = NatAsync(owner, cancel);
        var nics = interfaces.AllAsync(owner, null, cancel);
        var groups = GroupsAsync(owner, cancel);
        var tables = TablesAsync(owner, cancel);
        var gateways = GatewaysAsync(owner, cancel);
        var subnets = SubnetsAsync(owner, cancel);
        var vpcs = VpcsAsync(owner, cancel);
        await Task.WhenAll(nat, nics, groups, tables, gateways, subnets, vpcs);
        return
        [
            .. nat.Result,
            .. nics.Result.Select(n => new Resource(
                "network interface", AwsTags.Name(n.TagSet), n.NetworkInterfaceId, n.PrivateIpAddress)),
            .. groups.Result.Select(g => new Resource("security group", g.GroupName, g.GroupId)),
            .. tables.Result.Select(t => new Resource("route table", AwsTags.Name(t.Tags), t.RouteTableId)),
            .. gateways.Result.Select(g => new Resource("internet gateway", AwsTags.Name(g.Tags), g.InternetGatewayId)),
            .. subnets.Result.Select(s => new Resource("subnet", AwsTags.Name(s.Tags), s.SubnetId, s.CidrBlock)),
            .. vpcs.Result.Select(v => new Resource("VPC", AwsTags.Name(v.Tags), v.VpcId, v.CidrBlock)),
        ];
    }

    private static readonly ImmutableArray<string> NatKinds = ["public address", "NAT gateway"];

    /// <summary>What a launch makes where nothing is.</summary>
    public static ImmutableArray<Resource> Of(StackWanted wanted)
    {
        var (owner, network, nat) = (wanted.Owner, wanted.Network, AwsNat.AddressName(wanted.Owner));
        var groups = AwsFirewall.Groups(network).Select(g => new Resource("security group", AwsFirewall.Name(owner, g), ""));
        var nics = wanted.Machines.Select(m => new Resource("network interface", m.Name, "", m.Address));
        if (network.ExistingId is not null)
            return [.. groups, .. nics];
        return
        [
            new("VPC", owner.Stack, "", network.Cidr),
            .. network.Subnets.Select(s => new Resource("subnet", s.Name, "", s.Cidr)),
            new("internet gateway", owner.Stack, ""),
            .. network.Subnets.Select(s => new Resource("route table", s.Name, "")),
            .. groups,
            .. nics,
            .. network.NeedsNat ? NatKinds.Select(k => new Resource(k, nat, "") { IsBilled = true }) : [],
        ];
    }

    /// <summary>The NAT gateway, also one that is going, and its public address.</summary>
    public async Task<ImmutableArray<Resource>> NatAsync(StackOwner owner, CancellationToken cancel)
    {
        var nats = new AwsNat(border).AllAsync(owner, ["pending", "available", "failed", "deleting"], cancel);
        var addresses = AwsAddresses.AllAsync(border, owner, AwsNat.AddressName(owner), cancel);
        await Task.WhenAll(nats, addresses);
        return
        [
            .. nats.Result.Select(n => new Resource("NAT gateway", AwsTags.Name(n.Tags), n.NatGatewayId)),
            .. addresses.Result.Select(a => new Resource("public address", AwsTags.Name(a.Tags), a.AllocationId, a.PublicIp)),
        ];
    }

    public async Task<List<SecurityGroup>> GroupsAsync(StackOwner owner, CancellationToken cancel) =>
        (await border.SendAsync("looking for security groups", c =>
            border.Pages.SecurityGroupsAsync(new DescribeSecurityGroupsRequest { Filters = AwsTags.Mine(owner) }, c),
            cancel)).SecurityGroups ?? [];

    public async Task<List<RouteTable>> TablesAsync(StackOwner owner, CancellationToken cancel) =>
        (await border.SendAsync("looking for route tables", c =>
            border.Pages.RouteTablesAsync(new DescribeRouteTablesRequest { Filters = AwsTags.Mine(owner) }, c), cancel)).RouteTables
            ?? [];

    public async Task<List<InternetGateway>> GatewaysAsync(StackOwner owner, CancellationToken cancel) =>
        (await border.SendAsync("looking for internet gateways", c =>
            border.Pages.InternetGatewaysAsync(new DescribeInternetGatewaysRequest { Filters = AwsTags.Mine(owner) }, c),
            cancel)).InternetGateways ?? [];

    public async Task<List<Subnet>> SubnetsAsync(StackOwner owner, CancellationToken cancel) =>
        (await border.SendAsync("looking for subnets", c =>
            border.Pages.SubnetsAsync(new DescribeSubnetsRequest { Filters = AwsTags.Mine(owner) }, c), cancel)).Subnets ?? [];

    public async Task<List<Vpc>> VpcsAsync(StackOwner owner, CancellationToken cancel) =>
        (await border.SendAsync("looking for VPCs", c =>
            border.Pages.VpcsAsync(new DescribeVpcsRequest { Filters = AwsTags.Mine(owner) }, c), cancel)).Vpcs ?? [];
}
