using System.Collections.Immutable;

namespace Baker.Clouds.Live;

/// <summary>Volumes that outlive their machine.</summary>
public interface IDisks
{
    /// <summary>
    /// Makes it where there is none; one that is smaller than wanted grows, also while its machine runs. None gets smaller.
    /// </summary>
    /// <param name="zone">Where it is made; one that exists stays where it is.</param>
    Task<Disk> EnsureAsync(DiskWanted wanted, string zone, CancellationToken cancel);

    Task<Disk?> FindAsync(StackOwner owner, CancellationToken cancel);

    /// <summary>A copy that costs less and stays after the disk is deleted.</summary>
    /// <returns>Its id; null where the cloud has none.</returns>
    Task<string?> SnapshotAsync(Disk disk, StackOwner owner, CancellationToken cancel);

    /// <summary>The copies of the stack's disks that <see cref="SnapshotAsync"/> made; none of those that others take.</summary>
    Task<ImmutableArray<Resource>> SnapshotsAsync(StackOwner owner, CancellationToken cancel) =>
        Task.FromResult(ImmutableArray<Resource>.Empty);

    /// <summary>Removes one of <see cref="SnapshotsAsync"/>.</summary>
    Task DeleteSnapshotAsync(Resource snapshot, CancellationToken cancel) => Task.CompletedTask;

    Task DeleteAsync(Disk disk, StackOwner owner, CancellationToken cancel);
}

/// <param name="SizeGb">Gibibytes.</param>
public sealed record Disk(string Id, string Name, string Zone, int SizeGb);

/// <summary>Secrets that the launcher makes, in the cloud's own store.</summary>
public interface ISecretStore
{
    Task<bool> ExistsAsync(StackOwner owner, string location, CancellationToken cancel);

    /// <summary>Stores a value, replacing the one that is there.</summary>
    Task PutAsync(StackOwner owner, string location, ReadOnlyMemory<byte> value, CancellationToken cancel);

    /// <summary>The most that one may have, in bytes.</summary>
    int MostBytes { get; }

    /// <summary>What is stored of a file of the user's.</summary>
    /// <param name="value">What the file holds; null: there is none here.</param>
    Task<GivenState> CompareAsync(StackOwner owner, string location, ReadOnlyMemory<byte>? value, CancellationToken cancel);

    /// <summary>Stores what a file of the user's holds, so that <see cref="CompareAsync"/> knows it.</summary>
    Task PutGivenAsync(StackOwner owner, string location, ReadOnlyMemory<byte> value, CancellationToken cancel);

    /// <summary>
    /// Lets a machine read those that the launch made; what the user made, the user grants. Nothing to do where the machine's own role has
    /// the right.
    /// </summary>
    Task GrantAsync(MachineWanted machine, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Removes those that were made for the stack and no other.</summary>
    Task DeleteAsync(StackOwner owner, string location, CancellationToken cancel);

    /// <summary>The command by which a user reads one with their own rights.</summary>
    string ReadCommand(StackOwner owner, string location);
}
