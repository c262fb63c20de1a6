using System.Collections.Immutable;
using Baker.Clouds.Facts.Local;
using Baker.Clouds.Live.Local.Images;

namespace Baker.Clouds.Live.Local.Baked;

/// <summary>
/// Bakes on this machine: a builder boots over the stock image, does its work, and goes off; what its disk shows then is the image.
/// </summary>
internal sealed class LocalBuilder(
    Desk desk, LocalSpec spec, LocalPreflight preflight, StockImages stock, BuildPlaces places, LocalMachines machines,
        LocalNetwork network, DiskToImage images) : IImageBuilder
{
    public Task<Preflight> CheckAsync(ImmutableArray<BuildWanted> builds, int parallel, CancellationToken cancel) =>
        Guarded.RunAsync("looking at this machine", () =>
    {
        // As many as run at once, the largest.
        var builders = builds.Select(Builder).OrderByDescending(b => spec.Facts.FindMachine(b.Type)?.MemoryGb ?? 0).Take(parallel)
            .ToImmutableArray();
        return preflight.CheckAsync(new StackWanted(builders[0].Owner, Closed(builds[0].Network, builders[0].Owner), null, null, builders),
            cancel);
    });

    public Task<string> BuildAsync(BuildWanted wanted, IBuildListener listener, CancellationToken cancel) =>
        Guarded.RunAsync($"baking the image of {wanted.Machine.Group}", async () =>
    {
        var builder = Builder(wanted);
        try
        {
            listener.Begin("finding the stock image");
            var image = await stock.ResolveAsync(TimeSpan.Zero, cancel);
            var @base = stock.BaseOf(image);
            listener.Begin("starting the builder");
            await network.EnsureAsync(Closed(wanted.Network, builder.Owner), LocalMachines.Zone, cancel);
            var machine = await machines.CreateAsync(builder, new Placement(LocalMachines.Zone, image, null, null), cancel);
            var folder = new MachineFolder(machine.Id);
            await new BuilderWatch(folder, machine, desk.Time).WaitAsync(listener, cancel);
            listener.Begin("making an image of its disk");
            return (await images.MakeAsync(folder, wanted.Machine, wanted.Machine.Owner, stock.Source, @base, cancel)).Disk;
        }
        finally
        {
            // Also after Ctrl-C: what is not removed now is found by the next bake.
            await places.RemoveAsync(builder.Owner, CancellationToken.None);
        }
    });

    /// <summary>A machine as large as the one that the image is for, without its secrets, its data and its ports.</summary>
    private static MachineWanted Builder(BuildWanted wanted) => wanted.Machine with
    {
        Owner = BuildPlaces.OwnerOf(wanted.Machine.Owner, wanted.Machine.Group),
        Name = $"{wanted.Machine.Name}-builder",
        Secrets = [],
        UserData = wanted.UserData,
        UserDataDigest = "",
        HasPublicAddress = false,
        HasDataDisk = false,
    };

    private static NetworkWanted Closed(NetworkWanted network, StackOwner owner) => network with { Owner = owner, Rules = [] };
}
