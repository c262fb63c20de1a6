using System.Globalization;
using Baker.Baking;
using Baker.Launching;

namespace Baker.Cli.Logs;

/// <summary>A machine's progress in words.</summary>
internal static class ProgressText
{
    /// <summary>State, step, how far, which try and why.</summary>
    public static string Of(MachineProgress machine)
    {
        if (machine.Line is not { } line)
        {
            return machine.State switch
            {
                "silent" => "runs, nothing on its console yet",
                "unknown" => "runs, but has said nothing for 15 minutes",
                _ => machine.State,
            };
        }
        var text = machine.State switch
        {
            "ready" => "ready",
            "outdated" => $"still applying the last user-data: {line.Step}",
            "unknown" => $"has said nothing for 15 minutes; was at {line.Step}, {line.State}",
            _ => $"{machine.State}: {line.Step}",
        };
        if (line.Done is { } done)
            text += $", {done}";
        if (line.Try > 1)
            text += $", try {line.Try}";
        if (line.Reason is { } reason)
            text += $" ({reason})";
        return line.Note is { } note ? $"{text}; {note}" : text;
    }

    /// <summary>A build's state and step, and what the machine's own scripts are at.</summary>
    public static string Of(BakeProgress build) => build.State switch
    {
        "building" when build.Step.Length > 0 => build.Install is { } install ? $"{build.Step} ({install})" : build.Step,
        "done" => $"done: {build.Image}",
        _ => build.State,
    };

    public static string Elapsed(TimeSpan time) =>
        time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
