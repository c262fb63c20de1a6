using System.Collections.Immutable;
using Baker.Clouds.Facts;
using Baker.Machine;
using Baker.Stack;
using Baker.Stack.Duo;
using Baker.Stack.Identities;
using Baker.Stack.Images;
using Baker.Stack.Network;
using Baker.Stack.Roles;
using Baker.Stack.Roles.Gateway;
using Baker.Stack.Roles.GitLab;

namespace Baker.Planning;

/// <summary>Turns a spec into a plan. Pure: no clock, no disk, no network.</summary>
public static class Planner
{
    /// <param name="running">What the stack runs already: it stays where the spec does not ask for another version.</param>
    public static Plan Plan(Spec spec, RunningVersions? running = null)
    {
        var network = NetworkPlanner.Plan(spec);
        var layout = new StackLayout(spec, network,
            [.. StackMachine.Of(spec, (role, number) => NetworkPlanner.Address(role, number, spec))], SecretPlanner.Plan(spec),
            running ?? RunningVersions.None);
        var access = RoleCatalog.RolesOf(spec).SelectMany(r => r.Access(layout)).Concat(Ssh(spec)).ToImmutableArray();
        var egress = EgressPlanner.Plan(layout);
        var needsNat = network.ExistingId is null && EgressPlanner.NeedsNat(spec, egress);
        return new Plan(
            spec.Name, Fingerprint.Of(12, spec.Name, layout.GitLabHost, spec.Cloud.Facts.Key, spec.Cloud.Location), spec.Evaluation,
            spec.Cloud,
            network with { NeedsNat = needsNat, NatAddress = needsNat ? network.NatAddress : null }, Stack(layout),
            [.. layout.Machines.Select(machine => Machine(machine, layout))], access, egress, layout.Secrets, DuoPlanner.Plan(layout),
            new ImagesPlan(spec.Images.Use, spec.Images.BuilderSubnet, spec.Images.BuilderAccess ?? "public",
                spec.Images.MaxAgeDays ?? 30),
            spec.Ssh?.Keys ?? [], spec.Tags, spec.KmsKey)
        {
            Entry = spec.Ssh?.EntryOf(spec.Cloud.Facts),
            Boundary = spec.Identity?.Boundary,
        };
    }

    private static StackPlan Stack(StackLayout layout)
    {
        var (spec, gitlab) = (layout.Spec, layout.Spec.GitLab);
        var target = gitlab.IsInternalOnly || spec.Cloud.Facts.IsDesk ? layout.Address(RoleCatalog.GitLab) : null;
        return new StackPlan(
            layout.GitLabUrl, layout.GitLabHost, layout.GitLabVersion,
            gitlab.Tls switch { LetsEncrypt => "letsencrypt", PrivateCa => "private_ca", _ => "certificate" },
            gitlab.License switch { null => "none", { IsOnline: true } => "online", _ => "offline" }, gitlab.IsInternalOnly,
            GatewayRole.Image(layout), spec.Gateway.Bypass ? "bypass" : "required", layout.GatewayUrl,
            layout.ModelServer.Version(spec), layout.ModelServer.Sha256(spec),
            [.. layout.ModelServer.Models(spec).Select(m => m.ToString())], layout.Model, layout.ModelServer.ContextLength(spec),
            layout.ModelMemory,
            spec.Cloud.Facts.IsDesk ? null : Dns(layout.GitLabHost, target, spec.Dns ?? new DnsSpec(DnsChoice.Auto)));
    }

    /// <summary>A private address has no place in a public zone.</summary>
    private static DnsPlan Dns(string host, string? target, DnsSpec dns) => target is not null ? new(host, target, "none", null, null)
        : new(host, null, dns.Use.ToString().ToLowerInvariant(), dns.Project, dns.Zone);

