using System.Collections.Immutable;

namespace Baker.Clouds.Live;

/// <summary>
/// A cloud that can be asked and told. The launcher is written once against these parts; what differs between clouds stays behind them.
/// Every call may throw <see cref="CloudException"/> and nothing else of the cloud's own. Everything that makes or removes is convergent:
/// it looks first, does what is missing, and may be killed and called again at any point.
/// </summary>
public interface ICloud : IAsyncDisposable
{
    IAccount Account { get; }

    IStackLock Lock { get; }

    IAddresses Addresses { get; }

    INetwork Network { get; }

    ISecretStore Secrets { get; }

    /// <summary>Null where user-data has room.</summary>
    IBundles? Bundles => null;

    IDisks Disks { get; }

    IImages Images { get; }

    IMachines Machines { get; }

    IConsole Console { get; }

    /// <summary>Null where no room can be kept for a machine.</summary>
    IReservations? Reservations => null;

    /// <summary>Null where a launch makes none.</summary>
    IIdentities? Identities => null;

    /// <summary>Null where there are no zones of DNS.</summary>
    IDnsZones? Dns => null;

    /// <summary>Null where things carry no tags.</summary>
    ITags? Tags => null;

    IBakery Bakery { get; }
}

/// <summary>Who pays, and what is known before anything is made.</summary>
public interface IAccount
{
    /// <summary>Asks the cloud who the credentials belong to.</summary>
    /// <exception cref="CloudException">With <see cref="CloudFailure.NotSignedIn"/>: credentials are missing or have expired.</exception>
    Task<AccountInfo> SignInAsync(CancellationToken cancel);

    /// <summary>Looks for what would make a launch fail, changing nothing.</summary>
    Task<Preflight> CheckAsync(StackWanted wanted, ImmutableArray<string> zones, CancellationToken cancel);

    /// <summary>The zones where everything of the stack is offered, the best first.</summary>
    Task<ImmutableArray<string>> ZonesAsync(StackWanted wanted, CancellationToken cancel);
}

/// <param name="Title">For people: <c>account 123456789012 (prod) as arn:…</c>, <c>project my-project as me@example.com</c>.</param>
public sealed record AccountInfo(string Title);

/// <param name="Problems">What makes a launch fail: one sentence each, with what to do.</param>
/// <param name="Unchecked">What could not be looked at, and why.</param>
/// <param name="Notes">What a user should know before saying yes.</param>
public sealed record Preflight(ImmutableArray<string> Problems, ImmutableArray<string> Unchecked, ImmutableArray<string> Notes)
{
    public static readonly Preflight Clear = new([], [], []);

    public Preflight With(Preflight more) =>
        new([.. Problems, .. more.Problems], [.. Unchecked, .. more.Unchecked], [.. Notes, .. more.Notes]);
}

/// <summary>Keeps two launches of one stack apart, by a name that the server allows only once.</summary>
public interface IStackLock
{
    /// <param name="holder">Who and where, and since when, for the person who is refused.</param>
    /// <exception cref="CloudException">With <see cref="CloudFailure.Locked"/>: somebody else holds it; the answer says who.</exception>
    Task<IAsyncDisposable> TakeAsync(StackOwner owner, string holder, CancellationToken cancel);

    /// <summary>Removes a lock whose holder is gone. Nothing happens when there is none.</summary>
    Task BreakAsync(StackOwner owner, CancellationToken cancel);

    /// <summary>The lock as a thing that stays when its holder is killed; null: there is none, or nothing of it stays.</summary>
    Task<Resource?> FindAsync(StackOwner owner, CancellationToken cancel) => Task.FromResult<Resource?>(null);
}
