using System.Globalization;
using System.Text.RegularExpressions;

namespace Baker.Clouds.Facts.Google;

/// <summary>
/// Compute Engine's machine types, computed from how they are named: series, ratio of memory to CPUs, number of CPUs.
/// Source: the vendor's machine family pages, as of November 2026.
/// </summary>
internal static partial class GoogleMachines
{
    private static readonly HashSet<string> Arm = ["t2a", "c4a", "n4a", "a4x"];

    private static readonly HashSet<string> Series =
        ["e2", "n1", "n2", "n2d", "n4", "n4d", "c2", "c2d", "c3", "c3d", "c4", "c4d", "t2d", "g2", "g4", "h3", "t2a", "c4a", "n4a"];

    /// <summary>
    /// Between these a machine that is stopped may go from one to another, by Compute Engine's manual, "Edit the machine type of a compute
    /// instance": those of the first and the second generation, but not T2A and A2.
    /// </summary>
    private static readonly HashSet<string> Exchangeable = ["e2", "n1", "n2", "n2d", "c2", "c2d", "t2d", "f1", "g1", "custom"];

    /// <summary>
    /// True when a machine that is stopped may get the other type: of its own series, or of an early one. A type with Local SSD never.
    /// </summary>
    public static bool IsWithinReach(string from, string to)
    {
        var (one, other) = (from.Split('-')[0], to.Split('-')[0]);
        return !from.EndsWith("-lssd", StringComparison.Ordinal) && !to.EndsWith("-lssd", StringComparison.Ordinal)
            && (one == other ? one is not ['a', ..] : Exchangeable.Contains(one) && Exchangeable.Contains(other));
    }

    public static bool HasForm(string name) => Form().IsMatch(name);

    /// <summary>True for types that only run Arm programs, also where nothing else is known of them.</summary>
    public static bool IsArm(string name) => Arm.Contains(name[..Math.Max(0, name.IndexOf('-', StringComparison.Ordinal))]);

    /// <summary>
    /// True for types that share a core: E2's three smallest, also with memory of one's own, and those of the first series.
    /// </summary>
    public static bool IsBurstable(string name) =>
        name is "f1-micro" or "g1-small" || Shared()
        .IsMatch(name) || (Custom().Match(name) is { Success: true } custom && !custom.Groups["cpus"].Success);

    public static MachineType? Find(string name)
    {
        if (Shared().Match(name) is { Success: true } shared)
            return new MachineType(name, 2, shared.Groups["size"].Value switch { "micro" => 1, "small" => 2, _ => 4 });
        if (Custom().Match(name) is { Success: true } custom)
        {
            var (cores, series) = (custom.Groups["cpus"] is { Success: true } group ? Int(group) : 2, custom.Groups["series"].Value);
            return new MachineType(name, cores, Int(custom.Groups["mb"]) / 1024m, GoogleGpus.BuiltIn(series, cores), IsArm(name));
        }
        if (Accelerated().Match(name) is { Success: true } gpu)
            return GoogleGpus.Accelerated(name, gpu.Groups["series"].Value, Int(gpu.Groups["gpus"]));
        if (Regular().Match(name) is not { Success: true } match || !Series.Contains(match.Groups["series"].Value))
            return null;
        var (own, kind, cpus) = (match.Groups["series"].Value, match.Groups["kind"].Value, Int(match.Groups["cpus"]));
        var built = GoogleGpus.BuiltIn(own, cpus);
        // A part of a GPU, as the smallest g4 types have it, is nothing that can be judged here.
        return own == "g4" && built is null ? null
            : new MachineType(name, cpus, Math.Round(cpus * GbPerCpu(own, kind), 1), built, IsArm(name));
    }

    private static decimal GbPerCpu(string series, string kind) => (series, kind) switch
    {
        ("n1", "standard") => 3.75m,
        ("n1", "highmem") => 6.5m,
        ("n1", "highcpu") => 0.9m,
        ("e2" or "n2" or "n2d", "highcpu") => 1,
        ("c4" or "g4", "standard") => 3.75m,
        ("c4d", "standard") => 3.875m,
        ("c4" or "c4d", "highmem") => 7.75m,
        ("c4d", "highcpu") => 1.875m,
        (_, "standard") => 4,
        (_, "highmem") => 8,
        _ => 2,
    };

    private static int Int(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A[a-z][a-z0-9]*(-[a-z0-9]+)+\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"\Ae2-(?<size>micro|small|medium)\z")]
    private static partial Regex Shared();

    [GeneratedRegex(@"\A((?<series>[a-z0-9]+)-)?custom-((?<cpus>[0-9]{1,3})|micro|small|medium)-(?<mb>[0-9]{3,7})(-ext)?\z")]
    private static partial Regex Custom();

    [GeneratedRegex(@"\A(?<series>a[0-9]+x?-[a-z]+)-(?<gpus>[0-9]{1,2})g\z")]
    private static partial Regex Accelerated();

    [GeneratedRegex(@"\A(?<series>[a-z][0-9][a-z]?)-(?<kind>standard|highmem|highcpu)-(?<cpus>[0-9]{1,3})(-lssd|-metal)?\z")]
    private static partial Regex Regular();
}
