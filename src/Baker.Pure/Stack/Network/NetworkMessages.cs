using System.Net;
using Baker.Diagnostics;

namespace Baker.Stack.Network;

/// <summary>What can be said about networks, addresses and SSH.</summary>
public static class NetworkMessages
{
    public static Message CidrSize(IPNetwork cidr) =>
        Message.Error("BKR301", $"{cidr} does not have the size of a managed network", "choose /16 to /23: it holds two subnets of /24");

    public static Message CidrPublic(IPNetwork cidr) =>
        Message.Error("BKR302", $"{cidr} is not a private range",
            "choose one inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10");

    public static Message OutsideSubnet(string address, IPNetwork subnet) =>
        Message.Error("BKR303", $"{address} lies outside {subnet}, the subnet it lands in", $"choose an address inside {subnet}");

    public static Message Reserved(string address, IPNetwork subnet, string cloud, int first, int last) =>
        Message.Error("BKR304", $"{address} is reserved by {cloud} in {subnet}",
            $"the first {first} and the last {(last == 1 ? "address" : $"{last} addresses")} of a subnet cannot be used");

    public static Message Taken(string address, string by) =>
        Message.Error("BKR305", $"{address} is already the address of {by}", "choose another");

    public static Message NatAddress(string address) =>
        Message.Error("BKR306", $"{address} is the NAT gateway's address", "choose another");

    public static Message ExistingWithoutAddress(string key) =>
        Message.Error("BKR307", $"\"{key}\" is required in a network of your own: Baker cannot know which addresses are free there",
            $"add `address:` under {key[..key.IndexOf('.', StringComparison.Ordinal)]}");

    public static Message SubnetKeys(string cloud, bool isSplit) => isSplit
        ? Message.Error("BKR308", $"an existing network on {cloud} takes `public_subnet` and `private_subnet`",
            "write both and no other, each with id and cidr; with `public_address: none` the private one is enough")
        : Message.Error("BKR308", $"an existing network on {cloud} takes one `subnet`", "write it and no other, with id and cidr");

    public static Message ExistingAndCidr() =>
        Message.Error("BKR309", "`cidr` describes a network that Baker makes, `existing` one that is there", "keep one of them");

    public static Message SshWithoutKeys() =>
        Message.Error("BKR310", "`ssh.from` opens port 22, but there is no key to log in with", "add `keys:` or remove `ssh`");

    public static Message SshWithoutFrom() =>
        Message.Error("BKR311", "`ssh.keys` are given, but port 22 is open to nobody", "add `from: [your.address/32]` or remove `ssh`");

    public static Message SshOpenToWorld(IPNetwork network) =>
        Message.Warning("BKR312", $"SSH is open to "
            + $"{(network.PrefixLength == 0 ? "the whole internet"
            : $"{network}, {100.0 / (1 << network.PrefixLength):0.#} % of the internet")}",
            "name the networks you come from");

    public static Message SshEmpty() =>
        Message.Error("BKR313", "`ssh` names neither networks nor keys", "add `from:` and `keys:`, or remove `ssh`");

    public static Message ExistingOnDesk() =>
        Message.Error("BKR314", "local stacks always have a network of their own", "remove `existing`");

    public static Message SubnetsOverlap(IPNetwork one, IPNetwork other) =>
        Message.Error("BKR316", $"{one} overlaps {other}, the public subnet; subnets of one network never do",
            "write each subnet's own range");

    public static Message EgressInside(IPNetwork to) =>
        Message.Error("BKR317", $"{to} is nothing that a VM reaches outside",
            "write the range of what is to be reached, or remove this entry");

    public static Message EgressToTheStack(IPNetwork to) =>
        Message.Error("BKR318", $"{to} lies in the stack's own network, where who may reach whom follows from the roles",
            "remove this entry; `egress` opens ways out of that network");

    public static Message EgressReason(string cloud, string problem) =>
        Message.Error("BKR319", $"this cannot be the description of a rule on {cloud}", problem);

    public static Message EgressTwice(string role, IPNetwork to, int port) =>
        Message.Error("BKR320", $"{role} has port {port} of {to} twice", "keep one of them");

    public static Message EntryWithoutIdentity(string title, string role, string key) =>
        Message.Error("BKR321", $"{title} knows a VM by its identity, and the VM of {role} has none",
            $"add `{key}:` under {role}; the review page has the policy for it. Without `identity: none` a launch makes one");

    public static Message DnsOnDesk() =>
        Message.Error("BKR322", "a local stack has no DNS record; its name stands in /etc/hosts", "remove `dns`");

    public static Message DnsOfInternal() =>
        Message.Error("BKR323", "`dns` names a zone, and GitLab has no public address for a record in it",
            "write `dns: none` and make the record in your internal zone, or remove `gitlab.public_address: none`");

    public static Message PublicAddressOnDesk() =>
        Message.Error("BKR315", "a local stack has no public address; GitLab is reached through a forwarded port",
            "remove `public_address`");
}
