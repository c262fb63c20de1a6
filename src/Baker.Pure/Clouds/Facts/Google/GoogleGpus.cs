using System.Collections.Immutable;

namespace Baker.Clouds.Facts.Google;

/// <summary>
/// The NVIDIA GPUs of Compute Engine: some come with a machine series, others are attached to N1 machines.
/// Source: the vendor's GPU pages, as of November 2026.
/// </summary>
internal static class GoogleGpus
{
    /// <summary>Gigabytes of one GPU, and by how many are attached the most CPUs that their machine may have.</summary>
    private static readonly ImmutableSortedDictionary<string, (int MemoryGb, ImmutableSortedDictionary<int, int> MostCpus)> Attachable =
        new Dictionary<string, (int, ImmutableSortedDictionary<int, int>)>
        {
            ["nvidia-tesla-p100"] = (16, Limits((1, 16), (2, 32), (4, 96))),
            ["nvidia-tesla-p4"] = (8, Limits((1, 24), (2, 48), (4, 96))),
            ["nvidia-tesla-t4"] = (16, Limits((1, 48), (2, 48), (4, 96))),
            ["nvidia-tesla-v100"] = (16, Limits((1, 12), (2, 24), (4, 48), (8, 96))),
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static Gpu Default => new("nvidia-tesla-t4", 1, Attachable["nvidia-tesla-t4"].MemoryGb);

    /// <summary>
    /// What is attached to a machine; null for one that its series brings, which Compute Engine lists in the same place.
    /// </summary>
    public static Gpu? Attached(string type, int count) =>
        Attachable.TryGetValue(type, out var known) ? new Gpu(type, count, known.MemoryGb) : null;

    /// <summary>What a machine series brings by itself: <c>g2</c> an L4 or several, <c>g4</c> RTX PRO 6000.</summary>
    public static Gpu? BuiltIn(string series, int cpus) => series switch
    {
        "g2" => new Gpu("L4", cpus switch { 24 => 2, 48 => 4, 96 => 8, _ => 1 }, 24),
        "g4" when cpus >= 48 => new Gpu("RTX PRO 6000", cpus / 48, 96),
        _ => null,
    };

    /// <summary>The series whose names count GPUs instead of CPUs.</summary>
    public static MachineType? Accelerated(string name, string series, int gpus) => series switch
    {
        "a2-highgpu" => new MachineType(name, 12 * gpus, 85 * gpus, new Gpu("A100", gpus, 40)),
        "a2-megagpu" => new MachineType(name, 6 * gpus, 85 * gpus, new Gpu("A100", gpus, 40)),
        "a2-ultragpu" => new MachineType(name, 12 * gpus, 170 * gpus, new Gpu("A100", gpus, 80)),
        "a3-highgpu" or "a3-megagpu" or "a3-edgegpu" => new MachineType(name, 26 * gpus, 234 * gpus, new Gpu("H100", gpus, 80)),
        "a3-ultragpu" => new MachineType(name, 28 * gpus, 369 * gpus, new Gpu("H200", gpus, 141)),
        "a4-highgpu" => new MachineType(name, 28 * gpus, 496 * gpus, new Gpu("B200", gpus, 180)),
        _ => null,
    };

    /// <summary>The GPUs attached to a machine, or what to write instead.</summary>
    public static (Gpu? Gpu, string? Otherwise) Attach(string machine, string type, int count)
    {
        if (!Attachable.TryGetValue(type, out var known))
            return (null, $"one of: {string.Join(", ", Attachable.Keys)}; newer ones come with g2, g4, a2, a3 and a4 machines");
        if (!machine.StartsWith("n1-", StringComparison.Ordinal) && !machine.StartsWith("custom-", StringComparison.Ordinal))
            return (null, "GPUs are attached to n1 machines only; g2, g4, a2, a3 and a4 machines bring their own");
        if (!known.MostCpus.TryGetValue(count, out var most))
            return (null, $"of these, attach {string.Join(" or ", known.MostCpus.Keys)}");
        return GoogleMachines.Find(machine) is { } size && size.Cpus > most
            ? (null, $"with {count} of them a machine has at most {most} CPUs")
            : (new Gpu(type, count, known.MemoryGb), null);
    }

    private static ImmutableSortedDictionary<int, int> Limits(params (int Count, int Cpus)[] limits) =>
        limits.ToImmutableSortedDictionary(l => l.Count, l => l.Cpus);
}
