using Baker.Clouds.Live;

namespace Baker.Launching;

/// <summary>What stands of a stack when a launch did not get through: it may cost money, and nobody has seen it work.</summary>
public static class Standing
{
    /// <param name="isBilled">False on a desk, where a machine costs nothing.</param>
    public static async Task SayAsync(ICloud cloud, StackOwner owner, bool isBilled, ILaunchLog log, CancellationToken cancel)
    {
        try
        {
            var found = await Survey.OfAsync(cloud, owner, cancel);
            var nat = await cloud.Network.FindNatAsync(owner, cancel);
            string[] all =
            [
                .. found.Machines.Where(m => m.State != MachineState.Dying).Select(m => $"machine {m.Name} ({m.Type}"
                    + $"{(m.AttachedGpu is { } gpu ? $" with {gpu.Count} × {gpu.Model}" : "")}"
                    + $"{(m.State is MachineState.Stopped or MachineState.Stopping ? ", stopped" : "")})"),
                .. found.DataDisk is { } disk ? [$"data disk {disk.Name} ({disk.SizeGb} GB)"] : Array.Empty<string>(),
                .. found.Address is { } address ? [$"public address {address.Ip}"] : Array.Empty<string>(),
                .. nat.Select(r => $"{r.Kind} {r.Name}"),
                .. found.Reservations.All.Select(r => $"{r.Listed().Kind} {r.Id} ({r.Listed().Note})"),
            ];
            if (all.Length > 0)
            {
                var until = isBilled ? "It is billed until `baker destroy`" : "`baker destroy` removes it";
                log.Say("stands", $"{string.Join(", ", all)}. {until}; the next launch goes on from there");
            }
        }
        catch (CloudException)
        {
            // What made the launch fail may stand in the way of this too, and says more.
        }
    }
}
