using System.Collections.Immutable;
using Baker.Clouds.Facts;
using Baker.Diagnostics;
using Baker.Language.Values;
using Baker.Stack.Duo;

namespace Baker.Stack.Roles.Ollama;

/// <summary>Rules of <c>ollama</c> that need nothing but the spec; what depends on sizes is checked on the plan.</summary>
public static class OllamaRules
{
    /// <summary>Gigabytes beside the models: system 6, driver 3, Ollama unpacked 4.3 and its archive 1.4, and room to work.</summary>
    private const decimal SystemGb = 15;

    private const decimal GbInGib = 1.073741824m;

    public static void Check(Spec spec, DiagnosticBag bag)
    {
        var ollama = spec.Ollama;
        if (OllamaReleases.Sha256(ollama) is null)
            bag.Add("ollama.version", OllamaMessages.WeakerSum(ollama.Version!));
        if (ollama.Gpu.Type is { } gpu)
        {
            var cloud = spec.Cloud.Facts;
            if (ollama.Machine.TypesOn(cloud, OllamaRole.Itself.Class)
                .Select(m => cloud.AttachGpu(m, gpu, ollama.Gpu.Count).Problem).FirstOrDefault(p => p is not null) is { } problem)
                bag.Add("ollama.gpu", problem);
        }
        if (ollama is { CacheType: { } type and not OllamaRole.DefaultCacheType, FlashAttention: false })
            bag.Add("ollama.cache_type", OllamaMessages.CacheNeedsFlashAttention(type));
        if (!ollama.Filter)
            bag.Add("ollama.filter", OllamaMessages.NoFilter());
        CheckNames(ollama.Models ?? [], bag);
        if (ollama.Sha256 is not null && ollama.Version is null)
            bag.Add("ollama.sha256", OllamaMessages.SumWithoutVersion());
    }

    private static void CheckNames(ImmutableArray<ModelName> models, DiagnosticBag bag)
    {
        if (bag.IsTouched("ollama.models"))
            return;
        for (var i = 0; i < models.Length; i++)
        {
            var path = $"ollama.models[{i}]";
            if (models[i].IsCloud)
                bag.Add(path, OllamaMessages.RunsElsewhere(models[i].Name));
            if (models.Take(i).Any(models[i].IsSame))
                bag.Add(path, OllamaMessages.NamedTwice(models[i].Listed));
        }
    }

    /// <summary>Whether the models fit the machine.</summary>
    public static void CheckModels(MachinePlan machine, StackPlan stack, CloudFacts cloud, DiagnosticBag bag)
    {
        var names = stack.Models.Select(m => ModelName.Parse(m).Listed).ToArray();
        var disk = (int)Math.Ceiling(SystemGb + names.Sum(n => KnownModels.Find(n)?.SizeGb ?? ModelSize.GuessGb(n) ?? 0));
        // A model that could not be read has been reported; another stands in for it here, whose size means nothing.
        var isRead = !bag.IsTouched("ollama.models") && !bag.IsBroken("duo.model");
        if (isRead && machine.DiskGb < disk)
            bag.Add("ollama.disk_gb", OllamaMessages.DiskTooSmall(
                machine.DiskGb, disk, string.Join(", ", names), names.All(n => KnownModels.Find(n) is not null)));
        var need = isRead ? stack.ModelMemory.TotalGb : null;
        var used = machine.Values.Any(v => v is { Name: "gpu", Value: "nvidia" });
        CheckGpu(machine, stack, cloud, used, need, bag);
        if (!used && need is { } gb && machine.Sizes.MinBy(s => s.MemoryGb) is { } size && gb > size.MemoryGb * GbInGib)
            bag.Add("ollama.machine", OllamaMessages.MemoryTooSmall(
                stack.Model.Model, gb, size.Name, size.MemoryGb, stack.ModelMemory.Parallel));
        var host = machine.Value("model_host");
        if (host != $"{machine.Address}:{OllamaRole.OwnPort}" && host != $"0.0.0.0:{OllamaRole.OwnPort}")
            bag.Add("ollama.host", OllamaMessages.HostElsewhere(host, machine.Address));
    }

    private static void CheckGpu(MachinePlan machine, StackPlan stack, CloudFacts cloud, bool used, decimal? need, DiagnosticBag bag)
    {
        switch (machine.Gpu, used, machine.WantsGpu)
        {
            case ({ } gpu, true, _) when need > gpu.TotalMemoryGb:
                bag.Add("ollama.machine", OllamaMessages.GpuTooSmall(
                    stack.Model.Model, need.Value, gpu, stack.ContextLength, stack.ModelMemory.Parallel));
                break;
            case (null, _, true) when machine.Size is not null:
                bag.Add("ollama.gpu", OllamaMessages.NoGpu(machine.Type, cloud.GpuAdvice));
                break;
            case (null, _, null) when machine.Size is not null && !cloud.IsDesk:
                bag.Add("ollama.machine", OllamaMessages.CpuOnly(machine.Type));
                break;
            case ({ }, false, _) when machine.Size is { Gpu: not null } size:
                bag.Add("ollama.machine", OllamaMessages.UnusedGpu(size));
                break;
            default:
                break;
        }
    }
}
