using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using DnsClient;

namespace Baker.Launching;

/// <summary>The servers of the internet. Where a network lets nobody ask them, nobody is asked.</summary>
/// <param name="port">At which a zone's own servers are asked.</param>
public sealed class NameServers(int port = 53) : INameServers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<ImmutableArray<string>?> OfAsync(string zone, CancellationToken cancel)
    {
        var found = await AskedAsync(() => new LookupClient(new LookupClientOptions { Timeout = Patience, UseCache = false }), zone,
            QueryType.NS, cancel);
        return found is null ? null : [.. found.Answers.NsRecords().Select(r => r.NSDName.Value.TrimEnd('.'))];
    }

    public async Task<ImmutableArray<string>?> AskAsync(string server, string name, CancellationToken cancel)
    {
        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(server, AddressFamily.InterNetwork, cancel);
        }
        catch (SocketException)
        {
            return null;
        }
        NameServer[] places = [.. addresses.Select(a => new NameServer(a, port))];
        var found = places is [] ? null : await AskedAsync(() => new LookupClient(new LookupClientOptions(places)
        {
            Timeout = Patience,
            UseCache = false,
            Recursion = false,
            Retries = 1,
        }), name, QueryType.A, cancel);
        return found is null ? null : [.. found.Answers.ARecords().Select(r => r.Address.ToString())];
    }

    /// <returns>Null: there is no answer. That there is nothing of the name is one.</returns>
    private static async Task<IDnsQueryResponse?> AskedAsync(
        Func<LookupClient> client, string name, QueryType type, CancellationToken cancel)
    {
        try
        {
            var found = await client().QueryAsync(name, type, cancellationToken: cancel);
            return found.HasError && found.Header.ResponseCode is not DnsHeaderResponseCode.NotExistentDomain ? null : found;
        }
        catch (Exception e) when (e is DnsResponseException or SocketException or InvalidOperationException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }
}
