using Baker.Baking;
using Baker.Launching;

namespace Baker.Cli.Logs;

/// <summary>One line per change, for pipes and CI logs.</summary>
internal sealed class PlainLog(TextWriter writer) : ILaunchLog, IBakeLog
{
    private readonly Dictionary<string, string> _shown = [];

    public void Say(string subject, string text)
    {
        lock (_shown)
            writer.WriteLine($"{subject}: {text}");
    }

    public void Show(IReadOnlyList<MachineProgress> machines, TimeSpan elapsed)
    {
        foreach (var machine in machines)
            Show(machine.Name, ProgressText.Of(machine), elapsed);
    }

    public void Show(IReadOnlyList<BakeProgress> builds, TimeSpan elapsed)
    {
        foreach (var build in builds)
            Show(build.Role, ProgressText.Of(build), elapsed);
    }

    private void Show(string subject, string text, TimeSpan elapsed)
    {
        lock (_shown)
        {
            if (_shown.GetValueOrDefault(subject) == text)
                return;
            _shown[subject] = text;
            writer.WriteLine($"{subject}: {text} [{ProgressText.Elapsed(elapsed)}]");
        }
    }
}
