using System.Globalization;
using System.Text;

namespace Baker.Clouds.Live.Local.Qemu;

/// <summary>The processes of this machine, as the kernel shows them.</summary>
internal static class ProcessTable
{
    /// <summary>Changes when this machine starts anew.</summary>
    public static string BootId => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>A live process, or null. One that has ended and only waits to be collected does not live.</summary>
    public static RunningProcess? Find(int pid)
    {
        try
        {
            // The name, in brackets, may hold anything; what follows is counted from its end: state is field 3, the start time field 22.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            if (fields[0] is "Z" or "X")
                return null;
            var command = Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline")).TrimEnd('\0').Split('\0');
            return new RunningProcess(pid, long.Parse(fields[19], CultureInfo.InvariantCulture), command);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>Every process with exactly this command line.</summary>
    public static IEnumerable<RunningProcess> With(IReadOnlyList<string> command) => Directory.EnumerateDirectories("/proc")
        .Select(p => int.TryParse(Path.GetFileName(p), out var pid) ? Find(pid) : null)
        .OfType<RunningProcess>().Where(p => p.Command.SequenceEqual(command));
}

/// <param name="StartTicks">Clock ticks from the boot of this machine.</param>
internal sealed record RunningProcess(int Pid, long StartTicks, IReadOnlyList<string> Command);
