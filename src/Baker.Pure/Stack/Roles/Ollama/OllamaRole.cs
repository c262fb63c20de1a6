using System.Collections.Immutable;
using Baker.Clouds.Facts;
using Baker.Language.Values;

namespace Baker.Stack.Roles.Ollama;

/// <summary>The Ollama VM: the model server.</summary>
public sealed class OllamaRole : Role
{
    public const int DiskGb = 50;

    /// <summary>Ollama's port; it has no authentication, so only the gateway may reach it.</summary>
    public const int Port = 11434;

    public const string DefaultArchives = "https://github.com/ollama/ollama/releases/download";

    /// <summary>Where Ollama's registry redirects to for what models are made of. Source: Ollama's maintainers, ollama/ollama#4307, 2024-08-23.</summary>
    public const string DefaultStorage = "https://dd20bb891979d25aebc8bec07b2b3bbc.r2.cloudflarestorage.com";

    public const int DefaultContextLength = 16_384;

    /// <summary>Ollama's own.</summary>
    public const int DefaultQueue = 512;

    /// <summary>Ollama's own.</summary>
    public const string DefaultCacheType = "f16";

    /// <summary>NVIDIA's driver branch: Canonical's signed, precompiled modules exist for it, and Ollama needs 550 or newer.</summary>
    public const string GpuBranch = "580";

    private static readonly ImmutableArray<ModelName> DefaultModels = [new("mistral:instruct", null)];

    public override string Name => "ollama";

    public override string Title => "the Ollama VM";

    public override MachineClass Class => MachineClass.Accelerated;

    public override int DefaultDiskGb => DiskGb;

    public override bool IsPublic => false;

    public override int HostNumber => 30;

    public static ImmutableArray<ModelName> Models(OllamaSpec spec) => spec.Models is { IsEmpty: false } models ? models : DefaultModels;

    public override MachineSpec Machine(Spec spec) => spec.Ollama.Machine;

    public override IEnumerable<SecretNeed> Secrets(Spec spec) => [];

    public override IEnumerable<VmValue> Values(StackLayout stack)
    {
        var (ollama, mirrors) = (stack.Spec.Ollama, stack.Spec.Mirrors);
        var version = ollama.Version ?? OllamaReleases.Default;
        var release = $"{(mirrors.Ollama ?? DefaultArchives).TrimEnd('/')}/v{version}";
        return
        [
            VmValue.Install("ollama_version", version),
            VmValue.Source("ollama_archive", $"{release}/ollama-linux-amd64.tar.zst"),
            VmValue.Install("ollama_sha256", OllamaReleases.Sha256(ollama) ?? ""),
            VmValue.Source("ollama_sums", $"{release}/sha256sum.txt"),
            VmValue.Install("models", string.Join(' ', Models(ollama))),
            VmValue.Source("model_registry", mirrors.Models?.TrimEnd('/') ?? ""),
            VmValue.Install("gpu", stack.UsesGpu ? "nvidia" : "none"),
            VmValue.Install("gpu_branch", GpuBranch),
            VmValue.Install("gpu_modules", GpuPlanner.NeedsOpenModules(stack.Spec) ? "-open" : ""),
            VmValue.Configure("ollama_host", ollama.Host ?? $"{stack.Address(this)}:{Port}"),
            VmValue.Configure("model_name", stack.Model.Model),
            VmValue.Configure("context_length", $"{ContextLength(ollama)}"),
            VmValue.Configure("keep_alive", ollama.KeepAlive ?? KeepAliveTime.ForEver),
            .. Throughput(ollama, stack),
            VmValue.Configure("ollama_allow_from", stack.Address(RoleCatalog.Gateway)),
        ];
    }

    // What is empty stays as Ollama has it.
    private static IEnumerable<VmValue> Throughput(OllamaSpec ollama, StackLayout stack)
    {
        var memory = stack.ModelMemory;
        return
        [
            VmValue.Configure("parallel", memory is { IsReckoned: true, CacheGb: null } ? "" : $"{memory.Parallel}"),
            VmValue.Configure("parallel_from", memory.IsReckoned ? "reckoned" : "spec"),
            VmValue.Configure("queue", $"{ollama.Queue ?? DefaultQueue}"),
            VmValue.Configure("flash_attention", ollama.FlashAttention switch { true => "1", false => "0", null => "" }),
            VmValue.Configure("cache_type", ollama.CacheType is null or DefaultCacheType ? "" : ollama.CacheType),
            VmValue.Configure("memory_mb", memory.CacheGb is null ? "" : $"{(int)(memory.TotalGb!.Value * 1000)}"),
        ];
    }

    public static int ContextLength(OllamaSpec spec) => spec.ContextLength ?? DefaultContextLength;

    public override IEnumerable<AccessRule> Access(StackLayout stack)
    {
        yield return AccessRule.FromRole(RoleCatalog.Gateway.Name, Name, Port, null, "the gateway asks the model");
    }

    public override IEnumerable<EgressRule> Egress(StackLayout stack)
    {
        var mirrors = stack.Spec.Mirrors;
        yield return EgressRule.AtInstall(Name, mirrors.Ollama ?? "https://github.com", "Ollama's archive");
        if (mirrors.Ollama is null)
            yield return EgressRule.AtInstall(Name, "https://release-assets.githubusercontent.com", "where the release keeps its files");
        var models = Models(stack.Spec.Ollama);
        if (models.Any(m => m.Host is null))
        {
            yield return EgressRule.AtInstall(Name, mirrors.Models ?? $"https://{ModelName.DefaultHost}", mirrors.Models is null ? "models" : "models, and the storage it redirects to, if it does");
            if (mirrors.Models is null)
                yield return EgressRule.AtInstall(Name, DefaultStorage, "where the registry keeps the models");
        }
        foreach (var host in models.Select(m => m.Host).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase))
            yield return EgressRule.AtInstall(Name, $"https://{host}", "models, and the storage it redirects to");
    }
}
