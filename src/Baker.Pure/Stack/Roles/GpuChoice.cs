using Baker.Clouds.Facts;

namespace Baker.Stack.Roles;

/// <summary>Decides which GPU a role's machine has.</summary>
internal static class GpuChoice
{
    /// <summary>The GPU that is attached to the machine; null when it brings its own, has none or none is wanted.</summary>
    public static Gpu? Attached(Role role, Spec spec)
    {
        var (cloud, gpu) = (spec.Cloud.Facts, role.Gpu(spec));
        if (gpu.Type is { } type)
            return cloud.AttachGpu(Type(role, spec), type, gpu.Count).Gpu;
        return gpu.Wanted == false || role.Machine(spec).Machine is not null ? null : cloud.DefaultAttachedGpu(role.Class);
    }

    /// <summary>Whether it uses a GPU. Of a machine type that Baker does not know, the spec alone can say so.</summary>
    public static bool IsUsed(Role role, Spec spec) => (role.Gpu(spec).Wanted, spec.Cloud.Facts.FindMachine(Type(role, spec))) switch
    {
        (false, _) => false,
        (true, null) => true,
        (_, var machine) => (Attached(role, spec) ?? machine?.Gpu) is not null,
    };

    /// <summary>The GPU that it uses; null when there is none, or nothing is known of it.</summary>
    public static Gpu? Used(Role role, Spec spec) =>
        IsUsed(role, spec) ? Attached(role, spec) ?? spec.Cloud.Facts.FindMachine(Type(role, spec))?.Gpu : null;

    /// <summary>
    /// Blackwell works with the vendor's open kernel modules alone; the others, which go back to Volta, with the closed ones.
    /// </summary>
    public static bool NeedsOpenModules(Role role, Spec spec) => Used(role, spec)?.Model is "B200" or "RTX PRO 6000";

    private static string Type(Role role, Spec spec) => role.Machine(spec).Machine ?? spec.Cloud.Facts.DefaultMachine(role.Class);
}
