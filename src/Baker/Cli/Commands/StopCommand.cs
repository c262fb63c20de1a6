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
        var command = new Command("stop", "Shut the machines down. Disks and addresses stay.") { spec, breakLock };
        command.SetAction((parsed, cancel) => RunAsync(world, parsed.GetRequiredValue(spec), parsed.GetValue(breakLock), cancel));
        return command;
    }

    private static async Task<int> RunAsync(World world, string path, bool breakLock, CancellationToken cancel)
    {
        await using var session = StackSession.OpenExisting(world, path);
        if (session is null)
            return ExitCode.SpecWrong;
        await session.Cloud.Account.SignInAsync(cancel);
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
        world.Error.WriteLine($"next: baker start {path}");
        return ExitCode.Done;
    }
}
