using System.Net;
using System.Net.Sockets;

namespace Baker.Clouds.Live.Local.Network;

/// <summary>Finds out whether the loopback device carries multicast, by a real try.</summary>
internal static class PrivateLinkProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <returns>Why it does not, or null.</returns>
    public static async Task<string?> ProblemAsync(PrivateLink link, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        try
        {
            using var receiver = new UdpClient(AddressFamily.InterNetwork);
            receiver.Client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            // A port of its own: machines that run already must not take the word for a frame.
            receiver.Client.Bind(new IPEndPoint(link.Group, 0));
            receiver.JoinMulticastGroup(link.Group, IPAddress.Loopback);
            using var sender = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0)) { MulticastLoopback = true };
            await sender.SendAsync("baker"u8.ToArray(), new IPEndPoint(link.Group, ((IPEndPoint)receiver.Client.LocalEndPoint!).Port),
                limit.Token);
            await receiver.ReceiveAsync(limit.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"the loopback device carries no multicast ({link.Group}), which connects the machines; does a firewall drop it?";
        }
        catch (SocketException e)
        {
            return $"the machines cannot be connected by multicast over the loopback device ({link.Group}): {e.Message}";
        }
    }
}
