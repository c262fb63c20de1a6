using System.CommandLine;
using Baker.Launching;

namespace Baker.Cli.Commands;

/// <summary><c>baker destroy</c>: removes what <c>baker launch</c> made.</summary>
internal static class DestroyCommand
{
    private sealed record Arguments(string Spec, bool Yes, bool DeleteData, bool ReleaseAddress, bool BreakLock);

    public static Command Define(World world)
    {
        var spec = SpecFile.Argument();
        var yes = CommonOptions.Yes();
        var deleteData = new Option<bool>("--delete-data")
        {
            Description = "delete GitLab's data disk, the snapshots kept of it and the "
            + "stack's secrets too"
        };
        var release = new Option<bool>("--release-address")
        {
            Description = "give the public address back though the name still "
            + "points to it, and remove the DNS record that launch made"
        };
        var breakLock = CommonOptions.BreakLock();
        var command = new Command("destroy", "Remove everything that launch made.") { spec, yes, deleteData, release, breakLock };
        command.SetAction((parsed, cancel) => RunAsync(
            world, new Arguments(parsed.GetRequiredValue(spec), parsed.GetValue(yes), parsed.GetValue(deleteData),
                parsed.GetValue(release), parsed.GetValue(breakLock)), cancel));
        return command;
    }

    private static async Task<int> RunAsync(World world, Arguments arguments, CancellationToken cancel)
    {
        await using var session = StackSession.OpenExisting(world, arguments.Spec);
        if (session is null)
            return ExitCode.SpecWrong;
        var host = session.Wanted.Owner.Host;
        var account = await session.Cloud.Account.SignInAsync(cancel);
        var found = await session.Teardown.FindAsync(cancel);
        if (found.IsEmpty)
        {
            world.Error.WriteLine($"nothing of stack {session.Plan.Name} is there: {account.Title}");
            await SayWhatStaysAsync(session, cancel);
            return ExitCode.Done;
        }
        world.Error.WriteLine($"stack {session.Plan.Name} ({session.Plan.Id}) on {account.Title}:");
        foreach (var resource in found)
            world.Error.WriteLine($"  - {resource.Kind} {resource.Name} {resource.Id}{(resource.Note is { } note ? $" ({note})" : "")}");
        if (!arguments.Yes && !session.Ask($"To remove all of it{(arguments.DeleteData ? ", data included" : "")}, write {host}: ", host))
            throw new OperationCanceledException();
        await using (await session.LockAsync(session.Wanted.Owner, arguments.BreakLock, cancel))
        {
            var address = await session.Cloud.Addresses.FindAsync(session.Wanted.Owner, cancel);
            var inUse = address is not null && !arguments.ReleaseAddress && (await world.Lookup(host, cancel))
                .Any(a => a.ToString() == address.Ip);
            var left = await session.Teardown.RemoveAsync(new TeardownChoice(arguments.DeleteData, inUse)
            {
                ReleaseAddress = arguments.ReleaseAddress,
            }, cancel);
            foreach (var resource in left)
                world.Error.WriteLine($"left: {resource.Kind} {resource.Name} {resource.Id}: {resource.Note}");
            await SayWhatStaysAsync(session, cancel);
            return left.Any(r => r.IsStuck) ? ExitCode.Refused : ExitCode.Done;
        }
    }

    private static async Task SayWhatStaysAsync(StackSession session, CancellationToken cancel)
    {
        foreach (var line in await Remains.OfDestroyedAsync(session.Cloud, session.Wanted, session.Plan.Secrets, cancel))
            session.Log.Say(session.Plan.Name, line);
    }
}
