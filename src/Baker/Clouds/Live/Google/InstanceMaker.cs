using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>Makes one instance: in the zone that was chosen, or, if that has none left, in one that Google names.</summary>
internal sealed class InstanceMaker(Compute compute, GooglePlace place, GoogleSubnets subnets, GoogleInternalAddresses addresses,
    Action<string> say)
{
    private static readonly GoogleJson Json = GoogleJson.Default;

    public async Task<Instance> MakeAsync(MachineWanted wanted, Placement placement, CancellationToken cancel)
    {
        var doing = $"making the machine {wanted.Name} "
            + $"({wanted.Type}{(wanted.AttachedGpu is { } gpu ? $" with {gpu.Count} × {gpu.Model}" : "")})";
        await addresses.EnsureAsync(wanted, subnets.Of(wanted.Subnet).Subnet, cancel);
        var tried = new HashSet<string>();
        for (var zone = placement.Zone; ;)
        {
            tried.Add(zone);
            var (made, refusal) = await InZoneAsync(wanted, placement, zone, doing, cancel);
            if (made is not null)
                return made;
            if (!refusal!.IsStockOut || NextZone(refusal, placement, tried) is not { } next)
                throw refusal.IsNotOffered ? new CloudException(CloudFailure.NoCapacity, doing, refusal.Text)
                    : refusal.ToException($"{doing} in {zone}");
            say($"{wanted.Name}: {zone} has none left; Google names {next}");
            zone = next;
        }
    }

    /// <summary>
    /// A zone that Google says has some left. A disk cannot follow into another zone, and a zone that the user chose is kept.
    /// </summary>
    private string? NextZone(Refusal refusal, Placement placement, HashSet<string> tried) =>
        placement.DataDisk is not null || place.Zone is not null ? null
            : refusal.Zones.FirstOrDefault(z => z.StartsWith(place.Region + "-", StringComparison.Ordinal) && !tried.Contains(z));

    private async Task<(Instance? Made, Refusal? Refusal)> InZoneAsync(
        MachineWanted wanted, Placement placement, string zone, string doing, CancellationToken cancel)
    {
        var (network, subnet) = subnets.Of(wanted.Subnet);
        var path = place.Zonal(zone, $"instances/{wanted.Name}");
        var body = InstanceBody.Of(wanted, placement, place, zone, network, subnet);
        while (true)
        {
            var refusal = await compute.InsertAsync(place.Zonal(zone, "instances"), body, Json.Instance, doing, cancel);
            if (refusal is { IsTaken: false })
                return (null, refusal);
            if (await compute.FindAsync(path, Json.Instance, doing, cancel) is { } found)
            {
                if (!GoogleMark.IsOurs(found.Labels, wanted.Owner))
                    throw GoogleMark.Taken(doing, "instance", path, found.Description, found.Labels);
                // Ours, from a run that was cut off: being made, or being deleted.
                if (refusal is null || !await compute.SettleAsync($"{place.Root}/zones/{zone}", p => p == path, doing, cancel))
                    return (found, null);
            }
            await compute.PauseAsync(cancel);
        }
    }
}
