using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Network;

/// <summary>Subnets: each lies in one zone, and can only move by being made anew.</summary>
internal sealed class AwsSubnets(AwsBorder border, AwsGround ground, AwsInterfaces interfaces)
{
    private static readonly TimeSpan Moving = TimeSpan.FromMinutes(5);

    public async Task EnsureAsync(StackOwner owner, SubnetWanted wanted, string vpcId, string zone, CancellationToken cancel)
    {
        var doing = $"making the subnet {wanted.Name}";
        if (await OneAsync(owner, wanted.Name, cancel) is { } old && old.AvailabilityZone != zone)
            await RemoveAsync(owner, old, cancel);
        var subnet = await border.MakeAsync(doing, async c =>
            await OneAsync(owner, wanted.Name, c) is { } found && found.AvailabilityZone == zone ? found : null,
            async c => (await border.Ec2.CreateSubnetAsync(new CreateSubnetRequest
            {
                VpcId = vpcId,
                CidrBlock = wanted.Cidr,
                AvailabilityZone = zone,
                TagSpecifications = [AwsTags.For(owner, ResourceType.Subnet, wanted.Name)],
            }, c)).Subnet, s => s.SubnetId, cancel);
        ground.Subnet(wanted.Name, subnet.SubnetId, subnet.AvailabilityZone);
    }

    /// <summary>Takes the user's own subnets as they are; what is wrong with them was said before.</summary>
    public async Task ExistingAsync(NetworkWanted wanted, CancellationToken cancel)
    {
        var found = await border.SendAsync("looking at the subnets", c => border.Pages.SubnetsAsync(
            new DescribeSubnetsRequest { SubnetIds = [.. wanted.Subnets.Select(s => s.ExistingId)] }, c), cancel);
        foreach (var subnet in wanted.Subnets)
        {
            if (found.Subnets?.Find(s => s.SubnetId == subnet.ExistingId) is { } known)
                ground.Subnet(subnet.Name, known.SubnetId, known.AvailabilityZone);
        }
    }

    /// <summary>The subnet is empty but for what waits there for a machine.</summary>
    private async Task RemoveAsync(StackOwner owner, Subnet subnet, CancellationToken cancel)
    {
        foreach (var nic in await interfaces.AllAsync(owner, null, cancel))
        {
            if (nic.SubnetId == subnet.SubnetId)
                await interfaces.DeleteAsync(nic, cancel);
        }
        await new AwsNat(border).RemoveAsync(owner, subnet.SubnetId, cancel);
        await border.RemoveAsync($"moving the subnet {AwsTags.Name(subnet.Tags)} out of {subnet.AvailabilityZone}",
            c => border.Ec2.DeleteSubnetAsync(new DeleteSubnetRequest { SubnetId = subnet.SubnetId }, c), Moving, cancel);
        // Its range must be free before another takes it.
        await border.UntilAsync($"moving the subnet {AwsTags.Name(subnet.Tags)}", async c =>
        {
            var found = await border.SendAsync("looking for subnets", x =>
                border.Pages.SubnetsAsync(new DescribeSubnetsRequest { Filters = [new Filter("subnet-id", [subnet.SubnetId])] }, x),
                c);
            return found.Subnets is { Count: > 0 } ? null : subnet;
        }, Moving, cancel);
    }

    private async Task<Subnet?> OneAsync(StackOwner owner, string name, CancellationToken cancel)
    {
        var found = await border.SendAsync("looking for subnets", c =>
            border.Pages.SubnetsAsync(new DescribeSubnetsRequest { Filters = AwsTags.Mine(owner, name) }, c), cancel);
        return AwsTags.Single($"looking for the subnet {name}", found.Subnets ?? [], s => s.SubnetId);
    }
}
