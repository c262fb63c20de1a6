using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Network;

/// <summary>Elastic IPs.</summary>
internal sealed class AwsAddresses(AwsBorder border) : IAddresses
{
    /// <summary>An address is held for a while by an interface or NAT gateway that is being deleted.</summary>
    private static readonly TimeSpan Lingering = TimeSpan.FromMinutes(3);

    public async Task<PublicAddress> EnsureAsync(PublicAddressWanted wanted, CancellationToken cancel)
    {
        if (wanted.ExistingId is null)
            return Public(await MakeAsync(border, wanted.Owner, wanted.Name, cancel));
        var doing = $"looking for the address {wanted.ExistingId}";
        var found = await border.SendAsync(doing, c =>
            border.Ec2.DescribeAddressesAsync(new DescribeAddressesRequest { AllocationIds = [wanted.ExistingId] }, c), cancel);
        var address = found.Addresses?.FirstOrDefault()
            ?? throw new CloudException(CloudFailure.Refused, doing, "there is no such Elastic IP in this region");
        return Public(address) with { Name = wanted.Name };
    }

    public async Task<PublicAddress?> FindAsync(StackOwner owner, CancellationToken cancel)
    {
        var all = await AllAsync(border, owner, null, cancel);
        var found = AwsTags.Single("looking for the public address",
            [.. all.Where(a => AwsTags.Name(a.Tags) != AwsNat.AddressName(owner))], a => a.AllocationId);
        return found is null ? null : Public(found);
    }

    public async Task DeleteAsync(StackOwner owner, CancellationToken cancel)
    {
        foreach (var address in await AllAsync(border, owner, null, cancel))
        {
            if (AwsTags.Name(address.Tags) != AwsNat.AddressName(owner))
                await ReleaseAsync(border, address, cancel);
        }
    }

    /// <summary>Gives an interface its public address.</summary>
    /// <exception cref="CloudException">Something else has the address.</exception>
    public async Task AssociateAsync(PublicAddress address, NetworkInterface nic, CancellationToken cancel)
    {
        if (nic.Association?.AllocationId == address.Id)
            return;
        await border.SendAsync($"giving {AwsTags.Name(nic.TagSet)} the address {address.Ip}", c => border.Ec2.AssociateAddressAsync(
            new AssociateAddressRequest
            {
                AllocationId = address.Id,
                NetworkInterfaceId = nic.NetworkInterfaceId,
                AllowReassociation = false
            }, c), cancel);
    }

    internal static Task<Address> MakeAsync(AwsBorder border, StackOwner owner, string name, CancellationToken cancel) => border.MakeAsync(
        $"reserving the public address {name}",
        async c => AwsTags.Single($"looking for the public address {name}", await AllAsync(border, owner, name, c), a => a.AllocationId),
        async c =>
        {
            var made = await border.Ec2.AllocateAddressAsync(
                new AllocateAddressRequest
                {
                    Domain = DomainType.Vpc,
                    TagSpecifications = [AwsTags.For(owner, ResourceType.ElasticIp, name)]
                }, c);
            return new Address { AllocationId = made.AllocationId, PublicIp = made.PublicIp, Tags = [new Tag("Name", name)] };
        },
        a => a.AllocationId, cancel);

    internal static async Task<List<Address>> AllAsync(AwsBorder border, StackOwner owner, string? name, CancellationToken cancel)
    {
        var found = await border.SendAsync("looking for public addresses", c =>
            border.Ec2.DescribeAddressesAsync(new DescribeAddressesRequest { Filters = AwsTags.Mine(owner, name) }, c), cancel);
        return found.Addresses ?? [];
    }

    internal static async Task ReleaseAsync(AwsBorder border, Address address, CancellationToken cancel)
    {
        if (address.AssociationId is { Length: > 0 } association)
            await border.RemoveAsync($"taking the address {address.PublicIp} away", c =>
                border.Ec2.DisassociateAddressAsync(new DisassociateAddressRequest { AssociationId = association }, c), Lingering, cancel);
        await border.RemoveAsync($"releasing the address {address.PublicIp}", c =>
            border.Ec2.ReleaseAddressAsync(new ReleaseAddressRequest { AllocationId = address.AllocationId }, c), Lingering, cancel);
    }

    private static PublicAddress Public(Address address) => new(address.AllocationId, AwsTags.Name(address.Tags), address.PublicIp);
}
