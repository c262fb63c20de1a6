namespace Baker.Clouds.Facts.Aws;

/// <summary>
/// The NVIDIA GPUs that come with EC2's accelerated families. Source: the vendor's instance type pages, as of November 2026.
/// </summary>
internal static class AwsGpus
{
    private static readonly (string Family, string Model, int MemoryGb, decimal GbPerCpu)[] Families =
    [
        ("g4dn", "T4", 16, 4), ("g5", "A10G", 24, 4), ("g6", "L4", 24, 4), ("gr6", "L4", 24, 8), ("g6e", "L40S", 48, 8),
        ("p3", "V100", 16, 7.625m), ("p3dn", "V100", 32, 8), ("p4d", "A100", 40, 12), ("p4de", "A100", 80, 12),
        ("p5", "H100", 80, 10.667m), ("p5e", "H200", 141, 10.667m), ("p5en", "H200", 141, 10.667m), ("p6-b200", "B200", 180, 10.667m),
    ];

    /// <summary>GPUs and memory of a type, or null when its family has none that is known.</summary>
    public static (Gpu Gpu, decimal MemoryGb)? Find(string family, string size, int cpus)
    {
        var known = Families.FirstOrDefault(f => f.Family == family);
        if (known.Family is null)
            return null;
        // The one p5 that is cut from a larger machine has more memory per CPU than the rest.
        var ratio = (family, size) == ("p5", "4xlarge") ? 16 : known.GbPerCpu;
        return (new Gpu(known.Model, Count(family, size), known.MemoryGb), Math.Round(cpus * ratio));
    }

    private static int Count(string family, string size) => (family, size) switch
    {
        ("g4dn" or "g5" or "g6" or "g6e", "12xlarge") or ("g5" or "g6" or "g6e", "24xlarge") or ("p3", "8xlarge") => 4,
        ("g5" or "g6" or "g6e", "48xlarge") or ("p3", "16xlarge") or (_, "48xlarge") or ("p3dn" or "p4d" or "p4de", _) => 8,
        _ => 1,
    };
}
