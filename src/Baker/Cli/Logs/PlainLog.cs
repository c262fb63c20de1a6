using Baker.Launching;

namespace Baker.Cli.Logs;

/// <summary>One line per change, for pipes and CI logs.</summary>
internal sealed class PlainLog(TextWriter writer) : ILaunchLog
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
        {
            var text = ProgressText.Of(machine);
            if (_shown.GetValueOrDefault(machine.Name) == text)
                continue;
            _shown[machine.Name] = text;
            Say(machine.Name, $"{text} [{ProgressText.Elapsed(elapsed)}]");
        }
    }
}
