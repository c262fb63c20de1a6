using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Baker.Language.Shapes;

namespace Baker.Language.Values;

/// <summary>IPv4 addresses and networks, on top of the framework's own types.</summary>
public static class Ipv4
{
    public static readonly TextFormat AddressFormat = new("an IPv4 address",
        text => TryAddress(text, out _) ? null : "write four numbers from 0 to 255, such as 10.77.1.30", @"^\d+\.\d+\.\d+\.\d+$");

    public static readonly TextFormat NetworkFormat = new("an IPv4 network",
        text => TryNetwork(text, out _) ? null : NetworkProblem(text), @"^\d+\.\d+\.\d+\.\d+/\d+$");

    public static bool TryAddress(string text, out IPAddress address) =>
        IPAddress.TryParse(text, out address!) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text;

    public static bool TryNetwork(string text, out IPNetwork network) =>
        IPNetwork.TryParse(text, out network) && network.BaseAddress.AddressFamily == AddressFamily.InterNetwork
            && network.ToString() == text;

    public static uint Number(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    public static IPAddress Address(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }

    /// <summary>How many addresses a network has, the unusable ones included.</summary>
    public static ulong Size(IPNetwork network) => 1UL << (32 - network.PrefixLength);

    public static uint Last(IPNetwork network) => (uint)(Number(network.BaseAddress) + Size(network) - 1);

    public static bool Overlap(IPNetwork left, IPNetwork right) => left.Contains(right.BaseAddress) || right.Contains(left.BaseAddress);

    /// <summary>Ranges of RFC 1918 and RFC 6598, which clouds take for private networks.</summary>
    public static bool IsPrivate(IPNetwork network) =>
        Private.Any(p => p.PrefixLength <= network.PrefixLength && p.Contains(network.BaseAddress));

    private static readonly IPNetwork[] Private =
        [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"),
            IPNetwork.Parse("100.64.0.0/10")];

    private static string NetworkProblem(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && TryAddress(text[..slash], out var address) && int.TryParse(text[(slash + 1)..], out var prefix)
            && prefix is >= 0 and <= 32
            ? $"bits after the /{prefix} must be zero: write "
                + $"{Address(prefix == 0 ? 0 : Number(address) & (uint.MaxValue << (32 - prefix)))}/{prefix}"
            : "write an address and a prefix length, such as 10.77.0.0/16";
    }
}
