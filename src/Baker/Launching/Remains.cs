using System.Globalization;
using Baker.Clouds.Live;
using Baker.Planning;
using Baker.Stack;

namespace Baker.Launching;

/// <summary>What goes on costing, or stays, of a stack that is stopped or removed: by what is there. Nobody here knows prices.</summary>
public static class Remains
{
    /// <summary>In one line.</summary>
    public static async Task<string> OfStoppedAsync(ICloud cloud, Plan plan, StackOwner owner, CancellationToken cancel)
    {
        try
        {
            var found = await Billed.FoundAsync(cloud, plan.Cloud.Facts, owner, cancel);
            var snapshots = await cloud.Disks.SnapshotsAsync(owner, cancel);
            string[] all =
            [
                .. found.Where(b => !b.IsStopped).Concat(Billed.Secrets(plan)).Select(b => b.ToString()),
                .. snapshots.Select(r => $"{r.Kind} {r.Name}"),
                .. await ImagesAsync(cloud, owner, cancel),
            ];
            return all.Length == 0 ? "nothing of it costs anything now" : $"goes on costing: {string.Join(", ", all)}";
        }
        catch (CloudException e)
        {
            return Unseen(e);
        }
    }

    /// <summary>Beside what <see cref="Teardown"/> has left: a line each.</summary>
    public static async Task<IEnumerable<string>> OfDestroyedAsync(
        ICloud cloud, StackWanted wanted, IEnumerable<SecretPlan> secrets, CancellationToken cancel)
    {
        var lines = new List<string>();
        try
        {
            foreach (var images in await ImagesAsync(cloud, wanted.Owner, cancel))
                lines.Add($"goes on costing: {images}; `baker images list` shows them, `baker images delete` removes them");
        }
        catch (CloudException e)
        {
            lines.Add(Unseen(e));
        }
        string[] yours =
        [
            .. wanted.Machines.Where(m => !m.MakesIdentity).Select(m => m.Identity).OfType<string>().Distinct()
                .Select(i => $"identity {i}"),
            .. secrets.Where(s => !s.IsTheStacks).Select(s => s.Location).Distinct().Select(l => $"secret {l}"),
            .. wanted.PublicAddress?.ExistingId is { } address ? [$"address {address}"] : Array.Empty<string>(),
        ];
        if (yours.Length > 0)
            lines.Add($"stays, as it is yours: {string.Join(", ", yours)}");
        return lines;
    }

    private static async Task<IEnumerable<string>> ImagesAsync(ICloud cloud, StackOwner owner, CancellationToken cancel)
    {
        var images = (await cloud.Bakery.ListAsync(cancel)).Where(i => i.Stack == owner.Stack).ToArray();
        return images.Length == 0 ? [] : [string.Create(CultureInfo.InvariantCulture,
            $"{images.Length} baked {(images.Length == 1 ? "image" : "images")} ({images.Sum(i => i.SizeGb)} GB)")];
    }

    private static string Unseen(CloudException e) => $"what goes on costing could not be looked at: {e.Message.ReplaceLineEndings(" ")}";
}
