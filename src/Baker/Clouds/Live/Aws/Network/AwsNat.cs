using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Network;

/// <summary>The NAT gateway with its public address. It takes minutes to come and minutes to go.</summary>
internal sealed class AwsNat(AwsBorder border)
{
    private static readonly TimeSpan Changing = TimeSpan.FromMinutes(20);

    /// <summary>One that is gone lets its private address go a little later.</summary>
    private static readonly TimeSpan Lingering = TimeSpan.FromMinutes(5);

    public static string AddressName(StackOwner owner) => $"{owner.Stack}-nat";

    /// <returns>The id of a gateway that works.</returns>
    public async Task<string> EnsureAsync(NetworkWanted wanted, string subnetId, CancellationToken cancel)
    {
        var (owner, token) = (wanted.Owner, AwsBorder.NewToken());
        var doing = $"making the NAT gateway {AddressName(owner)}";
        // One that goes still holds the address.
        await UntilGoneAsync(owner, null, cancel);
        var address = await AwsAddresses.MakeAsync(border, owner, AddressName(owner), cancel);
        var nat = await border.UntilAsync(doing, c => MakeAsync(wanted, subnetId, address, token, doing, c), Lingering, cancel);
        if (nat.State == NatGatewayState.Available)
            return nat.NatGatewayId;
        var seen = await border.UntilAsync(doing, async c =>
        {
            var found = await border.SendAsync(doing, x =>
                border.Pages.NatGatewaysAsync(new DescribeNatGatewaysRequest
                {
                    Filter = [
                new Filter("nat-gateway-id", [nat.NatGatewayId])]
                }, x), c);
            return found.NatGateways?.FirstOrDefault() is { } now && now.State != NatGatewayState.Pending ? now : null;
        }, Changing, cancel);
        var kind = AwsErrorTable.Of("CreateNatGateway", seen.FailureCode ?? "", seen.FailureMessage ?? "");
        return seen.State == NatGatewayState.Available ? seen.NatGatewayId
            : throw new CloudException(AwsAdvice.Kind(kind), doing,
                $"{seen.NatGatewayId} is {seen.State}: {seen.FailureCode}: {seen.FailureMessage}", "launch again: another one is made");
    }

    /// <summary>Deletes what stands in a subnet, or everywhere, and waits until it is gone.</summary>
    /// <param name="subnetId">Null: everywhere.</param>
    public async Task RemoveAsync(StackOwner owner, string? subnetId, CancellationToken cancel)
    {
        foreach (var nat in await AllAsync(owner, ["pending", "available", "failed"], cancel))
        {
            if (subnetId is null || nat.SubnetId == subnetId)
                await border.RemoveAsync($"deleting the NAT gateway {nat.NatGatewayId}", c =>
                    border.Ec2.DeleteNatGatewayAsync(new DeleteNatGatewayRequest { NatGatewayId = nat.NatGatewayId }, c), Changing,
                    cancel);
        }
        await UntilGoneAsync(owner, subnetId, cancel);
    }

    public async Task<List<NatGateway>> AllAsync(StackOwner owner, List<string> states, CancellationToken cancel)
    {
        var found = await border.SendAsync("looking for NAT gateways", c => border.Pages.NatGatewaysAsync(
            new DescribeNatGatewaysRequest { Filter = AwsTags.Mine(owner, null, new Filter("state", states)) }, c), cancel);
        // Looked at once more: what is deleted costs somebody their way out.
        return [.. (found.NatGateways ?? []).Where(n => AwsTags.IsMine(n.Tags, owner))];
    }

    /// <returns>Null while its private address is still held.</returns>
    private async Task<NatGateway?> MakeAsync(
        NetworkWanted wanted, string subnetId, Address address, string token, string doing, CancellationToken cancel)
    {
        var owner = wanted.Owner;
        try
        {
            return await border.MakeAsync(doing, async c =>
                AwsTags.Single(doing, await AllAsync(owner, ["pending", "available"], c), n => n.NatGatewayId), async c =>
                (await border.Ec2.CreateNatGatewayAsync(new CreateNatGatewayRequest
                {
                    ClientToken = token,
                    SubnetId = subnetId,
                    AllocationId = address.AllocationId,
                    PrivateIpAddress = wanted.NatAddress,
                    TagSpecifications = [AwsTags.For(owner, ResourceType.Natgateway, AddressName(owner))],
                }, c)).NatGateway, n => n.NatGatewayId, cancel);
        }
        catch (CloudException e) when (AwsErrors.IsLingering(e))
        {
            return null;
        }
    }

    private Task<StackOwner> UntilGoneAsync(StackOwner owner, string? subnetId, CancellationToken cancel) =>
        border.UntilAsync("waiting until the NAT gateway is gone", async c =>
        (await AllAsync(owner, ["deleting"], c)).Exists(n => subnetId is null || n.SubnetId == subnetId) ? null : owner, Changing, cancel);
}
