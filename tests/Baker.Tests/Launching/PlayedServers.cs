using System.Collections.Immutable;
using Baker.Launching;

namespace Baker.Tests.Launching;

/// <summary>Servers of DNS that have a record half a minute after they were first asked for it.</summary>
/// <param name="led">To whom the world is led for every zone.</param>
/// <param name="has">What is in the zone.</param>
internal sealed class PlayedServers(TimeProvider time, ImmutableArray<string> led, Func<ImmutableArray<string>> has) : INameServers
{
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(30);
    private long? _first;
    private int _asked;

    public int Asked => _asked;

    public Task<ImmutableArray<string>?> OfAsync(string zone, CancellationToken cancel) => Task.FromResult<ImmutableArray<string>?>(led);

    public Task<ImmutableArray<string>?> AskAsync(string server, string name, CancellationToken cancel)
    {
        Interlocked.Increment(ref _asked);
        _first ??= time.GetTimestamp();
        return Task.FromResult<ImmutableArray<string>?>(time.GetElapsedTime(_first.Value) < Behind ? [] : has());
    }
}
