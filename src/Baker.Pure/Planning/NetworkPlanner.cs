using System.Collections.Immutable;
using System.Net;
using Baker.Language.Values;
using Baker.Stack;
using Baker.Stack.Network;
using Baker.Stack.Roles;
using Baker.Stack.Roles.GitLab;

namespace Baker.Planning;

/// <summary>Decides subnets and addresses.</summary>
internal static class NetworkPlanner
{
    /// <summary>Host number of the NAT gateway in the public subnet.</summary>
    private const uint NatHost = 5;

    /// <summary>Whether NAT is needed is decided later: it follows from what the roles reach.</summary>
    public static NetworkPlan Plan(Spec spec)
    {
        if (spec.Network.Existing is { } existing)
        {
            var subnets = ImmutableArray.CreateBuilder<SubnetPlan>();
            if (existing.Public is { } open)
                subnets.Add(new SubnetPlan("public", true, open.Cidr.ToString(), open.Id));
            if (existing.Private is { } closed)
                subnets.Add(new SubnetPlan("private", false, closed.Cidr.ToString(), closed.Id));
            return new NetworkPlan(existing.Id, null, subnets.ToImmutable(), false, null);
        }
        var cidr = Cidr(spec);
        return spec.Cloud.Facts.SplitsSubnets
            ? new NetworkPlan(null, cidr.ToString(),
                [new SubnetPlan($"{spec.Name}-public", true, Slice(cidr, 0), null),
                    new SubnetPlan($"{spec.Name}-private", false, Slice(cidr, 1), null)],
                true, At(cidr, 0, NatHost))
            : new NetworkPlan(null, cidr.ToString(),
                [new SubnetPlan(spec.Name, true, cidr.ToString(), null), new SubnetPlan(spec.Name, false, cidr.ToString(), null)], true,
                    null);
    }

    /// <summary>
    /// True for a VM in the public subnet. A public subnet's way out serves public addresses only, so a VM that people reach, but not from
    /// outside, stands in the private one.
    /// </summary>
    public static bool IsInPublic(Role role, Spec spec) =>
        role.Facts.IsPublic && !(spec.GitLab.IsInternalOnly && spec.Cloud.Facts.SplitsSubnets);

    /// <summary>
    /// The spec's address, or the role's place in the managed range: x.x.0.n in the public subnet, x.x.1.n in the private one.
    /// </summary>
    /// <param name="number">From 1: a further machine of the role comes behind the first.</param>
    public static string Address(Role role, int number, Spec spec)
    {
        var first = role.Machine(spec).Address ?? At(Cidr(spec), IsInPublic(role, spec) ? 0u : 1u, (uint)role.Facts.HostNumber);
        return Ipv4.Address(Ipv4.Number(IPAddress.Parse(first)) + (uint)(number - 1)).ToString();
    }

    // A range of the wrong size has been reported; the default stands in for it.
    private static IPNetwork Cidr(Spec spec) =>
        spec.Network.Cidr is { PrefixLength: >= 16 and <= 23 } cidr ? cidr : NetworkSpec.DefaultCidr;

    private static string Slice(IPNetwork cidr, uint third) => $"{At(cidr, third, 0)}/24";

    private static string At(IPNetwork cidr, uint third, uint host) =>
        Ipv4.Address(Ipv4.Number(cidr.BaseAddress) + (third << 8) + host).ToString();
}
