using System.Globalization;
using System.Text.RegularExpressions;

namespace Baker.Clouds.Aws;

/// <summary>
/// EC2's instance types, computed from how they are named: a family has a fixed ratio of memory to CPUs and a kind of GPU,
/// a size has a number of CPUs. Source: the vendor's instance type pages, as of November 2026.
/// </summary>
internal static partial class AwsMachines
{
    // Burstable types follow no ratio.
    private static readonly Dictionary<string, (int Cpus, decimal Memory)> Burstable = new()
    {
        ["nano"] = (2, 0.5m),
        ["micro"] = (2, 1),
        ["small"] = (2, 2),
        ["medium"] = (2, 4),
        ["large"] = (2, 8),
        ["xlarge"] = (4, 16),
        ["2xlarge"] = (8, 32),
    };

    private static readonly Dictionary<string, (string Model, int MemoryGb, decimal GbPerCpu)> GpuFamilies = new()
    {
        ["g4dn"] = ("T4", 16, 4),
        ["g5"] = ("A10G", 24, 4),
        ["g6"] = ("L4", 24, 4),
        ["g6e"] = ("L40S", 48, 8),
        ["p3"] = ("V100", 16, 7.625m),
        ["p4d"] = ("A100", 40, 12),
        ["p4de"] = ("A100", 80, 12),
        ["p5"] = ("H100", 80, 10.667m),
    };

    // The families whose hypervisor is Xen: GetConsoleOutput has no Latest there.
    private static readonly HashSet<string> Xen =
        ["t1", "t2", "m1", "m2", "m3", "m4", "c1", "c3", "c4", "r3", "r4", "i2", "i3", "d2", "g2", "g3", "g3s", "x1", "x1e", "p2", "p3", "h1", "f1"];

    public static bool HasForm(string name) => Form().IsMatch(name);

    public static MachineType? Find(string name)
    {
        var match = Form().Match(name);
        if (!match.Success)
            return null;
        var (family, size) = (match.Groups["family"].Value, match.Groups["size"].Value);
        var live = !Xen.Contains(family);
        var arm = Arm().IsMatch(family);
        if (family is "t2" or "t3" or "t3a" or "t4g")
        {
            if (!Burstable.TryGetValue(size, out var burst))
                return null;
            var cpus = family == "t2" && size is "nano" or "micro" or "small" ? 1 : burst.Cpus;
            return new MachineType(name, cpus, burst.Memory, IsArm: arm, LiveConsole: live);
        }
        if (Cpus(size) is not { } count)
            return null;
        if (GpuFamilies.TryGetValue(family, out var gpu))
            return new MachineType(name, count, Math.Round(count * gpu.GbPerCpu), new Gpu(gpu.Model, Gpus(family, size), gpu.MemoryGb), LiveConsole: live);
        decimal? ratio = family[0] switch { 'c' => 2, 'm' => 4, 'r' => 8, _ => null };
        return ratio is null ? null : new MachineType(name, count, count * ratio.Value, IsArm: arm, LiveConsole: live);
    }

    /// <summary>What somebody who wrote an impossible name may have meant: <c>c6xlarge</c> is <c>c6i.xlarge</c>.</summary>
    public static string? Meant(string name)
    {
        var match = NoDot().Match(name);
        if (!match.Success)
            return null;
        var (family, size) = (match.Groups["family"].Value, match.Groups["size"].Value);
        // From the fifth generation on, the plain Intel family of c, m and r carries an `i`.
        var full = family is ['c' or 'm' or 'r', >= '6'] ? family + "i" : family;
        return $"{full}.{size}";
    }

    private static int? Cpus(string size) => size switch
    {
        "medium" => 1,
        "large" => 2,
        "xlarge" => 4,
        _ when size.EndsWith("xlarge", StringComparison.Ordinal) => 4 * int.Parse(size[..^6], CultureInfo.InvariantCulture),
        _ => null,
    };

    private static int Gpus(string family, string size) => (family, size) switch
    {
        ("g4dn", "12xlarge") or ("g5", "12xlarge" or "24xlarge") or ("g6" or "g6e", "12xlarge" or "24xlarge") or ("p3", "8xlarge") => 4,
        ("g5" or "g6" or "g6e", "48xlarge") or ("p3", "16xlarge") or ("p4d" or "p4de", _) or ("p5", "48xlarge") => 8,
        _ => 1,
    };

    [GeneratedRegex(@"\A(?<family>[a-z]{1,3}[0-9]{1,2}[a-z]{0,4}(-[a-z0-9]+)?)\.(?<size>nano|micro|small|medium|large|xlarge|[1-9][0-9]{0,2}xlarge|metal(-[0-9]+xl)?)\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"\A(?<family>[a-z]{1,3}[0-9][a-z]{0,3}?)[ ._-]?(?<size>nano|micro|small|medium|large|[0-9]{0,2}xlarge)\z")]
    private static partial Regex NoDot();

    [GeneratedRegex(@"\A(a1|[a-z]+[0-9]+g[a-z]*)\z")]
    private static partial Regex Arm();
}
