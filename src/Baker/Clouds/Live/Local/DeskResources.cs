using System.Globalization;

namespace Baker.Clouds.Live.Local;

/// <summary>What this machine has left.</summary>
internal static class DeskResources
{
    /// <param name="wantedGb">Gibibytes.</param>
    /// <param name="largest">The group whose machine takes the most of it.</param>
    public static string? MemoryProblem(decimal wantedGb, string largest)
    {
        var free = AvailableGb(File.ReadLines("/proc/meminfo"));
        return wantedGb <= free ? null
            : $"the machines take {wantedGb:0.#} GB of memory, and {free:0.#} GB are free: end other programs, or write smaller machines, "
                + $"such as `{largest}.machine: 2cpu-4gb`";
    }

    /// <summary>What programs can still get without swapping, gibibytes.</summary>
    public static decimal AvailableGb(IEnumerable<string> memInfo)
    {
        var line = memInfo.First(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return decimal.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / (1 << 20);
    }

    /// <summary>On the file system where a folder is or would be, gibibytes.</summary>
    public static long FreeDiskGb(string folder)
    {
        while (!Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder)!;
        return new DriveInfo(folder).AvailableFreeSpace >> 30;
    }
}
