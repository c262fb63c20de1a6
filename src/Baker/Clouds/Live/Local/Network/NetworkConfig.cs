using System.Net;

namespace Baker.Clouds.Live.Local.Network;

/// <summary>cloud-init's network configuration, version 2, for the two cards of a machine.</summary>
internal static class NetworkConfig
{
    /// <summary>
    /// The private card has its address and no gateway: only the stack's own network lies behind it. Link-local addresses are off
    /// there: no machine of a stack is known by one.
    /// </summary>
    public static string Of(string privateMac, string outsideMac, string address, string cidr) => $"""
        version: 2
        ethernets:
          private:
            match: {'{'}macaddress: "{privateMac}"{'}'}
            dhcp4: false
            dhcp6: false
            link-local: []
            addresses: ["{address}/{IPNetwork.Parse(cidr).PrefixLength}"]
          outside:
            match: {'{'}macaddress: "{outsideMac}"{'}'}
            dhcp4: true
            dhcp6: false

        """;
}
