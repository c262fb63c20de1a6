using System.Globalization;
using System.Text.RegularExpressions;
using Baker.Language.Shapes;

namespace Baker.Clouds.Facts.Aws;

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

    // The families whose hypervisor is Xen: GetConsoleOutput has no Latest there.
    private static readonly HashSet<string> Xen =
        ["t1", "t2", "m1", "m2", "m3", "m4", "c1", "c3", "c4", "r3", "r4", "i2", "i3", "d2", "g2", "g3", "g3s", "x1", "x1e", "p2", "p3",
            "h1", "f1"];

    private static readonly string[] Sizes = [
        "nano", "micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge",
        "metal"];

    /// <summary>True when there may be such a type: <c>c6.xlarge</c> is none, since the sixth generation names its processor.</summary>
    public static bool HasForm(string name) => Form().IsMatch(name) && !Bare().IsMatch(name);

    /// <summary>True for types that only run Arm (or macOS on Arm) programs, also where nothing else is known of them.</summary>
    public static bool IsArm(string name) => Arm().IsMatch(name);

    /// <summary>True for the families that live on CPU credits: all that begin with <c>t</c> and a number.</summary>
    public static bool IsBurstable(string name) => name is ['t', >= '1' and <= '9', ..];

    /// <summary>
    /// True for types with instance store: a <c>d</c> after the generation says so, and whole families have it without saying so.
    /// </summary>
    public static bool HasInstanceStore(string name) => InstanceStore().IsMatch(name);

    public static MachineType? Find(string name)
    {
        var match = Form().Match(name);
        if (!match.Success)
            return null;
        var (family, size) = (match.Groups["family"].Value, match.Groups["size"].Value);
        var (live, arm) = (!Xen.Contains(family), IsArm(name));
        if (family is "t2" or "t3" or "t3a" or "t4g")
        {
            if (!Burstable.TryGetValue(size, out var burst))
                return null;
            var cpus = family == "t2" && size is "nano" or "micro" or "small" ? 1 : burst.Cpus;
            return new MachineType(name, cpus, burst.Memory, IsArm: arm, LiveConsole: live);
        }
        if (Cpus(size) is not { } count)
            return null;
        if (AwsGpus.Find(family, size, count) is var (gpu, memory))
            return new MachineType(name, count, memory, gpu, LiveConsole: live);
        return GbPerCpu(family) is { } ratio ? new MachineType(name, count, count * ratio, IsArm: arm, LiveConsole: live) : null;
    }

    /// <summary>What somebody who wrote an impossible name may have meant: <c>c6xlarge</c> is <c>c6i.xlarge</c>.</summary>
    public static string? Meant(string name)
    {
        var match = Parts().Match(name.ToLowerInvariant());
        if (!match.Success)
            return null;
        var family = match.Groups["family"].Value;
        if (Nearest.Of(match.Groups["size"].Value, Sizes.Append(match.Groups["known"].Value)) is not { Length: > 0 } size)
            return null;
        // From the sixth generation on, the plain Intel family of c, m and r carries an `i`.
        return $"{(Bare().IsMatch($"{family}.{size}") ? family + "i" : family)}.{size}";
    }

    /// <summary>Gibibytes per CPU; null where a family has no one ratio, or none that is known.</summary>
    private static decimal? GbPerCpu(string family) => family switch
    {
        "c1" or "cr1" or "m1" or "m2" => null,
        "c3" or "c4" => 1.875m,
        "c5n" => 2.625m,
        "m3" => 3.75m,
        "r3" or "r4" or "i3" => 7.625m,
        "i3en" or "i4i" or "i7i" or "i7ie" or "z1d" => 8,
        "x2idn" => 16,
        "x2iedn" or "x2iezn" => 32,
        "inf1" => 2,
        "inf2" or "trn1" => 4,
        ['c', ..] => 2,
        ['m', ..] => 4,
        ['r', ..] => 8,
        _ => null,
    };

    private static int? Cpus(string size) => size switch
    {
        "medium" => 1,
        "large" => 2,
        "xlarge" => 4,
        _ when size.EndsWith("xlarge", StringComparison.Ordinal) => 4 * int.Parse(size[..^6], CultureInfo.InvariantCulture),
        _ when size.StartsWith("metal-", StringComparison.Ordinal) => 4 * int.Parse(size[6..^2], CultureInfo.InvariantCulture),
        _ => null,
    };

    // Among them u-6tb1.metal, u7i-12tb.224xlarge, c7i-flex.large, mac2-m2pro.metal, p6-b200.48xlarge, m7i.metal-24xl.
    [GeneratedRegex(@"\A(?<family>u-[0-9]{1,2}tb[0-9]|[a-z]{1,3}[0-9]{1,2}[a-z]{0,4}(-[a-z0-9]{1,8})?)\.(?<size>nano|micro|small|medium|large|xlarge|[1-9][0-9]{0,2}xlarge|metal(-[0-9]{1,3}xl)?)\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"\A[cmr]([6-9]|[1-9][0-9])\.")]
    private static partial Regex Bare();

    [GeneratedRegex(@"\A(?<family>[a-z]{1,3}[0-9]{1,2}([a-z]{1,3}(?=[ ._-])|[a-z]{0,3}?))[ ._-]?(?<size>(?<known>[0-9]{1,2}xlarge)|[0-9]{0,2}[a-z]{4,7})\z")]
    private static partial Regex Parts();

    [GeneratedRegex(@"\A(a1|[a-z]+[0-9]+g[a-z]*|mac2|p6e)[.-]")]
    private static partial Regex Arm();

    [GeneratedRegex(@"\A([a-z]+[0-9]+[a-z]*d[a-z]*|i[0-9][a-z]*|d[23][a-z]*|im4gn|is4gen|h1|f[12]|x1e?|c[13]|m[123]|r3|g2|g5|g6e?|gr6|g7e|p5e?n?|p6|trn[12]|dl1)[.-]")]
    private static partial Regex InstanceStore();
}
