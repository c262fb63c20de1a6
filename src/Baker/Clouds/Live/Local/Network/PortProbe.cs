using System.Net;
using System.Net.Sockets;

namespace Baker.Clouds.Live.Local.Network;

/// <summary>Finds out by a real try whether a port of this machine can be opened.</summary>
internal static class PortProbe
{
    /// <param name="key">Of the spec, by which people choose it.</param>
    /// <param name="host">The name under which they reach the stack.</param>
    /// <returns>Why it cannot, with what to do; or null.</returns>
    public static string? Problem(int port, string key, string host)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return null;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            return $"only root may open port {port} of this machine: write a port from {PortForward.FirstFree} on into {key}, such as "
                + $"https://{host}:8443";
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return $"port {port} of this machine is taken by another program: write another one into {key}, or end that program";
        }
        catch (SocketException e)
        {
            return $"port {port} of this machine cannot be opened: {e.Message}";
        }
    }
}
