using System.CommandLine;
using System.Text.Json;
using Baker.Cli.Logs;
using Baker.Clouds.Live;
using Baker.Launching;

namespace Baker.Cli.Commands;

/// <summary><c>baker status</c>: how far the machines are, from any machine, with no way into them.</summary>
internal static class StatusCommand
{
    public static Command Define(World world)
    {
        var spec = SpecFile.Argument();
        var json = new Option<bool>("--json") { Description = "print the state as JSON" };
        var command = new Command("status", "Say how far the machines of the stack are. Exit code 0 when all are ready, 3 "
            + "when not.") { spec, json };
        command.SetAction((parsed, cancel) => RunAsync(world, parsed.GetRequiredValue(spec), parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(World world, string path, bool json, CancellationToken cancel)
    {
        await using var session = StackSession.OpenExisting(world, path);
        if (session is null)
            return ExitCode.SpecWrong;
        await session.SettleAsync(cancel);
        var machines = await session.Follower.AskAsync(cancel);
        var ready = machines.All(m => m.IsReady);
        // Nobody needs a right to look for what is there for minutes.
        var reservations = session.Cloud.Reservations is { } store ? (await store.FindAsync(session.Wanted.Owner, cancel)).All : [];
        var name = await NameAsync(session, cancel);
        if (json)
        {
            var status = new StatusJson(session.Plan.Name, session.Plan.Id, session.Plan.Stack.GitLabUrl, ready,
                [.. machines.Select(MachineJson.Of)], reservations.IsEmpty ? null : [.. reservations],
                name is null ? null : RecordJson.Of(name));
            world.Out.WriteLine(JsonSerializer.Serialize(status, LogJson.Default.StatusJson));
        }
        else
        {
            var width = machines.Max(m => m.Name.Length);
            foreach (var machine in machines)
                world.Out.WriteLine($"{machine.Name.PadRight(width)}  "
                    + $"{ProgressText.Of(machine)}{(machine.Machine?.PublicIp is { } ip ? $"  {ip}" : "")}");
            if (name is not null)
                world.Out.WriteLine($"DNS record {name.Host}: {name.Seen}, in {name.Title}"
                    + $"{(name.Standing == RecordStanding.Ours ? "" : "; no launch made it")}");
            if (session.Plan.Entry is { } entry)
            {
                foreach (var machine in machines.Select(m => m.Machine).OfType<VirtualMachine>())
                    world.Out.WriteLine($"into {machine.Name} by {entry.Title}: "
                        + session.Plan.Cloud.Facts.EntryCommand(session.Plan.Cloud, machine.Name, machine.Id, machine.Zone));
            }
            foreach (var left in reservations)
                world.Out.WriteLine($"{left.Listed().Kind} {left.Id} for {left.Machine}: {left.Listed().Note}; `baker launch` gives it "
                    + "back");
        }
        return ready ? ExitCode.Done : ExitCode.Refused;
    }

    /// <summary>Machines are what is asked about: who may not look at DNS is told of them all the same.</summary>
    private static async Task<NameRecord?> NameAsync(StackSession session, CancellationToken cancel)
    {
        try
        {
            return (await session.Wanted.NameAsync(session.Cloud, cancel)).Record;
        }
        catch (CloudException)
        {
            return null;
        }
    }
}
