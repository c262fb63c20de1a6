using System.Collections.Immutable;
using Baker.Clouds.Facts;
using Baker.Planning;

namespace Baker.Rendering;

/// <summary>The policies of whoever launches and of whoever bakes, where the cloud has policies that can be written down before.</summary>
internal static class PolicyFiles
{
    public const string Launch = "policy/launch.json";

    public const string Dns = "policy/dns.json";

    public const string Bake = "policy/bake.json";

    public static IEnumerable<Artifact> Write(Plan plan, ImmutableArray<UserData> userData)
    {
        if (plan.Cloud.Facts.LaunchPolicy(plan.Cloud, Rights(plan, userData)) is { Length: > 0 } policy)
            yield return Artifact.Text(Launch, policy);
        if (plan.Stack.Dns is { Target: null, Maker: not "none" } dns
            && plan.Cloud.Facts.DnsPolicy(plan.Cloud, dns.Name, dns.Zone) is { Length: > 0 } records)
            yield return Artifact.Text(Dns, records);
        var rights = new BakeRights(plan.Name, plan.Id, plan.KmsKey, plan.Images.BuilderSubnet);
        if (plan.Cloud.Facts.BakePolicy(plan.Cloud, rights) is { Length: > 0 } bake)
            yield return Artifact.Text(Bake, bake);
    }

    private static LaunchRights Rights(Plan plan, ImmutableArray<UserData> userData)
    {
        static ImmutableArray<string> Names(IEnumerable<string?> names) =>
            [.. names.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        var stored = plan.Secrets.Where(s => s.Kind == plan.Cloud.Facts.SecretStore).ToArray();
        return new LaunchRights(
            plan.Name, plan.Id, plan.KmsKey, plan.Network.ExistingId, Names(plan.Network.Subnets.Select(s => s.ExistingId)),
            Names(plan.Machines.Select(m => m.PublicAddress).Where(a => a != "made")), plan.Network.NeedsNat,
            plan.Machines.All(m => m.Image.Id is not null) ? Names(plan.Machines.Select(m => m.Image.Id)) : [],
            Names(plan.Machines.Select(m => m.Identity)), Names(userData.Where(d => d.Bundle is not null).Select(d => d.Machine.Identity)),
            Names(stored.Where(s => !s.IsTheStacks).Select(s => s.Location)),
            Names(stored.Where(s => s.IsTheStacks).Select(s => s.Location)))
        {
            HasScarce = plan.Machines.Any(m => m.Gpu is not null),
        };
    }
}
