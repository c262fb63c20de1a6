using System.Collections.Immutable;
using Baker.Clouds.Facts;
using Baker.Diagnostics;
using Baker.Language.Shapes;
using Baker.Language.Values;
using Baker.Stack.Duo;

namespace Baker.Stack.Roles.Ollama;

/// <summary>The Ollama VM: the model server.</summary>
public sealed class OllamaRole() : ModelServerRole(Itself)
{
    /// <summary>Ollama's port, where the stack reaches the model; there is no authentication, so only the gateway may reach it.</summary>
    public const int OwnPort = 11434;

    /// <summary>Where Ollama listens when nginx holds its port: for the VM itself.</summary>
    public const int PortBehindFilter = 11435;

    public const string DefaultArchives = "https://github.com/ollama/ollama/releases/download";

    /// <summary>
    /// Where Ollama's registry redirects to for what models are made of. Source: Ollama's maintainers, ollama/ollama#4307, 2024-08-23.
    /// </summary>
    public const string DefaultStorage = "https://dd20bb891979d25aebc8bec07b2b3bbc.r2.cloudflarestorage.com";

    public const int DefaultContextLength = 16_384;

    /// <summary>Ollama's own.</summary>
    public const int DefaultQueue = 512;

    /// <summary>Ollama's own.</summary>
    public const string DefaultCacheType = "f16";

    /// <summary>NVIDIA's driver branch: Canonical's signed, precompiled modules exist for it, and Ollama needs 550 or newer.</summary>
    public const string GpuBranch = "580";

    private static readonly ImmutableArray<ModelName> DefaultModels = [new("mistral:instruct", null)];

    internal static readonly RoleFacts Itself = new(
        "ollama", "the Ollama VM", "Ollama", MachineClass.Accelerated, DiskGb: 50, LeastDiskGb: 20, HostNumber: 30)
    {
        HasGpu = true,
        IsModelServer = true,
        Amd64Only = "Ollama's archive",
    };

    public override bool IsUsual => true;

    public override int Port => OwnPort;

    /// <summary>It reads none.</summary>
    public override string ApiToken => "ollama";

    public override string ToolsAdvice => "use a model with the tag `tools` in Ollama's library, such as gpt-oss:20b";

    public override string? Standing =>
        "GitLab does not list Ollama among its serving platforms (vLLM, Bedrock, Azure OpenAI are); any endpoint that speaks OpenAI's "
            + "protocol is compatible, in beta.";

    public override string SumsAdvice => "the release's own sha256sum.txt";

    public override MapShape Shape => OllamaShape.Shape;

    public override RoleSpec Read(SpecMap section) => OllamaSpec.From(section);

    public override void Check(Spec spec, DiagnosticBag bag) => OllamaRules.Check(spec, bag);

    public override void Check(MachinePlan machine, StackPlan stack, CloudFacts cloud, DiagnosticBag bag) =>
        OllamaRules.CheckModels(machine, stack, cloud, bag);

    public override GpuSpec Gpu(Spec spec) => spec.Ollama.Gpu;

    public override string Version(Spec spec) => spec.Ollama.Version ?? OllamaReleases.Default;

    public override string? Sha256(Spec spec) => OllamaReleases.Sha256(spec.Ollama);

    public override ImmutableArray<ModelName> Models(Spec spec) =>
        spec.Ollama.Models is { IsEmpty: false } models ? models : DefaultModels;

    public override bool NamesModels(Spec spec) => spec.Ollama.Models is not null;

    public override int ContextLength(Spec spec) => spec.Ollama.ContextLength ?? DefaultContextLength;

    public override ModelMemory Memory(Spec spec, string model) => ModelMemory.Of(
        model, ContextLength(spec), spec.Ollama.CacheType, spec.Ollama.Parallel, GpuChoice.Used(this, spec)?.TotalMemoryGb);

    public override IEnumerable<string> Notes(MachinePlan machine, StackPlan stack) => OllamaNotes.Of(machine, stack);

    public override IEnumerable<SecretNeed> Secrets(Spec spec) => [];

