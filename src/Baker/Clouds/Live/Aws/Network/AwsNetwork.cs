using System.Collections.Immutable;
using Baker.Clouds.Live.Aws.Border;

namespace Baker.Clouds.Live.Aws.Network;

/// <summary>A VPC of the stack's own, or the user's; and the security groups, which are always the stack's.</summary>
internal sealed class AwsNetwork(AwsBorder border, AwsGround ground, AwsInterfaces interfaces, AwsSettling settling) : INetwork
{
    private readonly AwsVpc _vpc = new(border);
    private readonly AwsRoutes _routes = new(border);
    private readonly AwsNat _nat = new(border);
    private readonly AwsFirewall _firewall = new(border, ground);
    private readonly AwsSubnets _subnets = new(border, ground, interfaces);

    public bool IsZonal => true;

    public async Task EnsureAsync(NetworkWanted wanted, string zone, CancellationToken cancel)
    {
        // After a zone that had no room: what was made for it must be seen, or it would be made twice.
        await settling.WaitAsync(wanted.Owner, cancel);
        if (wanted.ExistingId is not null)
        {
            await _subnets.ExistingAsync(wanted, cancel);
            await _firewall.EnsureAsync(wanted, wanted.ExistingId, cancel);
            return;
        }
        var vpc = await _vpc.EnsureAsync(wanted, cancel);
        var firewall = _firewall.EnsureAsync(wanted, vpc, cancel);
        var gateway = _vpc.GatewayAsync(wanted, vpc, cancel);
        var subnets = Task.WhenAll(wanted.Subnets.Select(s => _subnets.EnsureAsync(wanted.Owner, s, vpc, zone, cancel)));
        var tables = Task.WhenAll(wanted.Subnets.Select(s => _routes.TableAsync(wanted.Owner, s, vpc, cancel)));
        await Task.WhenAll(firewall, gateway, subnets, tables);
        await Task.WhenAll(tables.Result.Zip(wanted.Subnets, (table, subnet) =>
            _routes.AssociateAsync(table, ground.Subnet(subnet.Name).Id, subnet, cancel))
            .Concat(tables.Result.Zip(wanted.Subnets).Where(t => t.Second.IsPublic)
                .Select(t => _routes.ToGatewayAsync(t.First, gateway.Result, cancel))));
    }

    public Task<ImmutableArray<string>> DifferencesAsync(NetworkWanted wanted, CancellationToken cancel) =>
        new AwsNetworkDifferences(new AwsNetworkParts(border, interfaces)).OfAsync(wanted, cancel);

    public async Task EnsureNatAsync(NetworkWanted wanted, CancellationToken cancel)
    {
        if (wanted.ExistingId is not null)
            return;
        var nat = await _nat.EnsureAsync(wanted, ground.Subnet(wanted.Subnets.First(s => s.IsPublic).Name).Id, cancel);
        var vpc = await _vpc.EnsureAsync(wanted, cancel);
        foreach (var subnet in wanted.Subnets.Where(s => !s.IsPublic))
            await _routes.ToNatAsync(await _routes.TableAsync(wanted.Owner, subnet, vpc, cancel), nat, cancel);
    }

    public Task<ImmutableArray<Resource>> FindNatAsync(StackOwner owner, CancellationToken cancel) =>
        new AwsNetworkParts(border, interfaces).NatAsync(owner, cancel);

    public async Task RemoveNatAsync(StackOwner owner, CancellationToken cancel)
    {
        foreach (var table in await new AwsNetworkParts(border, interfaces).TablesAsync(owner, cancel))
            await _routes.RemoveNatAsync(table, cancel);
        await _nat.RemoveAsync(owner, null, cancel);
        // Last: as long as it is there, the next launch goes on here.
        foreach (var address in await AwsAddresses.AllAsync(border, owner, AwsNat.AddressName(owner), cancel))
            await AwsAddresses.ReleaseAsync(border, address, cancel);
    }

    public ImmutableArray<Resource> Makes(StackWanted wanted) => AwsNetworkParts.Of(wanted);

    public Task<ImmutableArray<Resource>> FindAsync(StackOwner owner, CancellationToken cancel) =>
        new AwsNetworkParts(border, interfaces).FindAsync(owner, cancel);

    public Task<ImmutableArray<Resource>> DeleteAsync(StackOwner owner, CancellationToken cancel) =>
        new AwsNetworkTeardown(border, interfaces, _nat).DeleteAsync(owner, cancel);
}
