using System.Collections.Immutable;

namespace Baker.Launching;

/// <summary>Servers of DNS, asked directly.</summary>
public interface INameServers
{
    /// <summary>Those to which the world is led for a zone; empty: it is led nowhere; null: nobody could be asked.</summary>
    Task<ImmutableArray<string>?> OfAsync(string zone, CancellationToken cancel);

    /// <summary>The addresses that one server has for a name; null: it does not answer.</summary>
    Task<ImmutableArray<string>?> AskAsync(string server, string name, CancellationToken cancel);
}

/// <summary>Where nobody can be asked.</summary>
public sealed class NoNameServers : INameServers
{
    public Task<ImmutableArray<string>?> OfAsync(string zone, CancellationToken cancel) => Task.FromResult<ImmutableArray<string>?>(null);

    public Task<ImmutableArray<string>?> AskAsync(string server, string name, CancellationToken cancel) =>
        Task.FromResult<ImmutableArray<string>?>(null);
}
