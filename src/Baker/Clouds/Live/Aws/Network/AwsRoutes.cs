using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Network;

/// <summary>Route tables: one per subnet, under the subnet's name.</summary>
internal sealed class AwsRoutes(AwsBorder border)
{
    private const string Everywhere = "0.0.0.0/0";

    public Task<RouteTable> TableAsync(StackOwner owner, SubnetWanted subnet, string vpcId, CancellationToken cancel)
    {
        var doing = $"making the route table {subnet.Name}";
        return border.MakeAsync(doing, async c =>
        {
            var found = await border.SendAsync(doing, x =>
                border.Pages.RouteTablesAsync(new DescribeRouteTablesRequest { Filters = AwsTags.Mine(owner, subnet.Name) }, x), c);
            return AwsTags.Single(doing, found.RouteTables ?? [], t => t.RouteTableId);
        }, async c => (await border.Ec2.CreateRouteTableAsync(
            new CreateRouteTableRequest { VpcId = vpcId, TagSpecifications = [AwsTags.For(owner, ResourceType.RouteTable, subnet.Name)] },
            c)).RouteTable, t => t.RouteTableId, cancel);
    }

    public async Task AssociateAsync(RouteTable table, string subnetId, SubnetWanted subnet, CancellationToken cancel)
    {
        if (table.Associations?.Exists(a => a.SubnetId == subnetId) == true)
            return;
        try
        {
            await border.SendAsync($"giving {subnet.Name} its routes", c => border.Ec2.AssociateRouteTableAsync(
                new AssociateRouteTableRequest { RouteTableId = table.RouteTableId, SubnetId = subnetId }, c), cancel);
        }
        catch (CloudException e) when (AwsErrors.IsAlready(e))
        {
            // The answer to an earlier try was lost.
        }
    }

    public Task ToGatewayAsync(RouteTable table, string gatewayId, CancellationToken cancel) =>
        EnsureAsync(table, r => r.GatewayId == gatewayId,
            new CreateRouteRequest { RouteTableId = table.RouteTableId, DestinationCidrBlock = Everywhere, GatewayId = gatewayId },
            new ReplaceRouteRequest { RouteTableId = table.RouteTableId, DestinationCidrBlock = Everywhere, GatewayId = gatewayId },
            cancel);

    public Task ToNatAsync(RouteTable table, string natId, CancellationToken cancel) =>
        EnsureAsync(table, r => r.NatGatewayId == natId,
            new CreateRouteRequest { RouteTableId = table.RouteTableId, DestinationCidrBlock = Everywhere, NatGatewayId = natId },
            new ReplaceRouteRequest { RouteTableId = table.RouteTableId, DestinationCidrBlock = Everywhere, NatGatewayId = natId },
            cancel);

    /// <summary>Takes the way through a NAT gateway out of a table.</summary>
    public async Task RemoveNatAsync(RouteTable table, CancellationToken cancel)
    {
        if (table.Routes?.Exists(r => r.DestinationCidrBlock == Everywhere && r.NatGatewayId is { Length: > 0 }) == true)
        {
            await border.RemoveAsync("closing the way out", c => border.Ec2.DeleteRouteAsync(
                new DeleteRouteRequest { RouteTableId = table.RouteTableId, DestinationCidrBlock = Everywhere }, c), TimeSpan.Zero,
                cancel);
        }
    }

    private async Task EnsureAsync(RouteTable table, Func<Route, bool> isRight, CreateRouteRequest create, ReplaceRouteRequest replace,
        CancellationToken cancel)
    {
        const string doing = "making the way out";
        var there = table.Routes?.Find(r => r.DestinationCidrBlock == Everywhere);
        if (there is not null && isRight(there) && there.State != RouteState.Blackhole)
            return;
        if (there is null)
        {
            try
            {
                await border.SendAsync(doing, c => border.Ec2.CreateRouteAsync(create, c), cancel);
                return;
            }
            catch (CloudException e) when (AwsErrors.IsAlready(e))
            {
                // The answer to an earlier try was lost; the same route once more does no harm.
            }
        }
        await border.SendAsync(doing, c => border.Ec2.ReplaceRouteAsync(replace, c), cancel);
    }
}
