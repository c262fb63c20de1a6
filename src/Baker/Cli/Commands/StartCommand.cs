using System.CommandLine;
using Baker.Clouds.Live;
using Baker.Launching;

namespace Baker.Cli.Commands;

/// <summary><c>baker start</c>: starts what <c>baker stop</c> stopped.</summary>
internal static class StartCommand
{
    private sealed record Arguments(string Spec, bool Wait, bool BreakLock, TimeSpan Limit);

    public static Command Define(World world)
    {
        var spec = SpecFile.Argument();
        var noWait = CommonOptions.NoWait();
        var breakLock = CommonOptions.BreakLock();
        var timeout = CommonOptions.Timeout();
        var command = new Command("start", "Start machines that were stopped, and wait until the stack is ready.") { spec, noWait,
            breakLock, timeout };
        command.SetAction((parsed, cancel) => RunAsync(
            world, new Arguments(parsed.GetRequiredValue(spec), !parsed.GetValue(noWait), parsed.GetValue(breakLock),
                TimeSpan.FromMinutes(parsed.GetValue(timeout))), cancel));
        return command;
    }

    private static async Task<int> RunAsync(World world, Arguments arguments, CancellationToken cancel)
    {
        await using var session = StackSession.OpenExisting(world, arguments.Spec);
        if (session is null)
            return ExitCode.SpecWrong;
        await session.SettleAsync(cancel);
        await using (await session.LockAsync(session.Wanted.Owner, arguments.BreakLock, cancel))
        {
            var found = await Survey.OfAsync(session.Cloud, session.Wanted.Owner, cancel);
            if (found.Machines.IsEmpty)
                throw new RefusedException(ExitCode.Refused,
                    $"there are no machines of this stack; `baker launch {arguments.Spec}` makes them");
            try
            {
                await StartAsync(session, found, session.Capacity(arguments.Limit, mayLose: true), cancel);
            }
            catch (CloudException)
            {
                await Standing.SayAsync(session.Cloud, session.Wanted.Owner, session.Plan.Cloud.Facts, session.Log, cancel);
                throw;
            }
        }
        return arguments.Wait ? await session.FollowAsync(arguments.Limit, cancel) : ExitCode.Done;
    }

    private static async Task StartAsync(StackSession session, Survey found, Capacity capacity, CancellationToken cancel)
    {
        capacity.TakeOver(found);
        await Task.WhenAll(found.Machines.Where(m => m.State is MachineState.Stopped or MachineState.Stopping or MachineState.Starting)
            .Select(async machine =>
        {
            await capacity.UntilThereIsRoomAsync(machine, () =>
                session.Cloud.Machines.StartAsync(capacity.WithRoom(machine), cancel), cancel);
            session.Log.Say(machine.Name, "started");
        }));
        await capacity.GiveAllBackAsync(session.Wanted.Owner, cancel);
    }
}
