using System.CommandLine;
using Baker.Clouds.Live;
using Baker.Launching;

namespace Baker.Cli.Commands;

/// <summary><c>baker stop</c>: shuts the machines down; disks and addresses stay, and cost.</summary>
internal static class StopCommand
{
    public static Command Define(World world)
    {
        var spec = SpecFile.Argument();
        var breakLock = CommonOptions.BreakLock();
        var yes = CommonOptions.Yes();
        var command = new Command("stop", "Shut the machines down. Disks and addresses stay.") { spec, yes, breakLock };
        command.SetAction((parsed, cancel) => RunAsync(
            world, parsed.GetRequiredValue(spec), parsed.GetValue(yes), parsed.GetValue(breakLock), cancel));
        return command;
    }

    private static async Task<int> RunAsync(World world, string path, bool yes, bool breakLock, CancellationToken cancel)
    {
        await using var session = StackSession.OpenExisting(world, path);
        if (session is null)
            return ExitCode.SpecWrong;
        await session.Cloud.Account.SignInAsync(cancel);
        var scarce = (await session.Cloud.Machines.FindAsync(session.Wanted.Owner, cancel)).Where(m => IsScarce(session, m)).ToArray();
        foreach (var machine in scarce)
            session.Log.Say(machine.Name, Scarcity.Warning(machine));
        // What is stopped by a schedule is stopped: somebody decided it before.
        if (scarce.Length > 0 && !yes && world.CanAsk && !session.Ask("Stop all the same? [y/N] ", "y"))
            throw new OperationCanceledException();
        await using (await session.LockAsync(session.Wanted.Owner, breakLock, cancel))
        {
            var found = await Survey.OfAsync(session.Cloud, session.Wanted.Owner, cancel);
            await Task.WhenAll(found.Machines.Where(m => m.State is MachineState.Running or MachineState.Starting or MachineState.Stopping)
                .Select(async machine =>
            {
                await session.Cloud.Machines.StopAsync(machine, cancel);
                session.Log.Say(machine.Name, "stopped");
            }));
        }
        if (!session.Plan.Cloud.Facts.IsDesk)
            session.Log.Say(session.Plan.Name, await Remains.OfStoppedAsync(session.Cloud, session.Plan, session.Wanted.Owner, cancel));
        world.Error.WriteLine($"next: baker start {path}");
        return ExitCode.Done;
    }

    private static bool IsScarce(StackSession session, VirtualMachine machine) =>
        machine.State is MachineState.Running or MachineState.Starting
        && session.Wanted.Machines.Any(w => w.Name == machine.Name && w.IsScarce);
}
