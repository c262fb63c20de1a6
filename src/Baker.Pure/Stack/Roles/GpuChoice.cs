using Baker.Clouds.Facts;
using Baker.Stack.Roles;

namespace Baker.Stack;

/// <summary>Decides which GPU the model runs on.</summary>
internal static class GpuPlanner
{
    /// <summary>The GPU that is attached to the machine; null when it brings its own, has none or none is wanted.</summary>
    public static Gpu? Attached(Spec spec)
    {
        var (cloud, gpu) = (spec.Cloud.Facts, spec.Ollama.Gpu);
        if (gpu.Type is { } type)
            return cloud.AttachGpu(Type(spec), type, gpu.Count).Gpu;
        return gpu.Wanted == false || spec.Ollama.Machine.Machine is not null ? null : cloud.DefaultAttachedGpu(RoleCatalog.Ollama.Class);
    }

    /// <summary>Whether Ollama uses a GPU. Of a machine type that Baker does not know, the spec alone can say so.</summary>
    public static bool IsUsed(Spec spec) => (spec.Ollama.Gpu.Wanted, spec.Cloud.Facts.FindMachine(Type(spec))) switch
    {
        (false, _) => false,
        (true, null) => true,
        (_, var machine) => (Attached(spec) ?? machine?.Gpu) is not null,
    };

    /// <summary>The GPU that Ollama uses; null when there is none, or nothing is known of it.</summary>
    public static Gpu? Used(Spec spec) => IsUsed(spec) ? Attached(spec) ?? spec.Cloud.Facts.FindMachine(Type(spec))?.Gpu : null;

    /// <summary>Blackwell works with the vendor's open kernel modules alone; the others, which go back to Volta, with the closed ones.</summary>
    public static bool NeedsOpenModules(Spec spec) => Used(spec)?.Model is "B200" or "RTX PRO 6000";

    private static string Type(Spec spec) => spec.Ollama.Machine.Machine ?? spec.Cloud.Facts.DefaultMachine(RoleCatalog.Ollama.Class);
}
