using System.Collections.Immutable;
using System.Globalization;
using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Network;

/// <summary>What of a stack's network is not as wanted, said before it is mended.</summary>
internal sealed class AwsNetworkDifferences(AwsNetworkParts parts)
{
    public async Task<ImmutableArray<string>> OfAsync(NetworkWanted wanted, CancellationToken cancel)
    {
        var groups = parts.GroupsAsync(wanted.Owner, cancel);
        // In a network of the user's own no route is Baker's.
        var tables = wanted.ExistingId is null ? parts.TablesAsync(wanted.Owner, cancel) : Task.FromResult<List<RouteTable>>([]);
        await Task.WhenAll(groups, tables);
        // A stack that has moved may have groups of the same names in the network of before.
        var vpc = wanted.ExistingId ?? tables.Result.FirstOrDefault()?.VpcId;
        var there = groups.Result.FindAll(g => vpc is null || g.VpcId == vpc);
        return [.. Firewall(wanted, there), .. wanted.ExistingId is null ? Routes(wanted, tables.Result) : []];
    }

    private static IEnumerable<string> Firewall(NetworkWanted wanted, List<SecurityGroup> groups)
    {
        var byName = groups.ToLookup(g => g.GroupName);
        string Full(string group) => AwsFirewall.Name(wanted.Owner, group);
        string Id(string group) => byName[Full(group)].FirstOrDefault()?.GroupId ?? Full(group);
        string Peer(string peer) => groups.Find(g => g.GroupId == peer)?.GroupName ?? peer;
        foreach (var name in AwsFirewall.Groups(wanted))
        {
            if (byName[Full(name)].FirstOrDefault() is not { } group)
            {
                yield return $"security group {Full(name)} is not there";
                continue;
            }
            var change = AwsRules.Between(AwsRules.Of(group), AwsRules.Wanted(wanted, name, Id));
            var reasons = wanted.Egress.Where(e => e.Group == name).ToLookup(e => (e.Protocol, e.Port, e.To), e => e.Reason?.ToString());
            string? Reason(AwsRule rule) => reasons[(rule.Protocol, rule.From, rule.Peer)].FirstOrDefault() ?? rule.Description;
            var opens = change.Missing.Select(r => Title(r, Peer, r.IsEgress ? Reason(r) : null)).Order(StringComparer.Ordinal).ToArray();
            var closes = change.Surplus.Select(r => Title(r, Peer, r.Description)).Order(StringComparer.Ordinal).ToArray();
            if (opens.Length > 0)
                yield return $"security group {Full(name)} opens {string.Join(", ", opens)}";
            if (closes.Length > 0)
                yield return $"security group {Full(name)} closes {string.Join(", ", closes)}";
        }
    }

    private static string Title(AwsRule rule, Func<string, string> peer, string? text)
    {
        var ports = string.Create(CultureInfo.InvariantCulture, $"{rule.From}{(rule.From == rule.To ? "" : $"-{rule.To}")}");
        var what = rule.Protocol == "-1" ? "everything" : $"{rule.Protocol} {ports}";
        return $"{what} {(rule.IsEgress ? "to" : "from")} {peer(rule.Peer)}{(text is null ? "" : $" ({text})")}";
    }

    private static IEnumerable<string> Routes(NetworkWanted wanted, List<RouteTable> tables)
    {
        foreach (var subnet in wanted.Subnets)
        {
            if (tables.Find(t => AwsTags.Name(t.Tags) == subnet.Name) is not { } table)
            {
                yield return $"route table {subnet.Name} is not there";
                continue;
            }
            var route = table.Routes?.Find(r => r.DestinationCidrBlock == AwsRules.Everywhere);
            if (!subnet.IsPublic && !wanted.NeedsNat)
                continue;
            if (route is null)
                yield return $"route table {subnet.Name} gets its way out";
            else if (route.State == RouteState.Blackhole
                || string.IsNullOrEmpty(subnet.IsPublic ? route.GatewayId : route.NatGatewayId))
                yield return $"route table {subnet.Name} gets another way out: the one that it has leads nowhere, or elsewhere";
        }
    }
}
