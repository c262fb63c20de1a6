using System.Collections.Immutable;
using Baker.Language.Values;
using Baker.Stack.Duo;
using Baker.Stack.Network;
using Baker.Stack.Roles;
using Baker.Stack.Roles.Gateway;
using Baker.Stack.Roles.GitLab;
using Baker.Stack.Roles.Ollama;

namespace Baker.Stack;

/// <summary>The facts that roles share: every address and version, decided before any role plans its own part.</summary>
public sealed record StackLayout(
    Spec Spec, NetworkPlan Network, ImmutableDictionary<string, string> Addresses, ImmutableArray<SecretPlan> Secrets, bool UsesGpu,
    RunningVersions Running)
{
    // Of a minor without a known patch the rules have spoken; what is there already can still be looked at.
    public string GitLabVersion => GitLabReleases.Choose(Spec.GitLab.Version, Running.GitLab) ?? $"{Spec.GitLab.Version}.0";

    public string GitLabHost => Spec.GitLab.Url.IdnHost.ToLowerInvariant();

    /// <summary>Without a trailing slash, with the port only where it is not 443.</summary>
    public string GitLabUrl => $"https://{GitLabHost}{(Spec.GitLab.Url.IsDefaultPort ? "" : $":{Spec.GitLab.Url.Port}")}";

    public string GatewayUrl => $"http://{Address(RoleCatalog.Gateway)}:{GatewayRole.Port}";

    public ImageRef GatewayImage => Spec.Gateway.ImageFor(GitLabVersion, Running.Gateway) ?? new ImageRef(null, GatewaySpec.ImageName, null, null);

    public ModelEndpoint Model => new($"http://{Address(RoleCatalog.Ollama)}:{OllamaRole.Port}/v1", (Spec.Duo.Model ?? OllamaRole.Models(Spec.Ollama)[0]).Listed);

    /// <summary>Of the model that Duo uses.</summary>
    public ModelMemory ModelMemory => ModelMemory.Of(
        Model.Model, OllamaRole.ContextLength(Spec.Ollama), Spec.Ollama.CacheType, Spec.Ollama.Parallel, GpuPlanner.Used(Spec)?.TotalMemoryGb);

    public bool UsesAgentPlatform => (Spec.Duo.Features ?? []).Any(DuoFeatures.OfAgents.Contains);

    public string Address(Role role) => Addresses[role.Name];

    /// <summary>One <c>secret_…</c> value per name, empty where the stack has no such secret.</summary>
    public IEnumerable<VmValue> SecretValues(Role role, params IEnumerable<string> names) => names.Select(name => VmValue.Configure(
        $"secret_{name}", Secrets.FirstOrDefault(s => s.Role == role.Name && s.Name == name)?.VmReference ?? ""));
}
