using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>External static addresses.</summary>
internal sealed class GoogleAddresses(Compute compute, GooglePlace place, GoogleLabels labels) : IAddresses
{
    private static readonly GoogleJson Json = GoogleJson.Default;

    public async Task<PublicAddress> EnsureAsync(PublicAddressWanted wanted, CancellationToken cancel)
    {
        if (wanted.ExistingId is { } id)
            return await ExistingAsync(id, cancel);
        var owner = wanted.Owner;
        var body = new Address(wanted.Name, GoogleMark.Description(owner), AddressType: "EXTERNAL");
        var found = await compute.EnsureAsync(place.Regional($"addresses/{wanted.Name}"), place.Regional("addresses"), body, Json.Address,
            a => a.Description, owner, "external address", cancel);
        await labels.EnsureAsync(found, owner, cancel);
        return Of(found);
    }

    public async Task<PublicAddress?> FindAsync(StackOwner owner, CancellationToken cancel) =>
        (await labels.AddressesAsync(owner, cancel)).Where(IsPublic).Select(Of).FirstOrDefault();

    public async Task DeleteAsync(StackOwner owner, CancellationToken cancel)
    {
        foreach (var address in (await labels.AddressesAsync(owner, cancel)).Where(IsPublic))
            await compute.DeleteAsync(GooglePlace.Path(address.SelfLink), $"giving back the external address {address.Name}", cancel);
    }

    /// <summary>Why the user's own address cannot be had; null: it can, or it is made.</summary>
    public async Task<string?> ProblemAsync(PublicAddressWanted wanted, IEnumerable<MachineWanted> machines, CancellationToken cancel)
    {
        if (wanted.ExistingId is not { } name)
            return null;
        try
        {
            await ExistingAsync(name, cancel);
        }
        catch (CloudException e) when (e.Failure == CloudFailure.Refused)
        {
            return e.Message;
        }
        var found = await compute.FindAsync(place.Regional($"addresses/{name}"), Json.Address, "looking who has it", cancel);
        var owner = machines.FirstOrDefault(m => m.HasPublicAddress)?.Name;
        return found?.Users?.Select(GooglePlace.Path).FirstOrDefault(u => !(u.StartsWith(place.Root + "/", StringComparison.Ordinal)
            && GooglePlace.Name(u) == owner)) is { } user
            ? $"the external address {name} is in use by {user}; take it from there, or name another one at public_address" : null;
    }

    private async Task<PublicAddress> ExistingAsync(string name, CancellationToken cancel)
    {
        var doing = $"looking at the external address {name}";
        var found = await compute.FindAsync(place.Regional($"addresses/{name}"), Json.Address, doing, cancel)
            ?? throw new CloudException(CloudFailure.Refused, doing, $"there is none of that name in {place.Region}",
                $"gcloud compute addresses list --project {place.Project}");
        return IsPublic(found) ? Of(found) : throw new CloudException(
            CloudFailure.Refused, doing, "it is an internal address", "reserve an external one in the stack's region");
    }

    // What an address is by default is left out of some answers.
    private static bool IsPublic(Address address) => address.AddressType is null or "EXTERNAL";

    private static PublicAddress Of(Address address) => new(GooglePlace.Path(address.SelfLink), address.Name!, address.Ip!);
}
