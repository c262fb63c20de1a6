using System.Collections.Immutable;

namespace Baker.Clouds.Live.Local;

/// <summary>Nobody signs in and nobody pays; the machine itself is what can be short.</summary>
internal sealed class LocalAccount(LocalPreflight preflight) : IAccount
{
    public Task<AccountInfo> SignInAsync(CancellationToken cancel) =>
        Task.FromResult(new AccountInfo($"this machine, {Environment.UserName}@{Environment.MachineName}"));

    public Task<Preflight> CheckAsync(StackWanted wanted, ImmutableArray<string> zones, CancellationToken cancel) =>
        Guarded.RunAsync("looking at this machine", () => preflight.CheckAsync(wanted, cancel));

    public Task<ImmutableArray<string>> ZonesAsync(StackWanted wanted, CancellationToken cancel) =>
        Task.FromResult<ImmutableArray<string>>([LocalMachines.Zone]);
}
