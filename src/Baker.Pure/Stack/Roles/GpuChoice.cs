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

    /// <summary>
    /// The GPU that it uses, the least of what it may get; null when there is none, or nothing is known of it.
    /// </summary>
    public static Gpu? Used(Role role, Spec spec) => IsUsed(role, spec)
        ? Attached(role, spec) ?? Least(role.Types(spec).Select(t => spec.Cloud.Facts.FindMachine(t)?.Gpu)) : null;

    /// <summary>The one with the least memory; null: none is among them.</summary>
    public static Gpu? Least(IEnumerable<Gpu?> gpus) => gpus.OfType<Gpu>().MinBy(g => g.TotalMemoryGb);

    public static bool NeedsOpenModules(Role role, Spec spec) => NeedsOpenModules(Used(role, spec));

    /// <summary>
    /// Blackwell works with the vendor's open kernel modules alone; the others, which go back to Volta, with the closed ones.
    /// </summary>
    public static bool NeedsOpenModules(Gpu? gpu) => gpu?.Model is "B200" or "RTX PRO 6000";

    private static string Type(Role role, Spec spec) => role.Types(spec)[0];
}
