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

    public const string Identity = "policy/identity.json";

    public const string Boundary = "policy/boundary.json";

    /// <summary>What a VM's identity may, where a launch makes it.</summary>
    public static string Machine(string key) => $"policy/{key}.json";

    public static IEnumerable<Artifact> Write(Plan plan, ImmutableArray<UserData> userData)
    {
        if (plan.Cloud.Facts.LaunchPolicy(plan.Cloud, Rights(plan, userData)) is { Length: > 0 } policy)
            yield return Artifact.Text(Launch, policy);
        if (plan.Stack.Dns is { Target: null, Maker: not "none" } dns
            && plan.Cloud.Facts.DnsPolicy(plan.Cloud, dns.Name, dns.Zone) is { Length: > 0 } records)
            yield return Artifact.Text(Dns, records);
        foreach (var file in Identities(plan, userData))
            yield return file;
        var rights = new BakeRights(plan.Name, plan.Id, plan.KmsKey, plan.Images.BuilderSubnet);
        if (plan.Cloud.Facts.BakePolicy(plan.Cloud, rights) is { Length: > 0 } bake)
            yield return Artifact.Text(Bake, bake);
    }

    private static IEnumerable<Artifact> Identities(Plan plan, ImmutableArray<UserData> userData)
    {
        var facts = plan.Cloud.Facts;
        var made = userData.Where(d => d.MakesIdentity).ToArray();
        var maker = facts.IdentityMakerPolicy(plan.Cloud, made.Select(d => d.Identity!), plan.Boundary);
        if (made.Length == 0 || maker.Length == 0)
            yield break;
        yield return Artifact.Text(Identity, maker);
        yield return Artifact.Text(Boundary,
            facts.BoundaryPolicy(plan.Cloud, made.Select(d => MachineRights.Of(plan, d)), plan.Name, plan.KmsKey));
        foreach (var data in made)
            yield return Artifact.Text(Machine(data.Key), facts.IdentityPolicy(plan.Cloud, MachineRights.Of(plan, data), plan.KmsKey));
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
            Names(userData.Select(d => d.Identity)),
            Names(userData.Where(d => d.Bundle is not null && !d.MakesIdentity).Select(d => d.Identity)),
            Names(stored.Where(s => !s.IsTheStacks).Select(s => s.Location)),
            Names(stored.Where(s => s.IsTheStacks).Select(s => s.Location)))
        {
            HasScarce = plan.Machines.Any(m => m.Gpu is not null),
            MadeIdentities = Names(userData.Where(d => d.MakesIdentity).Select(d => d.Identity)),
        };
    }
}