    public override IEnumerable<VmValue> Values(StackLayout stack, StackMachine machine)
    {
        var (ollama, mirrors) = (stack.Spec.Ollama, stack.Spec.Mirrors);
        var version = Version(stack.Spec);
        var release = $"{(mirrors.Ollama ?? DefaultArchives).TrimEnd('/')}/v{version}";
        return
        [
            VmValue.Install("ollama_version", version, "ollama.version"),
            VmValue.Source("ollama_archive", $"{release}/ollama-linux-amd64.tar.zst", "ollama.version mirrors.ollama"),
            VmValue.Install("ollama_sha256", OllamaReleases.Sha256(ollama) ?? "", "ollama.sha256"),
            VmValue.Source("ollama_sums", $"{release}/sha256sum.txt", "ollama.version mirrors.ollama"),
            VmValue.Install("models", string.Join(' ', Models(stack.Spec)), "ollama.models"),
            VmValue.Source("model_registry", mirrors.Models?.TrimEnd('/') ?? "", "mirrors.models"),
            VmValue.Install("gpu", stack.UsesGpu ? "nvidia" : "none", "ollama.gpu"),
            VmValue.Install("gpu_branch", GpuBranch, ""),
            VmValue.Install("gpu_modules", GpuChoice.NeedsOpenModules(this, stack.Spec) ? "-open" : "", "ollama.gpu ollama.machine"),
            VmValue.Install("filter", ollama.Filter ? "nginx" : "", "ollama.filter"),
            VmValue.Configure("model_host", ollama.Host ?? $"{machine.Address}:{Port}", "ollama.host"),
            VmValue.Configure("ollama_host", ollama.Filter ? $"{machine.Address}:{PortBehindFilter}"
                : ollama.Host ?? $"{machine.Address}:{Port}", "ollama.filter ollama.host ollama.address"),
            VmValue.Configure("filter_seconds", $"{TimeLimits.FilterSeconds}", ""),
            VmValue.Configure("model_name", stack.Model.Model, "duo.model ollama.models"),
            VmValue.Configure("context_length", $"{ContextLength(stack.Spec)}", "ollama.context_length"),
            VmValue.Configure("keep_alive", ollama.KeepAlive ?? KeepAliveTime.ForEver, "ollama.keep_alive"),
            .. Throughput(ollama, stack),
            stack.Egress(this),
            VmValue.Configure("ollama_allow_from", string.Join(' ', stack.Addresses(RoleCatalog.Gateway)), "gateway.address"),
        ];
    }

    /// <summary>What Ollama's share of memory is reckoned from.</summary>
    private const string Reckoned = "ollama.parallel ollama.models ollama.context_length ollama.cache_type ollama.machine";

    // What is empty stays as Ollama has it.
    private static IEnumerable<VmValue> Throughput(OllamaSpec ollama, StackLayout stack)
    {
        var memory = stack.ModelMemory;
        return
        [
            VmValue.Configure("parallel", memory is { IsReckoned: true, CacheGb: null } ? "" : $"{memory.Parallel}", Reckoned),
            VmValue.Configure("parallel_from", memory.IsReckoned ? "reckoned" : "spec", "ollama.parallel"),
            VmValue.Configure("queue", $"{ollama.Queue ?? DefaultQueue}", "ollama.queue"),
            VmValue.Configure("flash_attention", ollama.FlashAttention switch { true => "1", false => "0", null => "" },
                "ollama.flash_attention"),
            VmValue.Configure("cache_type", ollama.CacheType is null or DefaultCacheType ? "" : ollama.CacheType, "ollama.cache_type"),
            VmValue.Configure("memory_mb", memory.CacheGb is null ? "" : $"{(int)(memory.TotalGb!.Value * 1000)}", Reckoned),
        ];
    }

    public override IEnumerable<AccessRule> Access(StackLayout stack)
    {
        yield return AccessRule.FromRole(RoleCatalog.Gateway.Name, Name, Port, null, stack.Spec.Ollama.Filter
            ? "the gateway asks the model; all else is refused" : "the gateway asks the model, and may change what is there");
    }

    public override IEnumerable<EgressRule> Egress(StackLayout stack)
    {
        var mirrors = stack.Spec.Mirrors;
        yield return EgressRule.AtInstall(Name, mirrors.Ollama ?? "https://github.com", "Ollama's archive");
        if (mirrors.Ollama is null)
            yield return EgressRule.AtInstall(Name, "https://release-assets.githubusercontent.com", "where the release keeps its files");
        var models = Models(stack.Spec);
        if (models.Any(m => m.Host is null))
        {
            yield return EgressRule.AtInstall(Name, mirrors.Models ?? $"https://{ModelName.DefaultHost}",
                mirrors.Models is null ? "models" : "models, and the storage it redirects to, if it does");
            if (mirrors.Models is null)
                yield return EgressRule.AtInstall(Name, DefaultStorage, "where the registry keeps the models");
        }
        foreach (var host in models.Select(m => m.Host).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase))
            yield return EgressRule.AtInstall(Name, $"https://{host}", "models, and the storage it redirects to");
    }
}
