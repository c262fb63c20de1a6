using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>How a machine has an external address.</summary>
internal static class ComputeAccess
{
    public static async Task<AccessConfig> AccessAsync(this Compute compute, PublicAddress address, string doing, CancellationToken cancel)
    {
        var found = await compute.FindAsync(address.Id, GoogleJson.Default.Address, doing, cancel)
            ?? throw new CloudException(CloudFailure.Refused, doing, $"the external address {address.Name} is gone", "launch again");
        return InstanceBody.Access(address, found.NetworkTier);
    }
}
