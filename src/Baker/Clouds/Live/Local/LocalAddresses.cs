namespace Baker.Clouds.Live.Local;

/// <summary>A stack on this machine is reached by this machine's own address: nothing is made, and nothing given back.</summary>
internal sealed class LocalAddresses : IAddresses
{
    private const string Loopback = "127.0.0.1";

    public Task<PublicAddress> EnsureAsync(PublicAddressWanted wanted, CancellationToken cancel) =>
        Task.FromResult(new PublicAddress(Loopback, wanted.Name, Loopback));

    public Task<PublicAddress?> FindAsync(StackOwner owner, CancellationToken cancel) => Task.FromResult<PublicAddress?>(null);

    public Task DeleteAsync(StackOwner owner, CancellationToken cancel) => Task.CompletedTask;
}
