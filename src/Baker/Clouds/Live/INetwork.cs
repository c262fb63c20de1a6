using System.Collections.Immutable;

namespace Baker.Clouds.Live;

/// <summary>Networks, subnets, routes, NAT and firewall.</summary>
public interface INetwork
{
    /// <summary>True when subnets belong to a zone, so that all machines have to be in the same one.</summary>
    bool IsZonal { get; }

    /// <summary>
    /// Makes network, subnets and firewall where they are missing, or checks the user's own; makes the firewall's rules equal to what is
    /// wanted.
    /// </summary>
    /// <param name="zone">Subnets without machines move there.</param>
    Task EnsureAsync(NetworkWanted wanted, string zone, CancellationToken cancel);

    /// <summary>
    /// What <see cref="EnsureAsync"/> and <see cref="EnsureNatAsync"/> would mend in a network that stands: a line each, for people.
    /// Changes nothing.
    /// </summary>
    Task<ImmutableArray<string>> DifferencesAsync(NetworkWanted wanted, CancellationToken cancel);

    /// <summary>
    /// Makes the way out for machines without a public address. Slow, so it comes after the machines that are hard to get.
    /// </summary>
    Task EnsureNatAsync(NetworkWanted wanted, CancellationToken cancel);

    /// <summary>What there is of a way out that was made, whole or in part. All of it is billed.</summary>
    Task<ImmutableArray<Resource>> FindNatAsync(StackOwner owner, CancellationToken cancel) =>
        Task.FromResult(ImmutableArray<Resource>.Empty);

    /// <summary>Removes what <see cref="FindNatAsync"/> finds, and the routes to it.</summary>
    Task RemoveNatAsync(StackOwner owner, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>
    /// All that is made for a stack of which nothing is there, as <see cref="FindAsync"/> names it then; without ids, and with
    /// <see cref="Resource.IsBilled"/>. Asks nobody.
    /// </summary>
    ImmutableArray<Resource> Makes(StackWanted wanted);

    Task<ImmutableArray<Resource>> FindAsync(StackOwner owner, CancellationToken cancel);

    /// <summary>Removes everything that was made; waits for what lingers. Machines must be gone.</summary>
    /// <returns>What could not be removed: <see cref="Resource.IsStuck"/>, with the reason in its note.</returns>
    Task<ImmutableArray<Resource>> DeleteAsync(StackOwner owner, CancellationToken cancel);
}

/// <summary>Public addresses, reserved before any machine exists.</summary>
public interface IAddresses
{
    Task<PublicAddress> EnsureAsync(PublicAddressWanted wanted, CancellationToken cancel);

    /// <summary>The address that was made for the stack, or null.</summary>
    Task<PublicAddress?> FindAsync(StackOwner owner, CancellationToken cancel);

    /// <summary>Gives an address that was made back. Machines must be gone.</summary>
    Task DeleteAsync(StackOwner owner, CancellationToken cancel);
}

/// <param name="Ip">Dotted IPv4.</param>
public sealed record PublicAddress(string Id, string Name, string Ip);
