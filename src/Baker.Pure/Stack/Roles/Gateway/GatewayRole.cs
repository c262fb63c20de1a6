using Baker.Clouds.Facts;
using Baker.Diagnostics;
using Baker.Language.Secrets;
using Baker.Language.Shapes;
using Baker.Stack.Roles.GitLab;

namespace Baker.Stack.Roles.Gateway;

/// <summary>The AI Gateway VM: one container between GitLab and the model.</summary>
public sealed class GatewayRole() : Role(Itself)
{
    /// <summary>The gateway's HTTP port.</summary>
    public const int Port = 5052;

    /// <summary>The gRPC port that Agent Platform uses.</summary>
    public const int AgentPort = 50052;

    internal static readonly RoleFacts Itself = new(
        "gateway", "the gateway VM", "the gateway", MachineClass.Light, DiskGb: 20, LeastDiskGb: 15, HostNumber: 20)
    {
        Amd64Only = "the gateway's image",
    };

    public override MapShape Shape => GatewayShape.Shape;

    public override RoleSpec Read(SpecMap section) => GatewaySpec.From(section);

    public override void Check(Spec spec, DiagnosticBag bag) => GatewayRules.Check(spec, bag);

    public override void Check(MachinePlan machine, StackPlan stack, CloudFacts cloud, DiagnosticBag bag) =>
        GatewayRules.CheckSize(machine, cloud, bag);

    /// <summary>A gateway is never newer than its GitLab, also where GitLab's upgrade fails.</summary>
    public override ChangeOrder ChangesAfter => GitLabRole.ChangesFirst;

    /// <summary>A tag that tells no version must not leave behind what an earlier image was.</summary>
    public override ReleasePlan Release(StackLayout stack) =>
        new(GitLabReleases.VersionOfTag(stack.GatewayImage.Tag) ?? ReleasePlan.Other, "gateway.image",
        stack.Spec.Gateway.Image is not null);

    public override IEnumerable<SecretNeed> Secrets(Spec spec) =>
        spec.GitLab.Tls is PrivateCa ? [new SecretNeed("tls_ca", "gitlab.tls.private_ca", Secret.Generate)]
        : spec.GitLab.Tls is OwnCertificate { Ca: { } ca } ? [new SecretNeed("tls_ca", "gitlab.tls.certificate.ca", ca)] : [];

    public override IEnumerable<VmValue> Values(StackLayout stack, StackMachine machine) =>
    [
        VmValue.Install("gateway_image", Image(stack), "gateway.image gitlab.version mirrors.gateway_registry"),
        VmValue.Configure("gitlab_url", stack.GitLabUrl, "gitlab.url"),
        VmValue.Configure("gitlab_host", stack.GitLabHost, "gitlab.url"),
        VmValue.Configure("gitlab_port", $"{stack.Spec.GitLab.Url.Port}", "gitlab.url"),
        VmValue.Configure("gitlab_address", stack.Address(RoleCatalog.GitLab), "gitlab.address"),
        VmValue.Configure("gateway_auth", stack.Spec.Gateway.Bypass ? "bypass" : "required", "gateway.auth"),
        VmValue.Configure("license", stack.Spec.GitLab.License switch { null => "none", { IsOnline: true } => "online", _ => "offline" },
            "gitlab.license"),
        VmValue.Configure("model_url", stack.Model.Url, $"{stack.ModelServer.Name}.address"),
        VmValue.Configure("model_name", stack.Model.Model, $"duo.model {stack.ModelServer.Name}.models"),
        VmValue.Configure("answer_seconds", $"{TimeLimits.AnswerSeconds}", ""),
        VmValue.Configure("agent_platform", stack.UsesAgentPlatform ? "true" : "false", "duo.features"),
        stack.Egress(this),
        VmValue.Configure("tls_ca", (stack.Spec.GitLab.Tls as OwnCertificate)?.CaPem ?? "", "gitlab.tls.certificate.ca"),
        .. stack.SecretValues(this, ("tls_ca", "gitlab.tls")),
    ];

    /// <summary>The image as the VM pulls it: from the mirror where there is one.</summary>
    public static string Image(StackLayout stack) => stack.Spec.Mirrors.GatewayRegistry is { } mirror
        ? (stack.GatewayImage with { Registry = mirror }).ToString() : stack.GatewayImage.ToString();

    public override IEnumerable<AccessRule> Access(StackLayout stack)
    {
        yield return AccessRule.FromRole(RoleCatalog.GitLab.Name, Name, Port, null, "GitLab asks for completions and answers");
        if (stack.UsesAgentPlatform)
            yield return AccessRule.FromRole(RoleCatalog.GitLab.Name, Name, AgentPort, null, "Agent Platform over gRPC");
    }

    public override IEnumerable<EgressRule> Egress(StackLayout stack)
    {
        foreach (var host in Registries(stack))
            yield return EgressRule.AtInstall(Name, $"https://{host}", "the gateway's image");
        if (stack.Spec.GitLab.License is { IsOnline: true })
            yield return EgressRule.Always(Name, "https://customers.gitlab.com", "keys of the licence portal");
    }

    private static string[] Registries(StackLayout stack) =>
        (stack.Spec.Mirrors.GatewayRegistry?.Split('/')[0] ?? stack.GatewayImage.Registry) is { } registry
            // Docker Hub hands layers out from three places, as its maker's list for firewalls has them.
            ? [registry] : ["registry-1.docker.io", "auth.docker.io", "production.cloudflare.docker.com",
                "production.cloudfront.docker.com",
                "docker-images-prod.6aa30f8b08e16409b46e0173d6de2f56.r2.cloudflarestorage.com"];
}
