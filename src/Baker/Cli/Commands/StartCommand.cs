using System.CommandLine;
using Baker.Clouds;
using Baker.Launching;

namespace Baker.Cli.Commands;

/// <summary><c>baker start</c>: starts what <c>baker stop</c> stopped.</summary>
internal static class StartCommand
{
    public static Command Define(World world)
    {
        var spec = SpecFile.Argument();
        var noWait = CommonOptions.NoWait();
        var timeout = CommonOptions.Timeout();
        var command = new Command("start", "Start machines that were stopped, and wait until the stack is ready.") { spec, noWait, timeout };
        command.SetAction((parsed, cancel) => RunAsync(world, parsed.GetRequiredValue(spec), !parsed.GetValue(noWait), TimeSpan.FromMinutes(parsed.GetValue(timeout)), cancel));
        return command;
    }

    private static async Task<int> RunAsync(World world, string path, bool wait, TimeSpan limit, CancellationToken cancel)
    {
        await using var session = StackSession.Open(world, path, json: false);
        if (session is null)
            return ExitCode.SpecWrong;
        await session.Cloud.Account.SignInAsync(cancel);
        var found = await Survey.OfAsync(session.Cloud, session.Wanted.Owner, cancel);
        if (found.Machines.IsEmpty)
            throw new RefusedException(ExitCode.Refused, $"there are no machines of this stack; `baker launch {path}` makes them");
        await Task.WhenAll(found.Machines.Where(m => m.State is MachineState.Stopped or MachineState.Stopping).Select(async machine =>
        {
            await session.Cloud.Machines.StartAsync(machine, cancel);
            session.Log.Say(machine.Name, "started");
        }));
        return wait ? await session.FollowAsync(limit, cancel) : ExitCode.Done;
    }
}
