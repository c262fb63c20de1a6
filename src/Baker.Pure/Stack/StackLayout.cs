using System.Collections.Immutable;
using Baker.Language.Values;
using Baker.Stack.Duo;
using Baker.Stack.Network;
using Baker.Stack.Roles;
using Baker.Stack.Roles.Gateway;
using Baker.Stack.Roles.GitLab;

namespace Baker.Stack;

/// <summary>The facts that roles share: every address and version, decided before any role plans its own part.</summary>
public sealed record StackLayout(
    Spec Spec, NetworkPlan Network, ImmutableArray<StackMachine> Machines, ImmutableArray<SecretPlan> Secrets, RunningVersions Running)
{
    // Of a minor without a known patch the rules have spoken; what is there already can still be looked at.
    public string GitLabVersion => GitLabReleases.Choose(Spec.GitLab.Version, Running.GitLab) ?? $"{Spec.GitLab.Version}.0";

    public string GitLabHost => Spec.GitLab.Url.IdnHost.ToLowerInvariant();

    /// <summary>Without a trailing slash, with the port only where it is not 443.</summary>
    public string GitLabUrl => $"https://{GitLabHost}{(Spec.GitLab.Url.IsDefaultPort ? "" : $":{Spec.GitLab.Url.Port}")}";

    public string GatewayUrl => $"http://{Address(RoleCatalog.Gateway)}:{GatewayRole.Port}";

    public ImageRef GatewayImage => Spec.Gateway.ImageFor(GitLabVersion, Running.Gateway)
        ?? new ImageRef(null, GatewaySpec.ImageName, null, null);

    public ModelServerRole ModelServer => RoleCatalog.ModelServerOf(Spec);

    public ModelEndpoint Model => new($"http://{Address(ModelServer)}:{ModelServer.Port}/v1",
        (Spec.Duo.Model ?? ModelServer.Models(Spec)[0]).Listed);

    /// <summary>Of the model that Duo uses.</summary>
    public ModelMemory ModelMemory => ModelServer.Memory(Spec, Model.Model);

    /// <summary>The model runs on one.</summary>
    public bool UsesGpu => GpuChoice.IsUsed(ModelServer, Spec);

    public bool UsesAgentPlatform => (Spec.Duo.Features ?? []).Any(DuoFeatures.OfAgents.Contains);

    /// <summary>Where a role is reached: of several machines the first.</summary>
    public string Address(Role role) => Addresses(role).First();

    public IEnumerable<string> Addresses(Role role) => Machines.Where(m => m.Role == role).Select(m => m.Address);

    /// <summary>What <c>network.egress</c> opens for a role, for the rules that its VM keeps itself: <c>RANGE:PORT</c>.</summary>
    public VmValue Egress(Role role) => VmValue.Configure("egress",
        string.Join(' ', Spec.Network.Egress.OfType<EgressSpec>().Where(e => e.Role == role.Name).Select(e => $"{e.To}:{e.Port}")),
        "network.egress");

    /// <summary>One <c>secret_…</c> value per name, empty where the stack has no such secret.</summary>
    /// <param name="secrets">Each with the key of the spec under which it is named.</param>
    public IEnumerable<VmValue> SecretValues(Role role, params IEnumerable<(string Name, string Key)> secrets) =>
        secrets.Select(secret => VmValue.Configure($"secret_{secret.Name}",
            Secrets.FirstOrDefault(s => s.Role == role.Name && s.Name == secret.Name)?.VmReference ?? "", secret.Key));
}
