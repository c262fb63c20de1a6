using System.Collections.Immutable;
using System.Net;
using Baker.Clouds.Live;
using Baker.Clouds.Live.Local;
using Baker.Clouds.Live.Local.Network;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Local;

public class NetworkTests
{
    private static readonly StackOwner Owner = new("desk", "0123456789ab", "gitlab.desk.test", ImmutableSortedDictionary<string, string>.Empty, null);

    [Fact]
    public void The_guest_is_told_its_two_cards() =>
        Golden.Check(NetworkConfig.Of("52:01:02:03:04:05", "52:0a:0b:0c:0d:0e", "10.77.0.10", "10.77.0.0/16"), "local", "network-config.yaml");

    [Fact]
    public void Every_card_has_its_own_address_and_keeps_it()
    {
        var all = new[] { "desk-gitlab", "desk-gateway", "desk-ollama" }.SelectMany(m => new[] { MacAddress.Of(Owner, m, "private"), MacAddress.Of(Owner, m, "outside") }).ToArray();
        Assert.Equal(6, all.Distinct().Count());
        Assert.Equal(MacAddress.Of(Owner, "desk-gitlab", "private"), all[0]);
        Assert.NotEqual(MacAddress.Of(Owner with { Id = "other" }, "desk-gitlab", "private"), all[0]);
        // Locally administered, one card.
        Assert.All(all, mac => Assert.Equal(0b10, Convert.ToByte(mac[..2], 16) & 0b11));
    }

    [Theory]
    [InlineData("10.77.0.0/16", "10.0.2.0/24")]
    [InlineData("10.0.0.0/16", "192.168.250.0/24")]
    [InlineData("192.168.0.0/16", "10.0.2.0/24")]
    [InlineData("10.0.2.0/23", "192.168.250.0/24")]
    public void The_way_out_does_not_hide_the_stacks_own_network(string stack, string outside) =>
        Assert.Equal(IPNetwork.Parse(outside), OutsideNetwork.Beside(stack));

    [Fact]
    public void Only_a_groups_own_ports_lead_to_it_and_ssh_has_one_for_each()
    {
        OpenPort[] ports = [new("gitlab", 8443), new("gitlab", 22), new("ollama", 22)];
        Assert.Equal([new PortForward(8443, 8443), new PortForward(22010, 22)], PortForward.Of(ports, "gitlab", "10.77.0.10"));
        Assert.Equal([new PortForward(22030, 22)], PortForward.Of(ports, "ollama", "10.77.1.30"));
        Assert.Empty(PortForward.Of(ports, "gateway", "10.77.1.20"));
    }
}
