using Baker.Clouds.Live;
using Baker.Stack.Roles;

namespace Baker.Launching;

/// <summary>How far one machine is, as far as it can be known from outside.</summary>
/// <param name="Machine">Null: there is none.</param>
/// <param name="Line">The newest line of this start; null: none yet.</param>
/// <param name="State">The line's state, or <c>missing</c>, <c>stopped</c>, <c>starting</c>, <c>outdated</c>, <c>silent</c> or
/// <c>unknown</c>.</param>
public sealed record MachineProgress(string Name, string Role, VirtualMachine? Machine, ConsoleLine? Line, string State)
{
    /// <summary>The runner says something every five minutes; after three times that, nothing is known any more.</summary>
    public static readonly TimeSpan Believed = TimeSpan.FromMinutes(15);

    public bool IsReady => State == "ready";

    public bool IsOff => State is "missing" or "stopped" or "deleting";

    public bool HasFailed => State == "failed";

    /// <summary>Everything is done that needs no licence; with one it goes on by itself.</summary>
    public bool LacksLicence => State == "waiting" && Line?.Reason == "licence";

    /// <summary>It waits for somebody outside the stack, so time does not count against it.</summary>
    public bool WaitsForPerson => State == "waiting";

    /// <summary>True when it works with the user-data it should have, and is done with what others wait for.</summary>
    public bool HasChanged(ChangeOrder order) => IsReady || (Line is { } line && State == line.State && order.Last.Contains(line.Step));

    /// <summary>True when it is up, with whichever user-data, or is being changed after it was.</summary>
    public bool HasBeenUp(ChangeOrder order) =>
        Line is { } line && (line.State == "ready" || line.Step == order.Beginning || order.Last.Contains(line.Step));

    /// <param name="line">The newest line of any boot.</param>
    /// <param name="digest">Of the user-data it should have; null: any.</param>
    public static MachineProgress Of(string name, string role, VirtualMachine? machine, ConsoleLine? line, string? digest,
        DateTimeOffset now)
    {
        // Of an earlier start, also when that ended a moment ago. A VM whose clock is behind loses its first lines by this, until the next
        // ones.
        if (line is not null && machine is not null && line.At < machine.Since)
            line = null;
        var state = machine switch
        {
            null => "missing",
            { State: MachineState.Stopped or MachineState.Stopping } => "stopped",
            { State: MachineState.Dying } => "deleting",
            { State: MachineState.Starting } when line is null => "starting",
            _ when line is null => now - machine.Since > Believed ? "unknown" : "silent",
            _ when now - line.At > Believed => "unknown",
            _ when digest is not null && line.Digest != digest => "outdated",
            _ => line.State,
        };
        return new MachineProgress(name, role, machine, line, state);
    }
}
