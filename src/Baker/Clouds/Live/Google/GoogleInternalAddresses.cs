using System.Collections.Immutable;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>Private addresses, reserved so that they stay with the stack while a machine is made anew.</summary>
internal sealed class GoogleInternalAddresses(Compute compute, GooglePlace place, GoogleLabels labels)
{
    private static readonly GoogleJson Json = GoogleJson.Default;

    public static string Name(MachineWanted machine) => $"{machine.Name}-internal";

    /// <param name="subnet">Its path; in a shared VPC of another project than the address.</param>
    public async Task EnsureAsync(MachineWanted machine, string subnet, CancellationToken cancel)
    {
        var owner = machine.Owner;
        var name = Name(machine);
        var path = place.Regional($"addresses/{name}");
        var wanted = new Address(name, GoogleMark.Description(owner), machine.Address, "INTERNAL", "GCE_ENDPOINT", subnet);
        var found = await compute.EnsureAsync(path, place.Regional("addresses"), wanted, Json.Address, a =>
            a.Description, owner, "internal address", cancel);
        if (found.Ip != machine.Address)
        {
            await compute.DeleteAsync(path, $"giving back the internal address {found.Ip}", cancel);
            found = await compute.EnsureAsync(path, place.Regional("addresses"), wanted, Json.Address, a =>
                a.Description, owner, "internal address", cancel);
        }
        await labels.EnsureAsync(found, owner, cancel);
    }

    public async Task<ImmutableArray<Address>> FindAsync(StackOwner owner, CancellationToken cancel) =>
        [.. (await labels.AddressesAsync(owner, cancel)).Where(a => a.AddressType == "INTERNAL")];
}
