using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Baker.Clouds.Live.Local.Network;

/// <summary>
/// The cable between the machines of a stack: a multicast group on the loopback device. It needs neither root nor a daemon, and
/// every machine may come and go. Other users of this machine could listen in.
/// </summary>
/// <param name="Group">In 239.192.0.0/14, which RFC 2365 leaves to organisations.</param>
/// <param name="Port">UDP, below those that systems hand out by themselves (from 32768 on).</param>
internal sealed record PrivateLink(IPAddress Group, int Port)
{
    private const int FirstPort = 20_000, Ports = 10_000;

    public static PrivateLink Of(StackOwner owner)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{owner.Id}/{owner.Stack}/link"));
        return new PrivateLink(
            new IPAddress([239, (byte)(192 | hash[0] & 3), hash[1], hash[2]]),
            FirstPort + BinaryPrimitives.ReadUInt16BigEndian(hash.AsSpan(3)) % Ports);
    }
}
