using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Network;

/// <summary>
/// Network interfaces with a fixed address. Each comes before its machine and outlives it: only one machine can ever have it, which
/// keeps two launches from making two machines.
/// </summary>
internal sealed class AwsInterfaces(AwsBorder border)
{
    /// <summary>An interface is let go some time after its machine has ended.</summary>
    private static readonly TimeSpan Lingering = TimeSpan.FromMinutes(5);

    public async Task<NetworkInterface> EnsureAsync(MachineWanted wanted, string subnetId, string groupId, CancellationToken cancel)
    {
        var doing = $"making the network interface of {wanted.Name}";
        if (await OneAsync(wanted.Owner, wanted.Name, cancel) is { } old
            && (old.PrivateIpAddress != wanted.Address || old.SubnetId != subnetId))
            await DeleteAsync(old, cancel);
        var token = AwsBorder.NewToken();
        try
        {
            return await border.MakeAsync(doing, async c =>
                await OneAsync(wanted.Owner, wanted.Name, c) is { } found && found.SubnetId == subnetId
                && found.PrivateIpAddress == wanted.Address ? found : null, async c =>
            {
                var made = await border.Ec2.CreateNetworkInterfaceAsync(new CreateNetworkInterfaceRequest
                {
                    ClientToken = token,
                    SubnetId = subnetId,
                    PrivateIpAddress = wanted.Address,
                    Groups = [groupId],
                    Description = $"{wanted.Name}, kept when its machine is replaced",
                    TagSpecifications = [AwsTags.For(wanted.Owner, ResourceType.NetworkInterface, wanted.Name)],
                }, c);
                return made.NetworkInterface;
            }, n => n.NetworkInterfaceId, cancel);
        }
        catch (CloudException e) when (AwsErrors.Code(e) == "InvalidIPAddress.InUse")
        {
            throw new CloudException(CloudFailure.Taken, doing,
                $"{wanted.Address} is in use in {subnetId} by something that is not of this stack", "choose another address for the role",
                e);
        }
    }

    public async Task<List<NetworkInterface>> AllAsync(StackOwner owner, string? name, CancellationToken cancel)
    {
        var found = await border.SendAsync("looking for network interfaces", c => border.Pages.NetworkInterfacesAsync(
            new DescribeNetworkInterfacesRequest { Filters = AwsTags.Mine(owner, name) }, c), cancel);
        return found.NetworkInterfaces ?? [];
    }

    /// <summary>The one that a machine was made with.</summary>
    public async Task<NetworkInterface> OfMachineAsync(VirtualMachine machine, CancellationToken cancel)
    {
        var doing = $"looking for the network interface of {machine.Name}";
        var found = await border.SendAsync(doing, c => border.Pages.NetworkInterfacesAsync(new DescribeNetworkInterfacesRequest
        {
            Filters = [new Filter("attachment.instance-id", [machine.Id]), new Filter("attachment.device-index", ["0"])],
        }, c), cancel);
        return found.NetworkInterfaces?.FirstOrDefault()
            ?? throw new CloudException(CloudFailure.Refused, doing, $"{machine.Id} has none", "launch again");
    }

    /// <summary>Makes this security group the only one of an interface.</summary>
    public Task SetGroupAsync(VirtualMachine machine, NetworkInterface nic, string groupId, CancellationToken cancel) =>
        border.SendAsync($"setting the security group of {machine.Name}", c => border.Ec2.ModifyNetworkInterfaceAttributeAsync(
            new ModifyNetworkInterfaceAttributeRequest { NetworkInterfaceId = nic.NetworkInterfaceId, Groups = [groupId] }, c), cancel);

    public async Task DeleteAsync(NetworkInterface nic, CancellationToken cancel)
    {
        var name = AwsTags.Name(nic.TagSet);
        if (nic.Association?.AssociationId is { Length: > 0 } association)
            await border.RemoveAsync($"taking the public address from {name}", c =>
                border.Ec2.DisassociateAddressAsync(new DisassociateAddressRequest { AssociationId = association }, c), Lingering, cancel);
        await border.RemoveAsync($"deleting the network interface of {name}", c =>
            border.Ec2.DeleteNetworkInterfaceAsync(new DeleteNetworkInterfaceRequest { NetworkInterfaceId = nic.NetworkInterfaceId }, c),
            Lingering, cancel);
    }

    private async Task<NetworkInterface?> OneAsync(StackOwner owner, string name, CancellationToken cancel) =>
        AwsTags.Single($"looking for the network interface of {name}", await AllAsync(owner, name, cancel), n => n.NetworkInterfaceId);
}
