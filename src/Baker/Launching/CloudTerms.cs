using System.Collections.Immutable;
using Baker.Clouds.Live;
using Baker.Planning;
using Baker.Rendering;
using Baker.Stack;
using Baker.Stack.Roles;

namespace Baker.Launching;

/// <summary>Says a plan in the nouns that clouds share.</summary>
public static class CloudTerms
{
    public static StackWanted Of(Plan plan, ImmutableArray<UserData> userData)
    {
        var owner = OwnerOf(plan);
        var exposed = plan.Machines.FirstOrDefault(m => m.PublicAddress is not null);
        var data = plan.Machines.FirstOrDefault(m => m.DataGb is not null);
        return new StackWanted(
            owner, Network(plan, owner),
            exposed is null ? null : new PublicAddressWanted(
                owner, exposed.Name, exposed.PublicAddress == "made" ? null : exposed.PublicAddress),
            data is null ? null : new DiskWanted(owner, $"{data.Name}-data", data.DataGb!.Value) { MachineType = data.Type },
            [.. plan.Machines.Select(m => Machine(plan, owner, m, userData.First(u => u.Key == m.Key)))])
        {
            Record = plan.Stack.Dns is { Target: null, Maker: not "none" } dns ? new RecordWanted(dns.Name, dns.Project, dns.Zone) : null,
            Identities = [.. userData.Select(d => Identity(plan, owner, d)).OfType<IdentityWanted>()],
            Zone = plan.Cloud.Choices.FirstOrDefault(c => c.Key == "zone").Value,
        };
    }

    public static StackOwner OwnerOf(Plan plan) => new(plan.Name, plan.Id, plan.Stack.GitLabHost, plan.Tags, plan.KmsKey)
    {
        ExistingNetwork = plan.Network.ExistingId,
        DataTitle = string.Join(", ", plan.Machines.Where(m => m.DataGb is not null)
            .Select(m => $"{RoleCatalog.Of(m.Role).Facts.Product}'s data").Distinct()),
    };

    private static NetworkWanted Network(Plan plan, StackOwner owner) => new(
        owner, plan.Network.ExistingId, plan.Network.Cidr,
        [.. plan.Network.Subnets.Select(s => new SubnetWanted(s.Name, s.IsPublic, s.Cidr, s.ExistingId))],
        plan.Network.NeedsNat, plan.Network.NatAddress,
        [.. plan.Access.Select(a => new FirewallRule(a.FromRoleName, a.Networks, a.To, a.Port, a.Why))],
        // Of two that open the same the user's own is kept: a firewall has a rule once, and the reason stands at it.
        [.. plan.Egress.OrderBy(e => e.Range is null).Select(Egress).DistinctBy(e => (e.Group, e.Protocol, e.Port, e.To))]);

    private static IdentityWanted? Identity(Plan plan, StackOwner owner, UserData data)
    {
        var (facts, machine) = (plan.Cloud.Facts, data.Machine);
        // One that the user names is theirs, whatever its name.
        if (facts.MadeIdentity(plan.Cloud, machine.Name) is not { } name || (data.Identity == name && !data.MakesIdentity))
            return null;
        var rights = MachineRights.Of(plan, data);
        return new IdentityWanted(owner, name, machine.Name, $"{machine.Role}.{facts.IdentityKey}",
            facts.IdentityPolicy(plan.Cloud, rights, plan.KmsKey), rights.Reads, plan.Boundary, data.MakesIdentity);
    }

    private static EgressAllowance Egress(EgressRule rule) => rule.Range is { } range
        ? new(rule.Role, rule.Protocol, rule.Port) { To = range, Reason = new EgressReason("network.egress", rule.Why) }
        : new(rule.Role, rule.Protocol, rule.Port);

    private static MachineWanted Machine(Plan plan, StackOwner owner, MachinePlan machine, UserData userData) => new(
        owner, machine.Name, machine.Role, machine.Type, machine.AttachedGpu, machine.DiskGb, machine.Address, machine.Subnet,
        userData.Identity,
        new ImageWanted(machine.Image.Use, machine.Image.Id, machine.Role, machine.Image.Fingerprint, machine.Gpu is not null,
            plan.Images.MaxAgeDays, machine.DiskGb),
        [.. plan.Secrets.Where(s => s.Role == machine.Role && s.Kind == plan.Cloud.Facts.SecretStore).Select(s => s.Location).Distinct()],
        userData.Sent, userData.Digest, machine.PublicAddress is not null, machine.DataGb is not null, machine.Gpu is not null,
            machine.Release?.Version)
    {
        Alternatives = [.. machine.Types.Skip(1)],
        IdentityKey = plan.Cloud.Facts.IdentityKey is { } key ? $"{machine.Role}.{key}" : null,
        MakesIdentity = userData.MakesIdentity,
        Bundle = userData.Bundle is { } bundle ? new BundleWanted(bundle.Folder, bundle.Parts) : null,
    };
}
