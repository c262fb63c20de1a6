using System.Collections.Immutable;
using Baker.Clouds.Live;

namespace Baker.Tests.Launching;

/// <summary>Identities of a <see cref="MemoryAccount"/>: a name with a policy.</summary>
internal sealed class MemoryIdentities(MemoryAccount account, Func<string, Action, Task> call) : IIdentities
{
    public async Task<IdentityFound> LookAsync(IdentityWanted wanted, CancellationToken cancel)
    {
        IdentityFound? found = null;
        await call("identity: looking", () => found = !account.IsThere(Key(wanted)) ? new IdentityFound(wanted, IdentityStanding.Missing, []) { IsGone = true }
            : !account.Has(Key(wanted)) ? new IdentityFound(wanted, IdentityStanding.Theirs, [])
            : new IdentityFound(wanted, IdentityStanding.Ours, account.Content(Key(wanted)) == wanted.Policy ? [] : ["another policy"]));
        return found!;
    }

    public Task<Preflight> CheckAsync(ImmutableArray<IdentityWanted> lacking, CancellationToken cancel) => Task.FromResult(Preflight.Clear);

    public Task EnsureAsync(IdentityWanted wanted, CancellationToken cancel) => call("identity: making", () => account.Make(Key(wanted), wanted.Policy));

    public Task DeleteAsync(IdentityWanted wanted, CancellationToken cancel) => call("identity: removing", () => account.Remove(Key(wanted)));

    private static string Key(IdentityWanted wanted) => $"identity {wanted.Name}";
}
