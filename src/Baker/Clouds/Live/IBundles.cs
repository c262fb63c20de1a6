using System.Collections.Immutable;

namespace Baker.Clouds.Live;

/// <summary>User-data that a cloud has no room for, where machines fetch it.</summary>
public interface IBundles
{
    /// <summary>Everything that the stack has there.</summary>
    /// <param name="isNeeded">False where nothing of it is wanted: then somebody who may not look has nothing to lose by it.</param>
    /// <exception cref="CloudException">It cannot be looked at.</exception>
    Task<BundlesFound> FindAsync(StackOwner owner, bool isNeeded, CancellationToken cancel);

    /// <summary>Puts a bundle there whole, whatever of it there is.</summary>
    Task PutAsync(StackOwner owner, BundleWanted wanted, CancellationToken cancel);

    /// <summary>Removes one that <see cref="FindAsync"/> has found.</summary>
    Task DeleteAsync(BundleFound found, CancellationToken cancel);

    /// <summary>Whether the machines' identities may read their bundles, asked before anything is made.</summary>
    Task<Preflight> CheckAsync(ImmutableArray<MachineWanted> machines, CancellationToken cancel);
}

/// <param name="Folder">Its last name is the digest of what the parts hold.</param>
/// <param name="Parts">The first lies at <c>Folder/1</c>.</param>
public sealed record BundleWanted(string Folder, ImmutableArray<string> Parts)
{
    /// <summary>Whose it is, by its key: the last name of a folder is a digest.</summary>
    public string Machine => MachineOf(Folder);

    internal static string MachineOf(string folder) => folder.Split('/')[^2];
}

/// <param name="Names">Of its parts.</param>
/// <param name="IsWhole">They hold what their folder says.</param>
/// <param name="Letters">What the parts hold, one after the other.</param>
public sealed record BundleFound(string Folder, ImmutableArray<string> Names, bool IsWhole, string Letters)
{
    /// <inheritdoc cref="BundleWanted.Machine"/>
    public string Machine => BundleWanted.MachineOf(Folder);
}

/// <param name="Unseen">Why nobody could look; null: somebody did.</param>
public sealed record BundlesFound(ImmutableArray<BundleFound> All, string? Unseen = null)
{
    public static readonly BundlesFound None = new([]);

    public bool Has(BundleWanted wanted) => All.Any(f => f.Folder == wanted.Folder && f.IsWhole);

    /// <summary>Those that none of the machines needs.</summary>
    public ImmutableArray<BundleFound> Surplus(IEnumerable<MachineWanted> machines) =>
        [.. All.Where(f => machines.All(m => m.Bundle?.Folder != f.Folder))];
}
