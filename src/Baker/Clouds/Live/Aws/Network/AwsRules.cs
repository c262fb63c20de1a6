using System.Collections.Immutable;
using Amazon.EC2.Model;

namespace Baker.Clouds.Live.Aws.Network;

/// <summary>One rule of a security group, comparable.</summary>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c>, or <c>-1</c>: all.</param>
/// <param name="From">First port; -1 with all protocols.</param>
/// <param name="Peer">A range, the id of a group, or of a prefix list.</param>
internal sealed record AwsRule(bool IsEgress, string Protocol, int From, int To, string Peer)
{
    /// <summary>EC2 has a rule once, whatever its description is.</summary>
    public string? Description { get; init; }

    public AwsRule Plain => this with { Description = null };
}

/// <param name="Missing">To be opened.</param>
/// <param name="Surplus">To be closed.</param>
internal sealed record AwsRuleChange(ImmutableArray<AwsRule> Missing, ImmutableArray<AwsRule> Surplus)
{
    /// <summary>Closed before anything is opened: what is missing is the same rule with another description.</summary>
    public ImmutableArray<AwsRule> Reworded => [.. Surplus.Where(s => Missing.Any(m => m.Plain == s.Plain))];
}

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
        .. network.Egress.Where(e => e.Group == group).Select(e =>
            new AwsRule(true, e.Protocol, e.Port, e.Port, e.To) { Description = e.Reason?.Why }),
    ];

    /// <summary>What is to be done. A description counts only where one is wanted.</summary>
    public static AwsRuleChange Between(HashSet<AwsRule> there, HashSet<AwsRule> wanted)
    {
        HashSet<AwsRule> compared = [.. there.Select(r => wanted.Contains(r.Plain) ? r.Plain : r)];
        return new([.. wanted.Except(compared)], [.. compared.Except(wanted)]);
    }

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
            permission.Ipv4Ranges = [new IpRange { CidrIp = rule.Peer, Description = rule.Description }];
        return permission;
    }

    private static IEnumerable<AwsRule> Of(bool isEgress, IpPermission p)
    {
        IEnumerable<(string Peer, string? Text)> peers =
        [
            .. (p.Ipv4Ranges ?? []).Select(r => (r.CidrIp, r.Description)),
            .. (p.Ipv6Ranges ?? []).Select(r => (r.CidrIpv6, r.Description)),
            .. (p.UserIdGroupPairs ?? []).Select(g => (g.GroupId, g.Description)),
            .. (p.PrefixListIds ?? []).Select(l => (l.Id, l.Description)),
        ];
        return peers.Select(one => new AwsRule(
            isEgress, p.IpProtocol, p.IpProtocol == "-1" ? -1 : p.FromPort ?? -1, p.IpProtocol == "-1" ? -1 : p.ToPort ?? -1, one.Peer)
        {
            Description = string.IsNullOrEmpty(one.Text) ? null : one.Text,
        });
    }
}
