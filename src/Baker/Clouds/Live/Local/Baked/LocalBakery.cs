using System.Collections.Immutable;
using Baker.Clouds.Live.Local.Images;

namespace Baker.Clouds.Live.Local.Baked;

/// <summary>What this machine knows of images that were baked on it.</summary>
internal sealed class LocalBakery(StockImages stock, BakedImages baked, BuildPlaces places, LocalBuilder builder) : IBakery
{
    public IImageBuilder Builder => builder;

    public Task<BakeBase> BaseAsync(CancellationToken cancel) =>
        Guarded.RunAsync("finding the image to bake from", () => stock.BaseAsync(cancel));

    public Task<ImmutableArray<BakedImage>> ListAsync(CancellationToken cancel) =>
        Guarded.RunAsync("looking for baked images", baked.List);

    public Task DeleteAsync(BakedImage image, CancellationToken cancel) =>
        Guarded.RunAsync($"deleting the image {image.Name}", () => baked.Delete(image));

    public Task<ImmutableArray<Resource>> LeftoversAsync(StackOwner owner, CancellationToken cancel) =>
        Guarded.RunAsync<ImmutableArray<Resource>>(
        "looking for what a bake has left", () =>
            [.. places.All(owner).Select(p => new Resource("builder", p.Stack, places.Folder(p).Path))]);

    public Task<ImmutableArray<Resource>> SweepAsync(StackOwner owner, CancellationToken cancel) =>
        Guarded.RunAsync("removing what a bake has left", async () =>
    {
        var left = ImmutableArray.CreateBuilder<Resource>();
        foreach (var place in places.All(owner))
            left.AddRange(await places.RemoveAsync(place, cancel));
        baked.Sweep();
        return left.ToImmutable();
    });
}
