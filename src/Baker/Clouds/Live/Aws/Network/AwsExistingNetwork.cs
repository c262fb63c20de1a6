using Amazon.EC2.Model;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Network;

/// <summary>Holds the user's own network against what the stack needs.</summary>
internal sealed class AwsExistingNetwork(AwsBorder border)
{
    public async Task<IEnumerable<string>> ProblemsAsync(StackWanted wanted, CancellationToken cancel)
    {
        var network = wanted.Network;
        var found = (await border.SendAsync("looking at the subnets", c => border.Pages.SubnetsAsync(
            new DescribeSubnetsRequest { SubnetIds = [.. network.Subnets.Select(s => s.ExistingId)] }, c), cancel)).Subnets ?? [];
        var problems = new List<string>();
        foreach (var subnet in network.Subnets)
        {
            var known = found.Find(s => s.SubnetId == subnet.ExistingId);
            if (known is null)
                problems.Add($"the subnet {subnet.ExistingId} is not there");
            else if (known.VpcId != network.ExistingId)
                problems.Add($"the subnet {subnet.ExistingId} is in {known.VpcId}, not in {network.ExistingId}");
            else if (known.CidrBlock != subnet.Cidr)
                problems.Add($"the subnet {subnet.ExistingId} has the range {known.CidrBlock}, and the spec says {subnet.Cidr}");
        }
        if (problems.Count == 0)
            problems.AddRange(await AddressesAsync(wanted, cancel));
        return problems;
    }

    private async Task<IEnumerable<string>> AddressesAsync(StackWanted wanted, CancellationToken cancel)
    {
        var taken = (await border.SendAsync("looking who has the addresses", c =>
            border.Pages.NetworkInterfacesAsync(new DescribeNetworkInterfacesRequest
            {
                Filters = [new Filter("subnet-id", [.. wanted.Network.Subnets.Select(s => s.ExistingId)]),
                new Filter("addresses.private-ip-address", [.. wanted.Machines.Select(m => m.Address)])],
            }, c), cancel)).NetworkInterfaces ?? [];
        return taken.Where(n => !AwsTags.IsMine(n.TagSet, wanted.Owner))
            .Select(n => $"the address {n.PrivateIpAddress} is in use by {n.NetworkInterfaceId} ({n.Description})");
    }

    /// <summary>Who reaches what outside was planned; whether a proxy inside the network carries it, only the user knows.</summary>
    public async Task<IEnumerable<string>> NotesAsync(StackWanted wanted, CancellationToken cancel)
    {
        var tables = (await border.SendAsync("looking at the routes", c => border.Pages.RouteTablesAsync(
            new DescribeRouteTablesRequest { Filters = [new Filter("vpc-id", [wanted.Network.ExistingId])] }, c), cancel)).RouteTables
                ?? [];
        var notes = new List<string>();
        foreach (var machine in wanted.Machines)
        {
            var subnet = wanted.Network.Subnets.First(s => s.Name == machine.Subnet).ExistingId;
            var table = tables.Find(t => t.Associations?.Exists(a => a.SubnetId == subnet) == true)
                ?? tables.Find(t => t.Associations?.Exists(a => a.Main == true) == true);
            var way = table?.Routes?.Find(r => r.DestinationCidrBlock == "0.0.0.0/0");
            var isGateway = way?.GatewayId?.StartsWith("igw-", StringComparison.Ordinal) == true;
            if (machine.HasPublicAddress && !isGateway)
                notes.Add($"{machine.Name} has a public address, and its subnet {subnet} has no route 0.0.0.0/0 to an internet gateway: "
                    + "nobody outside reaches it");
            else if (!machine.HasPublicAddress && (way is null || isGateway) && wanted.Network.Egress.Any(e => e.Group == machine.Group))
                notes.Add($"{machine.Name} reaches things outside (see the review page), and its subnet {subnet} has no route 0.0.0.0/0 "
                    + "that serves machines without a public address: it needs a NAT gateway, or mirrors and endpoints inside");
        }
        return notes;
    }
}
