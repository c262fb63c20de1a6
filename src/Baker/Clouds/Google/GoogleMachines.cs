using System.Globalization;
using System.Text.RegularExpressions;

namespace Baker.Clouds.Google;

/// <summary>
/// Compute Engine's machine types, computed from how they are named: series, ratio of memory to CPUs, number of CPUs.
/// Source: the vendor's machine family pages, as of November 2026.
/// </summary>
internal static partial class GoogleMachines
{
    private static readonly Dictionary<string, decimal> GbPerCpu = new()
    {
        ["standard"] = 4,
        ["highmem"] = 8,
        ["highcpu"] = 2,
    };

    private static readonly HashSet<string> Arm = ["t2a", "c4a", "n4a"];

    private static readonly HashSet<string> Series =
        ["e2", "n1", "n2", "n2d", "n4", "c2", "c2d", "c3", "c3d", "c4", "c4d", "t2d", "g2", "t2a", "c4a", "n4a", "m1", "m2", "m3"];

    /// <summary>GPUs that are attached to N1 machines, with gigabytes of memory each.</summary>
    public static readonly IReadOnlyDictionary<string, int> Attachable = new SortedDictionary<string, int>(StringComparer.Ordinal)
    {
        ["nvidia-tesla-p100"] = 16,
        ["nvidia-tesla-p4"] = 8,
        ["nvidia-tesla-t4"] = 16,
        ["nvidia-tesla-v100"] = 16,
    };

    public static bool HasForm(string name) => Form().IsMatch(name);

    public static MachineType? Find(string name)
    {
        if (Shared().Match(name) is { Success: true } shared)
        {
            decimal memory = shared.Groups[1].Value switch { "micro" => 1, "small" => 2, _ => 4 };
            return new MachineType(name, 2, memory);
        }
        if (Custom().Match(name) is { Success: true } custom)
            return new MachineType(name, Int(custom.Groups["cpus"]), Int(custom.Groups["mb"]) / 1024m);
        if (Accelerated().Match(name) is { Success: true } gpu)
            return Built(name, gpu.Groups["series"].Value, Int(gpu.Groups["gpus"]));
        if (Regular().Match(name) is not { Success: true } match || !Series.Contains(match.Groups["series"].Value))
            return null;
        var (series, kind, cpus) = (match.Groups["series"].Value, match.Groups["kind"].Value, Int(match.Groups["cpus"]));
        var ratio = (series, kind) switch
        {
            ("n1", "standard") => 3.75m,
            ("n1", "highmem") => 6.5m,
            ("n1", "highcpu") => 0.9m,
            ("e2" or "n2" or "n2d", "highcpu") => 1,
            _ => GbPerCpu[kind],
        };
        var l4 = series == "g2" ? new Gpu("L4", cpus switch { 24 => 2, 48 => 4, 96 => 8, _ => 1 }, 24) : null;
        return new MachineType(name, cpus, cpus * ratio, l4, Arm.Contains(series));
    }

    private static MachineType? Built(string name, string series, int gpus) => series switch
    {
        "a2-highgpu" or "a2-megagpu" => new MachineType(name, 12 * gpus, 85 * gpus, new Gpu("A100", gpus, 40)),
        "a2-ultragpu" => new MachineType(name, 12 * gpus, 170 * gpus, new Gpu("A100", gpus, 80)),
        "a3-highgpu" or "a3-megagpu" => new MachineType(name, 26 * gpus, 234 * gpus, new Gpu("H100", gpus, 80)),
        _ => null,
    };

    private static int Int(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A[a-z][a-z0-9]*(-[a-z0-9]+)+\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"\Ae2-(micro|small|medium)\z")]
    private static partial Regex Shared();

    [GeneratedRegex(@"\A([a-z0-9]+-)?custom-(?<cpus>[0-9]{1,3})-(?<mb>[0-9]{3,7})(-ext)?\z")]
    private static partial Regex Custom();

    [GeneratedRegex(@"\A(?<series>a[23]-[a-z]+)-(?<gpus>[0-9]{1,2})g\z")]
    private static partial Regex Accelerated();

    [GeneratedRegex(@"\A(?<series>[a-z][0-9][a-z]?)-(?<kind>standard|highmem|highcpu)-(?<cpus>[0-9]{1,3})\z")]
    private static partial Regex Regular();
}
