using System.Collections.Immutable;
using Baker.Diagnostics;
using Baker.Language.Values;

namespace Baker.Stack.Roles.Ollama;

/// <summary>Rules of <c>ollama</c> that need nothing but the spec; what depends on sizes is checked on the plan.</summary>
public static class OllamaRules
{
    public static void Check(Spec spec, DiagnosticBag bag)
    {
        var ollama = spec.Ollama;
        if (OllamaReleases.Sha256(ollama) is null)
            bag.Add("ollama.version", OllamaMessages.WeakerSum(ollama.Version!));
        if (ollama.Gpu.Type is { } gpu)
        {
            var cloud = spec.Cloud.Facts;
            var machine = ollama.Machine.Machine ?? cloud.DefaultMachine(RoleCatalog.Ollama.Class);
            if (cloud.AttachGpu(machine, gpu, ollama.Gpu.Count).Problem is { } problem)
                bag.Add("ollama.gpu", problem);
        }
        if (ollama is { CacheType: { } type and not OllamaRole.DefaultCacheType, FlashAttention: false })
            bag.Add("ollama.cache_type", OllamaMessages.CacheNeedsFlashAttention(type));
        CheckModels(ollama.Models ?? [], bag);
        if (ollama.Sha256 is not null && ollama.Version is null)
            bag.Add("ollama.sha256", OllamaMessages.SumWithoutVersion());
    }

    private static void CheckModels(ImmutableArray<ModelName> models, DiagnosticBag bag)
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
}
