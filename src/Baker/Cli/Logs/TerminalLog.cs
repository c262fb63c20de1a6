using Baker.Baking;
using Baker.Diagnostics;
using Baker.Launching;

namespace Baker.Cli.Logs;

/// <summary>A live line per machine at the bottom of a terminal; what is said scrolls above.</summary>
internal sealed class TerminalLog(TextWriter writer) : ILaunchLog, IBakeLog
{
    private readonly Lock _lock = new();
    private string[] _live = [];

    public void Say(string subject, string text)
    {
        lock (_lock)
            Draw($"{Printable.Page($"{subject}: {text}")}\n", _live);
    }

    public void Show(IReadOnlyList<MachineProgress> machines, TimeSpan elapsed)
    {
        var width = machines.Max(m => m.Name.Length);
        lock (_lock)
            Draw("", [.. machines.Select(m => $"  {m.Name.PadRight(width)}  {ProgressText.Of(m)}  {ProgressText.Elapsed(elapsed)}")]);
    }

    public void Show(IReadOnlyList<BakeProgress> builds, TimeSpan elapsed)
    {
        var width = builds.Max(b => b.Role.Length);
        lock (_lock)
            Draw("", [.. builds.Select(b => $"  {b.Role.PadRight(width)}  {ProgressText.Of(b)}  {ProgressText.Elapsed(elapsed)}")]);
    }

    // ECMA-48: CSI n A moves up n lines, CSI J clears from there on.
    private void Draw(string above, string[] live)
    {
        var up = _live.Length == 0 ? "" : $"\e[{_live.Length}A\e[J";
        writer.Write(up + above + string.Concat(live.Select(l => Printable.Text(l) + "\n")));
        writer.Flush();
        _live = live;
    }
}
