using System.Net;
using Baker.Diagnostics;
using Baker.Language.Values;

namespace Baker.Stack.Network;

/// <summary>Rules of <c>network.egress</c>.</summary>
internal static class EgressRules
{
    /// <summary>What no packet leaves a VM for: itself, its link, where the metadata service is, and groups of receivers.</summary>
    private static readonly IPNetwork[] Inside =
        [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("224.0.0.0/3")];

    public static void Check(Spec spec, DiagnosticBag bag)
    {
        var all = spec.Network.Egress;
        for (var i = 0; i < all.Length; i++)
        {
            if (all[i] is not { } one)
                continue;
            var path = new SpecPath("network.egress").Item(i);
            if (Array.Exists(Inside, n => n.PrefixLength <= one.To.PrefixLength && n.Contains(one.To.BaseAddress)))
                bag.Add(path.Key("to"), NetworkMessages.EgressInside(one.To));
            else if (spec.Network is { Existing: null, Cidr: var cidr } && IsWithin(one.To, cidr ?? NetworkSpec.DefaultCidr))
                bag.Add(path.Key("to"), NetworkMessages.EgressToTheStack(one.To));
            if (spec.Cloud.Facts.RuleTextProblem(one.Why) is { } problem)
                bag.Add(path.Key("why"), NetworkMessages.EgressReason(spec.Cloud.Facts.Title, problem));
            if (all[..i].Any(o => o is not null && (o.Role, o.To, o.Port) == (one.Role, one.To, one.Port)))
                bag.Add(path, NetworkMessages.EgressTwice(one.Role, one.To, one.Port));
        }
    }

    private static bool IsWithin(IPNetwork inner, IPNetwork outer) =>
        outer.PrefixLength <= inner.PrefixLength && outer.Contains(inner.BaseAddress);
}
