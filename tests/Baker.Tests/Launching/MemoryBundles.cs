using System.Collections.Immutable;
using Baker.Clouds.Live;

namespace Baker.Tests.Launching;

/// <summary>What user-data has no room for, in a <see cref="MemoryAccount"/>.</summary>
/// <param name="call">Every call of the cloud goes this way.</param>
internal sealed class MemoryBundles(MemoryAccount account, Func<string, Func<BundlesFound>, Task<BundlesFound>> call) : IBundles
{
    private const string Kind = "bundle ";

    public Task<BundlesFound> FindAsync(StackOwner owner, bool isNeeded, CancellationToken cancel) => call("looking for bundles", Found);

    public Task PutAsync(StackOwner owner, BundleWanted wanted, CancellationToken cancel) => call($"storing {wanted.Folder}", () =>
    {
        account.Make($"{Kind}{wanted.Folder}", string.Concat(wanted.Parts));
        return Found();
    });

    public Task DeleteAsync(BundleFound found, CancellationToken cancel) => call($"deleting {found.Folder}", () =>
    {
        account.Remove($"{Kind}{found.Folder}");
        return Found();
    });

    public Task<Preflight> CheckAsync(ImmutableArray<MachineWanted> machines, CancellationToken cancel) => Task.FromResult(Preflight.Clear);

    private BundlesFound Found() => new([.. account.Named(Kind).Select(key => new BundleFound(key[Kind.Length..], [$"{key[Kind.Length..]}/1"], true, account.Content(key)!))]);
}
