using System.Collections.Immutable;
using Baker.Clouds.Live;

namespace Baker.Tests.Launching;

/// <summary>Images that were baked elsewhere: they can be listed, and nothing else.</summary>
internal sealed class MemoryBakery(Func<Task<ImmutableArray<BakedImage>>> list) : IBakery
{
    public Task<ImmutableArray<BakedImage>> ListAsync(CancellationToken cancel) => list();

    public Task<BakeBase> BaseAsync(CancellationToken cancel) => throw new NotSupportedException();

    public Task DeleteAsync(BakedImage image, CancellationToken cancel) => throw new NotSupportedException();

    public Task<ImmutableArray<Resource>> LeftoversAsync(StackOwner owner, CancellationToken cancel) => throw new NotSupportedException();

    public Task<ImmutableArray<Resource>> SweepAsync(StackOwner owner, CancellationToken cancel) => throw new NotSupportedException();
}
