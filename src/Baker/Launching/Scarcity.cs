using Baker.Clouds.Live;

namespace Baker.Launching;

/// <summary>Which changes give up a machine whose like its zone may have no more of. Pure.</summary>
public static class Scarcity
{
    public static bool GivesUp(Change change, IMachines traits) =>
        change is { Wanted.IsScarce: true, Found.State: MachineState.Running or MachineState.Starting }
        && (change.Kind == ChangeKind.Replace || change.Reshapes
            || (change.Kind == ChangeKind.Update && !traits.TakesUserDataLive)
            || (change.Loose.Contains(Tie.Identity) && !traits.TakesIdentityLive));

    /// <summary>What to know before saying yes.</summary>
    public static IEnumerable<string> Notes(ResolvedPlan plan, ICloud cloud, bool mayLose) =>
        plan.Changes.Where(c => GivesUp(c, cloud.Machines)).Select(c => cloud.Reservations is not null
            ? $"{c.Wanted.Name} {Deed(c)}: room for its {c.Wanted.TypeTitle} is reserved until it runs again, for two hours at most, and "
                + $"is billed as such a machine{(mayLose ? "; where that is refused, it may not come back (--risk-capacity)" : "")}"
            : $"{c.Wanted.Name} {Deed(c)}, and no room is kept for it: it may not come back (--risk-capacity)");

    /// <summary>Where nobody keeps room, a machine is given up only by who says so.</summary>
    public static IEnumerable<string> Problems(ResolvedPlan plan, ICloud cloud, bool mayLose) =>
        mayLose || cloud.Reservations is not null ? []
            : plan.Changes.Where(c => GivesUp(c, cloud.Machines)).Select(c =>
                $"{c.Wanted.Name} {Deed(c)}, and Baker keeps no room for its {c.Wanted.TypeTitle} on this cloud: "
                + "the zone may have none left then. --risk-capacity accepts that, and it is tried again until --timeout");

    /// <summary>Before a machine is stopped for as long as its user wants.</summary>
    public static string Warning(VirtualMachine machine) =>
        $"{machine.Name} gives its {machine.Type} back: {machine.Zone} may have none left when it is to start again. `baker start` then "
        + "tries again until --timeout";

    private static string Deed(Change change) =>
        change.Kind == ChangeKind.Replace ? "is deleted before it is made anew" : "is stopped for a while";
}
