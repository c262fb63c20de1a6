using Baker.Language.Shapes;
using Baker.Language.Values;

namespace Baker.Stack.Network;

/// <summary>The keys under <c>network</c> and <c>ssh</c>.</summary>
public static class NetworkShape
{
    private static readonly TextFormat Id = new("an id", text =>
        text.Any(char.IsWhiteSpace) || text.Length > 300 ? "write one word" : null);

    private static readonly ListShape Networks = new("networks", new TextShape("a network", Ipv4.NetworkFormat), 1, 50);

    /// <summary>A security group of AWS takes 60 rules of one direction; the roles have up to ten.</summary>
    private const int MostEgress = 30;

    public static MapShape Network(IEnumerable<string> roles) => new("network of the stack",
        new Key("cidr", new TextShape("range of the network that Baker makes, private, /16 to /23", Ipv4.NetworkFormat),
            Default: "10.77.0.0/16"),
        new Key("web_from", Networks with { Summary = "who may reach GitLab on 443" }, Default: "[0.0.0.0/0]"),
        new Key("egress", new ListShape("what VMs may reach beside what they need themselves", new MapShape("one way out",
            new Key("role", new WordShape("whose VMs", [.. roles]), Required: true),
            new Key("to", new TextShape("range of addresses that they may reach", Ipv4.NetworkFormat), Required: true),
            new Key("port", new NumberShape("TCP port that they may reach there", 1, 65535, ""), Required: true),
            new Key("why", new TextShape("what it is for, in a sentence: on the review page and at the rule", TextFormats.Reason),
                Required: true)), 1, MostEgress), Default: "none"),
        new Key("existing", new MapShape("use a network of your own; then every `address` is required",
            new Key("network", new TextShape("VPC id, network name or full path", Id), Required: true),
            new Key("subnet", Subnet("the one subnet (gcp)")),
            new Key("public_subnet", Subnet("GitLab's subnet (aws); not needed without a public address")),
            new Key("private_subnet", Subnet("the subnet of the VMs without a public address (aws)"))),
            Default: "a network of the stack's own"));

    public static readonly MapShape Ssh = new("SSH from outside; without it, sessions go through Session Manager or IAP",
        new Key("from", Networks with { Summary = "who may open SSH; goes with keys" }),
        new Key("keys", new ListShape("public keys of the default user; goes with from", new TextShape("a public key", TextFormats.SshKey),
            1, 50)),
        new Key("iap", new FlagShape("gcp: SSH through Identity-Aware Proxy, by a rule that belongs to the stack"), Default: "false"),
        new Key("session_manager", new FlagShape("aws: sessions through Session Manager, by the VMs' instance profiles"),
            Default: "false"));

    private static MapShape Subnet(string summary) => new(summary,
        new Key("id", new TextShape("subnet id, name or full path", Id), Required: true),
        new Key("cidr", new TextShape("range of the subnet, so that addresses can be checked here", Ipv4.NetworkFormat), Required: true));
}
