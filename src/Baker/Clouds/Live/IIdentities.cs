using System.Collections.Immutable;

namespace Baker.Clouds.Live;

/// <summary>Identities that a launch makes for machines, by names that are known before.</summary>
public interface IIdentities
{
    /// <exception cref="CloudException">With <see cref="CloudFailure.Denied"/>: whoever asks may not look.</exception>
    Task<IdentityFound> LookAsync(IdentityWanted wanted, CancellationToken cancel);

    /// <summary>Looks whether they could be made, changing nothing.</summary>
    Task<Preflight> CheckAsync(ImmutableArray<IdentityWanted> lacking, CancellationToken cancel);

    /// <summary>Makes it what is wanted. What others have added to it stays.</summary>
    /// <exception cref="CloudException">It may not be made, or somebody else has one of that name.</exception>
    Task EnsureAsync(IdentityWanted wanted, CancellationToken cancel);

    /// <summary>Removes it, with all that is tied to it. One of somebody else stays.</summary>
    Task DeleteAsync(IdentityWanted wanted, CancellationToken cancel);
}

/// <param name="Name">As a machine is given it.</param>
/// <param name="Machine">The machine that it is for.</param>
/// <param name="Key">Where the spec can name one of the user's own instead.</param>
/// <param name="Policy">All that it may, in the cloud's own form; empty where rights are granted secret by secret.</param>
/// <param name="Reads">Locations of secrets that it may read.</param>
/// <param name="Boundary">Its limit; null: none.</param>
/// <param name="IsWanted">False: the machine has another, or needs none.</param>
public sealed record IdentityWanted(
    StackOwner Owner, string Name, string Machine, string Key, string Policy, ImmutableArray<string> Reads, string? Boundary,
    bool IsWanted)
{
    /// <summary>As a thing of the stack.</summary>
    public Resource Listed() => new(Kind, Name, Machine, $"of {Machine}");

    public const string Kind = "identity";
}

public enum IdentityStanding
{
    Missing,
    Ours,

    /// <summary>Somebody else's, or another stack's.</summary>
    Theirs,
}

/// <param name="Differs">What is not as wanted, a few words each.</param>
public sealed record IdentityFound(IdentityWanted Wanted, IdentityStanding Standing, ImmutableArray<string> Differs)
{
    /// <summary>Machines that had it have a dead one now, also once it is made again.</summary>
    public bool IsGone { get; init; }

    /// <summary>Why it could not be looked at; null: it was.</summary>
    public string? Unseen { get; init; }

    /// <summary>It is to be made or mended.</summary>
    public bool IsLacking => Wanted.IsWanted && Unseen is null && (Standing == IdentityStanding.Missing
        || (Standing == IdentityStanding.Ours && Differs.Length > 0));
}
