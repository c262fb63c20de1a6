using Amazon.EC2.Model;

namespace Baker.Clouds.Live.Aws.Network;

/// <summary>One rule of a security group, comparable.</summary>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c>, or <c>-1</c>: all.</param>
/// <param name="From">First port; -1 with all protocols.</param>
/// <param name="Peer">A range, the id of a group, or of a prefix list.</param>
internal sealed record AwsRule(bool IsEgress, string Protocol, int From, int To, string Peer);

/// <summary>The firewall's matrix as rules, and rules in EC2's nested form.</summary>
internal static class AwsRules
{
    public const string Everywhere = "0.0.0.0/0";

    public static HashSet<AwsRule> Wanted(NetworkWanted network, string group, Func<string, string> id) =>
    [
        .. network.Rules.Where(r => r.ToGroup == group && r.FromGroup is not null)
            .Select(r => new AwsRule(false, "tcp", r.Port, r.Port, id(r.FromGroup!))),
        .. network.Rules.Where(r => r.ToGroup == group && r.FromGroup is null)
            .SelectMany(r => r.Networks.Select(n => new AwsRule(false, "tcp", r.Port, r.Port, n))),
        .. network.Rules.Where(r => r.FromGroup == group).Select(r => new AwsRule(true, "tcp", r.Port, r.Port, id(r.ToGroup))),
        .. network.Egress.Where(e => e.Group == group).Select(e => new AwsRule(true, e.Protocol, e.Port, e.Port, Everywhere)),
    ];

    public static HashSet<AwsRule> Of(SecurityGroup group) =>
        [.. (group.IpPermissions ?? []).SelectMany(p => Of(false, p)), .. (group.IpPermissionsEgress ?? []).SelectMany(p => Of(true, p))];

    public static IpPermission Permission(AwsRule rule)
    {
        var permission = new IpPermission { IpProtocol = rule.Protocol };
        if (rule.Protocol != "-1")
            (permission.FromPort, permission.ToPort) = (rule.From, rule.To);
        if (rule.Peer.StartsWith("sg-", StringComparison.Ordinal))
            permission.UserIdGroupPairs = [new UserIdGroupPair { GroupId = rule.Peer }];
        else if (rule.Peer.StartsWith("pl-", StringComparison.Ordinal))
            permission.PrefixListIds = [new PrefixListId { Id = rule.Peer }];
        else if (rule.Peer.Contains(':', StringComparison.Ordinal))
            permission.Ipv6Ranges = [new Ipv6Range { CidrIpv6 = rule.Peer }];
        else
            permission.Ipv4Ranges = [new IpRange { CidrIp = rule.Peer }];
        return permission;
    }

    private static IEnumerable<AwsRule> Of(bool isEgress, IpPermission p)
    {
        var peers = (p.Ipv4Ranges ?? []).Select(r => r.CidrIp).Concat((p.Ipv6Ranges ?? []).Select(r => r.CidrIpv6))
            .Concat((p.UserIdGroupPairs ?? []).Select(g => g.GroupId)).Concat((p.PrefixListIds ?? []).Select(l => l.Id));
        return peers.Select(peer => new AwsRule(
            isEgress, p.IpProtocol, p.IpProtocol == "-1" ? -1 : p.FromPort ?? -1, p.IpProtocol == "-1" ? -1 : p.ToPort ?? -1, peer));
    }
}
