using System.Collections.Immutable;
using System.Globalization;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>A stack's access matrix as firewall rules. Pure. Machines are named by network tags, <c>STACK-GROUP</c>.</summary>
internal static class GoogleRules
{
    /// <summary>
    /// What is allowed comes before what is denied for the same machines; both come before the 1000 that rules have by default.
    /// </summary>
    private const int AllowPriority = 800;

    private const int DenyPriority = 900;

    public static string Tag(StackOwner owner, string group) => $"{owner.Stack}-{group}";

    /// <summary>A network tag that begins as the stack's do: the firewall may know it.</summary>
    public static bool IsOfStack(string tag, StackOwner owner) => tag.StartsWith(Tag(owner, ""), StringComparison.Ordinal);

    /// <param name="network">Its path.</param>
    public static ImmutableArray<Firewall> Of(NetworkWanted wanted, string network)
    {
        var owner = wanted.Owner;
        var template = new Firewall(Description: GoogleMark.Description(owner), Network: network, Disabled: false);
        var groups = wanted.Egress.Select(e => e.Group).Concat(wanted.Rules.Select(r => r.ToGroup))
            .Concat(wanted.Rules.Select(r => r.FromGroup).OfType<string>()).Distinct().Order(StringComparer.Ordinal).ToArray();
        Firewall[] denied = [.. wanted.ExistingId is null ? [] : new[] { DeniedIn(owner, template, groups) },
            DeniedOut(owner, template, groups)];
        return [.. FromNetworks(wanted, template), .. FromGroups(wanted, template), .. Out(wanted, template), .. Further(wanted, template),
            .. denied];
    }

    /// <summary>The command that makes a rule, for a colleague who may.</summary>
    public static string Command(Firewall rule)
    {
        var ports = (rule.Allowed ?? rule.Denied)!.SelectMany(a =>
            a.Ports is null ? [a.Protocol!] : a.Ports.Select(p => $"{a.Protocol}:{p}"));
        var filters = new (string Flag, IReadOnlyList<string>? Values)[]
        {
            ("source-ranges", rule.SourceRanges), ("source-tags", rule.SourceTags), ("destination-ranges", rule.DestinationRanges),
            ("target-tags", rule.TargetTags),
        };
        return string.Create(CultureInfo.InvariantCulture,
            $"gcloud compute firewall-rules create {rule.Name} --project {GooglePlace.ProjectOf(rule.Network!)} --network "
                + $"{GooglePlace.Name(rule.Network)} --direction {rule.Direction} --priority {rule.Priority} --action "
                + $"{(rule.Allowed is null ? "DENY" : "ALLOW")} --rules {string.Join(',', ports)} "
                + $"{string.Join(' ', filters.Where(f => f.Values is not null).Select(f => $"--{f.Flag} {string.Join(',', f.Values!)}"))} "
                + $"--description '{rule.Description!.Replace("'", @"'\''", StringComparison.Ordinal)}'");
    }

    private static IEnumerable<Firewall> FromNetworks(NetworkWanted wanted, Firewall template) =>
        wanted.Rules.Where(r => r.FromGroup is null).GroupBy(r => (r.ToGroup, r.Port)).Select(g => template with
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"{wanted.Owner.Stack}-{g.Key.ToGroup}-{g.Key.Port}"),
            Direction = "INGRESS",
            Priority = AllowPriority,
            Allowed = [Tcp([g.Key.Port])],
            SourceRanges = [.. g.SelectMany(r => r.Networks).Distinct().Order(StringComparer.Ordinal)],
            TargetTags = [Tag(wanted.Owner, g.Key.ToGroup)],
        });

    private static IEnumerable<Firewall> FromGroups(NetworkWanted wanted, Firewall template) =>
        wanted.Rules.Where(r => r.FromGroup is not null).GroupBy(r => (r.FromGroup, r.ToGroup)).Select(g => template with
        {
            Name = $"{wanted.Owner.Stack}-{g.Key.ToGroup}-from-{g.Key.FromGroup}",
            Direction = "INGRESS",
            Priority = AllowPriority,
            Allowed = [Tcp(g.Select(r => r.Port))],
            SourceTags = [Tag(wanted.Owner, g.Key.FromGroup!)],
            TargetTags = [Tag(wanted.Owner, g.Key.ToGroup)],
        });

    /// <summary>
    /// What a group reaches outside, and inside the stack. Google's metadata server and its name server are always reachable.
    /// </summary>
    private static IEnumerable<Firewall> Out(NetworkWanted wanted, Firewall template) =>
        wanted.Egress.Where(e => e.Reason is null).Concat(wanted.Rules.Where(r => r.FromGroup is not null)
            .Select(r => new EgressAllowance(r.FromGroup!, "tcp", r.Port)))
            .GroupBy(e => e.Group).Select(g => template with
            {
                Name = $"{wanted.Owner.Stack}-{g.Key}-out",
                Direction = "EGRESS",
                Priority = AllowPriority,
                Allowed = [.. g.GroupBy(e => e.Protocol).OrderBy(p => p.Key, StringComparer.Ordinal)
                    .Select(p => Ports(p.Key, p.Select(e => e.Port)))],
                DestinationRanges = [EgressAllowance.Anywhere],
                TargetTags = [Tag(wanted.Owner, g.Key)],
            });

    /// <summary>One rule for each that the user wants, as a rule has one description.</summary>
    private static IEnumerable<Firewall> Further(NetworkWanted wanted, Firewall template) =>
        wanted.Egress.Where(e => e.Reason is not null).Select(e => template with
        {
            Name = string.Create(CultureInfo.InvariantCulture,
                $"{wanted.Owner.Stack}-{e.Group}-out-{e.Port}-{e.To.Replace('.', '-').Replace('/', '-')}"),
            Description = GoogleMark.Description(wanted.Owner, e.Reason!.ToString()),
            Direction = "EGRESS",
            Priority = AllowPriority,
            Allowed = [Ports(e.Protocol, [e.Port])],
            DestinationRanges = [e.To],
            TargetTags = [Tag(wanted.Owner, e.Group)],
        });

    /// <summary>Closes what other rules of a network that is not ours would open.</summary>
    private static Firewall DeniedIn(StackOwner owner, Firewall template, IEnumerable<string> groups) => template with
    {
        Name = $"{owner.Stack}-deny-ingress",
        Direction = "INGRESS",
        Priority = DenyPriority,
        Denied = [new FirewallPorts("all")],
        SourceRanges = [EgressAllowance.Anywhere],
        TargetTags = [.. groups.Select(g => Tag(owner, g))],
    };

    private static Firewall DeniedOut(StackOwner owner, Firewall template, IEnumerable<string> groups) => template with
    {
        Name = $"{owner.Stack}-deny-egress",
        Direction = "EGRESS",
        Priority = DenyPriority,
        Denied = [new FirewallPorts("all")],
        DestinationRanges = [EgressAllowance.Anywhere],
        TargetTags = [.. groups.Select(g => Tag(owner, g))],
    };

    private static FirewallPorts Tcp(IEnumerable<int> ports) => Ports("tcp", ports);

    private static FirewallPorts Ports(string protocol, IEnumerable<int> ports) =>
        new(protocol, [.. ports.Distinct().Order().Select(p => p.ToString(CultureInfo.InvariantCulture))]);
}
