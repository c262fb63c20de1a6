using Baker.Clouds.Facts;
using Baker.Diagnostics;

namespace Baker.Stack.Roles;

/// <summary>Rules of a list of machine types: user-data, image and disks are the same for whichever the machine gets.</summary>
internal static class AlternativeRules
{
    public static void Check(Role role, Spec spec, DiagnosticBag bag)
    {
        var (cloud, machine, path) = (spec.Cloud.Facts, role.Machine(spec), new SpecPath($"{role.Name}.machine"));
        if (!machine.IsListed)
            return;
        if (cloud.IsDesk)
        {
            bag.Add(path, RoleMessages.ListOnDesk(machine.Types[0]));
            return;
        }
        if (cloud.FindMachine(machine.Types[0]) is not { } first)
            return;
        for (var i = 1; i < machine.Types.Length; i++)
        {
            if (cloud.FindMachine(machine.Types[i]) is { } other && Difference(first, other, role, spec) is { } difference)
                bag.Add(path.Item(i), RoleMessages.OtherKind(other.Name, first.Name, difference));
        }
    }

    /// <summary>What keeps one from standing in for the other; null: nothing.</summary>
    private static string? Difference(MachineType first, MachineType other, Role role, Spec spec)
    {
        var cloud = spec.Cloud.Facts;
        // What is attached is the same for all.
        if (role.Gpu(spec).Type is null && first.Gpu?.Count != other.Gpu?.Count)
            return $"it has {Gpus(other)}, and the first of the list has {Gpus(first)}";
        if (GpuChoice.NeedsOpenModules(first.Gpu) != GpuChoice.NeedsOpenModules(other.Gpu))
            return "one of their GPUs works with the open kernel modules of NVIDIA alone, the other with the closed ones";
        return cloud.DiskType(first.Name) == cloud.DiskType(other.Name) ? null
            : $"its disks are of type {cloud.DiskType(other.Name)}, and those of the first of the list of type "
                + cloud.DiskType(first.Name);
    }

    private static string Gpus(MachineType type) => type.Gpu switch
    {
        null => "no GPU",
        { Count: 1 } => "1 GPU",
        var gpu => $"{gpu.Count} GPUs",
    };
}