    private static MachinePlan Machine(StackMachine one, StackLayout layout)
    {
        var role = one.Role;
        var (spec, cloud, machine) = (layout.Spec, layout.Spec.Cloud.Facts, role.Machine(layout.Spec));
        var types = role.Types(spec);
        var subnet = layout.Network.Subnets.FirstOrDefault(s => s.IsPublic == NetworkPlanner.IsInPublic(role, spec));
        var values = CommonValues(one, layout).Concat(role.Values(layout, one)).ToImmutableArray();
        var image = new ImagePlan(
            spec.Images.Ids.ContainsKey(role.Name) ? "id" : spec.Images.Use.ToString().ToLowerInvariant(),
            spec.Images.Ids.GetValueOrDefault(role.Name), ImageFingerprint(role, spec.Cloud.Facts.Key, values));
        var name = $"{spec.Name}-{one.Key}";
        var made = IdentityNeed.Made(role, spec, name);
        return new MachinePlan(
            one.Key, role.Name, name, types[0], cloud.FindMachine(types[0]),
            role.Gpu(spec).Wanted, GpuChoice.Attached(role, spec), machine.DiskGb ?? role.Facts.DiskGb, role.DataGb(spec),
            one.Address, subnet?.Name ?? "",
            !role.Facts.IsPublic || spec.GitLab.IsInternalOnly || cloud.IsDesk ? null : spec.GitLab.PublicAddress ?? "made",
            machine.Identity(cloud) ?? (IdentityNeed.HasReason(role, spec) ? made : null), image, values, role.ChangesAfter,
            role.Release(layout))
        {
            MadeIdentity = made,
            Alternatives = types.Length == 1 ? null : [.. types.Skip(1).Select(cloud.FindMachine).OfType<MachineType>()],
        };
    }

    private static IEnumerable<VmValue> CommonValues(StackMachine machine, StackLayout layout)
    {
        var role = machine.Role;
        var (spec, mirrors) = (layout.Spec, layout.Spec.Mirrors);
        var networks = layout.Network.Cidr is { } cidr ? [cidr] : layout.Network.Subnets.Select(s => s.Cidr).Distinct();
        var noProxy = mirrors.Proxy is null ? [] : layout.Machines.Select(m => m.Address).Order(StringComparer.Ordinal)
            .Concat(["127.0.0.1", "localhost", "169.254.169.254", "metadata.google.internal", layout.GitLabHost]).Concat(mirrors.NoProxy);
        return
        [
            VmValue.Install("role", role.Name, ""),
            VmValue.Configure("stack", spec.Name, "name"),
            VmValue.Install("cloud", spec.Cloud.Facts.Key, "cloud"),
            VmValue.Configure("address", machine.Address, $"{role.Name}.address network.cidr"),
            VmValue.Configure("ssh_keys", string.Join('\n', spec.Ssh?.Keys ?? []), "ssh.keys"),
            VmValue.Configure("network_cidrs", string.Join(' ', networks), "network.cidr network.existing"),
            VmValue.Source("apt_mirror", mirrors.Apt?.TrimEnd('/') ?? "", "mirrors.apt"),
            VmValue.Source("proxy", mirrors.Proxy ?? "", "mirrors.proxy"),
            VmValue.Source("no_proxy", string.Join(',', noProxy), "mirrors.no_proxy mirrors.proxy"),
            // A reference is for a VM alone: who makes an image cannot read it.
            layout.Secrets.FirstOrDefault(s => s.Role == role.Name && s.Name == Role.AuthoritySecret) is { } ca
                ? VmValue.Configure("extra_ca", ca.VmReference, "mirrors.ca")
                : VmValue.Source("extra_ca", mirrors.CaPem ?? "", "mirrors.ca"),
        ];
    }

    private static string ImageFingerprint(Role role, string cloud, IEnumerable<VmValue> values) => Fingerprint.Of(12,
        MachineFiles.Installing(role.Name, cloud), values.Where(v => v.Scope == ValueScope.Install)
            .SelectMany(v => new[] { v.Name, v.Value }));

    private static IEnumerable<AccessRule> Ssh(Spec spec) => RoleCatalog.RolesOf(spec).SelectMany(role => new[]
    {
        spec.Ssh is { From.Length: > 0 } ssh
            ? AccessRule.FromNetworks(ssh.From.Select(n => n.ToString()), role.Name, 22, "SSH", "SSH, as the spec says") : null,
        spec.Ssh?.EntryOf(spec.Cloud.Facts) is { Range: { } range } entry
            ? AccessRule.FromNetworks([range], role.Name, 22, "SSH", $"SSH through {entry.Title}") : null,
    }).OfType<AccessRule>();
}
