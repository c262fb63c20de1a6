using System.Collections.Immutable;
using System.Net;
using Baker.Language.Values;

namespace Baker.Clouds.Live.Local.Network;

/// <summary>
/// The way out of a machine: QEMU's own user-mode network, one per machine. There the host is .2 and the name server .3.
/// </summary>
internal static class OutsideNetwork
{
    /// <summary>QEMU's own default first.</summary>
    private static readonly ImmutableArray<IPNetwork> Candidates = [
        IPNetwork.Parse("10.0.2.0/24"), IPNetwork.Parse("192.168.250.0/24"), IPNetwork.Parse("172.31.250.0/24")];

    /// <summary>One that the stack's network does not hide. A private range cannot overlap all three.</summary>
    public static IPNetwork Beside(string cidr)
    {
        var inside = IPNetwork.Parse(cidr);
        return Candidates.First(c => !Ipv4.Overlap(c, inside));
    }
}
