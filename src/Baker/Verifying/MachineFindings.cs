using Baker.Diagnostics;
using Baker.Launching;
using Baker.Stack.Roles;

namespace Baker.Verifying;

/// <summary>What the VMs say of themselves on their consoles: one row each.</summary>
public static class MachineFindings
{
    /// <summary>Reasons that are another VM's trouble.</summary>
    private static readonly Dictionary<string, string> Culprits = new() { ["gitlab"] = "gitlab", ["gateway"] = "gateway" };

    /// <param name="all">The other VMs too.</param>
    public static Finding Of(MachineProgress machine, IReadOnlyCollection<MachineProgress> all)
    {
        var check = Check(machine.Role);
        if (machine.IsReady)
            return Finding.Good(check, machine.Line?.Note is { } note ? Printable.Line($"ready; {note}") : "ready");
        (string? cause, string? next) = machine.State switch
        {
            "missing" => ("it was never made, or was deleted", "baker launch"),
            "stopped" => ("somebody stopped it", "baker start"),
            "deleting" => ("somebody deletes it", "baker launch, when it is gone"),
            "starting" or "silent" => ("it is young", "wait: baker status shows how far it is"),
            "outdated" => ("the VM has not taken the user-data that the spec renders to",
                "baker launch; if it has run since, wait a few minutes"),
            "unknown" => ("it hangs, or cannot write to its console", "restart the VM; on it: journalctl -u baker -n 50"),
            _ when DuoFindings.Stopped(machine) is { } row => (null, $"the row `{row}`"),
            _ when Culprit(machine, all) is { } role => ($"it waits for the {role} VM", $"the row of the {role} VM"),
            _ => ((string?)null, (string?)null),
        };
        if (next is null)
            (cause, next) = Said(machine.Line!);
        return Finding.Bad(check, Found(machine), cause, next);
    }

    public static string Check(string role) => $"{role} VM";

    public static (string Cause, string Next) Said(ConsoleLine line) =>
        ReasonAdvice.Of(line.Reason) ?? (line.Reason is null ? ("it is still at work", "wait: baker status shows how far it is")
            : ("this version of Baker does not know the reason", "on the VM: journalctl -u baker -n 50"));

    private static string? Culprit(MachineProgress machine, IReadOnlyCollection<MachineProgress> all) =>
        machine.Line?.Reason is { } reason && Suspect(reason) is { } role && role != machine.Role
            && all.Any(m => m.Role == role && !m.IsReady) ? role : null;

    private static string? Suspect(string reason) =>
        reason == "model-server" ? RoleCatalog.ModelServers.First().Name : Culprits.GetValueOrDefault(reason);

    private static string Found(MachineProgress machine)
    {
        if (machine.Line is not { } line || machine.State is "missing" or "stopped" or "deleting")
            return machine.State;
        var at = $"{line.Step}{(line.Reason is { } reason ? $": {reason}" : "")}{(line.Done is { } done ? $", {done}" : "")}";
        return machine.State switch
        {
            "unknown" => $"nothing for 15 minutes; was at {at}",
            "outdated" => $"has other user-data; {line.State} at {at}",
            _ => Printable.Line($"{line.State} at {at}"),
        };
    }
}
