using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Network;

/// <summary>The stack's own VPC and its way to the internet.</summary>
internal sealed class AwsVpc(AwsBorder border)
{
    private static readonly TimeSpan Making = TimeSpan.FromMinutes(5);

    private string? _id;

    /// <returns>The id.</returns>
    public async Task<string> EnsureAsync(NetworkWanted wanted, CancellationToken cancel)
    {
        if (_id is not null)
            return _id;
        var (owner, doing) = (wanted.Owner, $"making the VPC {wanted.Owner.Stack}");
        var vpc = await border.MakeAsync(doing, c => OneAsync(owner, c), async c => (await border.Ec2.CreateVpcAsync(
            new CreateVpcRequest { CidrBlock = wanted.Cidr, TagSpecifications = [AwsTags.For(owner, ResourceType.Vpc, owner.Stack)] },
            c)).Vpc, v => v.VpcId, cancel);
        if (vpc.CidrBlock != wanted.Cidr)
            throw new CloudException(CloudFailure.Refused, doing,
                $"{vpc.VpcId} has the range {vpc.CidrBlock}, and the spec says {wanted.Cidr}",
                "a range cannot change: destroy the stack first, or write the old range");
        if (vpc.State == VpcState.Pending)
            await border.UntilAsync(doing, async c =>
                await OneAsync(owner, c) is { } seen && seen.State == VpcState.Available ? seen : null, Making, cancel);
        return _id = vpc.VpcId;
    }

    /// <returns>The id of the internet gateway, attached.</returns>
    public async Task<string> GatewayAsync(NetworkWanted wanted, string vpcId, CancellationToken cancel)
    {
        var (owner, doing) = (wanted.Owner, "making the internet gateway");
        var gateway = await border.MakeAsync(doing, async c =>
        {
            var found = await border.SendAsync(doing, x =>
                border.Pages.InternetGatewaysAsync(new DescribeInternetGatewaysRequest { Filters = AwsTags.Mine(owner) }, x), c);
            return AwsTags.Single(doing, found.InternetGateways ?? [], g => g.InternetGatewayId);
        }, async c => (await border.Ec2.CreateInternetGatewayAsync(
            new CreateInternetGatewayRequest { TagSpecifications = [AwsTags.For(owner, ResourceType.InternetGateway, owner.Stack)] },
            c)).InternetGateway, g => g.InternetGatewayId, cancel);
        if (gateway.Attachments?.Exists(a => a.VpcId == vpcId) == true)
            return gateway.InternetGatewayId;
        try
        {
            await border.SendAsync(doing, c => border.Ec2.AttachInternetGatewayAsync(
                new AttachInternetGatewayRequest { InternetGatewayId = gateway.InternetGatewayId, VpcId = vpcId }, c), cancel);
        }
        catch (CloudException e) when (AwsErrors.IsAlready(e))
        {
            // The answer to an earlier try was lost.
        }
        return gateway.InternetGatewayId;
    }

    private async Task<Vpc?> OneAsync(StackOwner owner, CancellationToken cancel)
    {
        var found = await border.SendAsync("looking for the VPC", c =>
            border.Pages.VpcsAsync(new DescribeVpcsRequest { Filters = AwsTags.Mine(owner) }, c), cancel);
        return AwsTags.Single("looking for the VPC", found.Vpcs ?? [], v => v.VpcId);
    }
}
