using System.Collections.Immutable;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>The zones of the region, and what they offer.</summary>
internal sealed class GoogleZones(Compute compute, GooglePlace place)
{
    private static readonly GoogleJson Json = GoogleJson.Default;

    private Region? _region;

    /// <summary>The region with its zones and quotas; asked for once.</summary>
    public async Task<Region> RegionAsync(string doing, CancellationToken cancel) =>
        _region ??= await compute.FindAsync($"{place.Root}/regions/{place.Region}", Json.Region, doing, cancel)
            ?? throw new CloudException(CloudFailure.Refused, doing, $"there is no region {place.Region}", "gcloud compute regions list");

    /// <summary>Asks every zone, and returns all that was answered.</summary>
    public async Task<List<T>> EachAsync<T>(Func<string, Task<List<T>>> ask, string doing, CancellationToken cancel)
    {
        var answers = await Task.WhenAll((await NamesAsync(doing, cancel)).Select(ask));
        return [.. answers.SelectMany(a => a)];
    }

    /// <summary>
    /// Zones that offer everything first, then those that offer at least what is scarce: a machine on its own may lie in another zone of
    /// the region.
    /// </summary>
    public async Task<ImmutableArray<string>> OfferingAsync(StackWanted wanted, CancellationToken cancel)
    {
        const string Doing = "asking which zones offer the machines";
        string[] names = place.Zone is { } only ? [only] : [.. await NamesAsync(Doing, cancel)];
        var offers = await Task.WhenAll(names.Select(z => OfferAsync(z, wanted, Doing, cancel)));
        // Where what is wanted most is offered comes before where something else has to do.
        offers = [.. offers.OrderBy(o => wanted.Machines.Sum(m => m.Types.TakeWhile(t => !o.Machines.Contains(t)).Count()))];
        var all = offers.Where(o => wanted.Machines.All(m => IsOffered(m, o))).Select(o => o.Zone).ToArray();
        var first = all.Length > 0 ? all : [.. offers.Where(o => wanted.Machines.Where(m => !m.IsScarce).All(m => IsOffered(m, o)))
            .Select(o => o.Zone).Take(1)];
        var scarce = offers.Where(o => wanted.Machines.Where(m => m.IsScarce).All(m => IsOffered(m, o))).Select(o => o.Zone);
        if (first.Length > 0 && (all.Length > 0 || scarce.Any()))
            return [.. first.Concat(wanted.Machines.Any(m => m.IsScarce) ? scarce : []).Distinct()];
        var missing = wanted.Machines.Where(m => offers.All(o => !IsOffered(m, o)))
            .Select(m => string.Join(" or ", m.Types) + (m.AttachedGpu is { } gpu ? $" with {gpu.Model}" : "")).Distinct();
        throw new CloudException(CloudFailure.Refused, Doing, $"{string.Join(", ", names)}: none offers {string.Join(", ", missing)}",
            "choose another machine type, zone or region; gcloud compute machine-types list and accelerator-types list say where each is");
    }

    private async Task<IEnumerable<string>> NamesAsync(string doing, CancellationToken cancel) =>
        ((await RegionAsync(doing, cancel)).Zones ?? []).Select(GooglePlace.Name).Order(StringComparer.Ordinal);

    private async Task<Offer> OfferAsync(string zone, StackWanted wanted, string doing, CancellationToken cancel)
    {
        var types = wanted.Machines.SelectMany(m => m.Types).Distinct();
        var gpus = wanted.Machines.Select(m => m.AttachedGpu?.Model).OfType<string>().Distinct().ToArray();
        var machines = compute.ListAsync(place.Zonal(zone, "machineTypes"), Any(types), Json.PageMachineType, doing, cancel);
        var accelerators = gpus.Length == 0 ? Task.FromResult(new List<AcceleratorType>())
            : compute.ListAsync(place.Zonal(zone, "acceleratorTypes"), Any(gpus), Json.PageAcceleratorType, doing, cancel);
        await Task.WhenAll(machines, accelerators);
        return new Offer(zone, [.. (await machines).Select(m => m.Name!)], [.. (await accelerators).Select(a => a.Name!)]);
    }

    private static string Any(IEnumerable<string> names) => string.Join(" OR ", names.Select(n => $"(name = \"{n}\")"));

    private static bool IsOffered(MachineWanted machine, Offer offer) =>
        machine.Types.Any(offer.Machines.Contains) && (machine.AttachedGpu is null || offer.Gpus.Contains(machine.AttachedGpu.Model));

    private sealed record Offer(string Zone, ImmutableHashSet<string> Machines, ImmutableHashSet<string> Gpus);
}
