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
        var access = placement.PublicAddress is { } address ? await compute.AccessAsync(address, doing, cancel) : null;
        var body = InstanceBody.Of(wanted, placement, place, zone, network, subnet, access);
        var patience = compute.Patience(doing, Patience.Gone);
        while (true)
        {
            var refusal = await compute.InsertAsync(place.Zonal(zone, "instances"), body, Json.Instance, doing, cancel);
            if (wanted.MakesIdentity && refusal is { IsAccountUnknown: true }
                && await patience.WaitAsync($"{wanted.Identity} is not known here yet", cancel))
                continue;
            if (refusal is { IsTaken: false })
                return (null, refusal);
            if (refusal?.IsAbout(path) == false)
                await InTheWayAsync(refusal, wanted, zone, doing, cancel);
            else if (await compute.FindAsync(path, Json.Instance, doing, cancel) is { } found)
            {
                if (!GoogleMark.IsOurs(found.Labels, wanted.Owner))
                    throw GoogleMark.Taken(doing, "instance", path, found.Description, found.Labels);
                // Ours, from a run that was cut off: being made, or being deleted.
                if (refusal is null || !await compute.SettleAsync($"{place.Root}/zones/{zone}", p => p == path, doing, cancel))
                    return (found, null);
            }
            if (!await patience.WaitAsync(refusal?.Text ?? "it was made, and cannot be seen", cancel))
                throw refusal?.ToException(doing, "somebody makes or removes it at this moment; launch again when that is over")
                    ?? new CloudException(CloudFailure.Unreachable, doing, "it was made, and cannot be seen", "does somebody remove it?");
        }
    }

    /// <summary>
    /// Not the instance is in the way but its boot disk: one that outlived an earlier machine. It may hold what somebody wants to keep.
    /// </summary>
    private async Task InTheWayAsync(Refusal refusal, MachineWanted wanted, string zone, string doing, CancellationToken cancel)
    {
        var disk = place.Zonal(zone, $"disks/{wanted.Name}");
        if (!refusal.IsAbout(disk))
            throw refusal.ToException(doing);
        // Removed at this moment, together with its machine: then the next try meets nothing.
        if (await compute.FindAsync(disk, Json.Labelled, doing, cancel) is not { } found)
            return;
        throw new CloudException(CloudFailure.Taken, doing, $"the disk {disk} is there, and the machine's boot disk needs that name; "
            + (GoogleMark.IsOurs(found.Labels, wanted.Owner) ? "it is left of an earlier machine of this stack"
                : "it does not belong to this stack"),
            $"when nobody needs what is on it: gcloud compute disks delete {wanted.Name} --zone {zone} --project {place.Project}");
    }
}
