using System.Collections.Immutable;
using System.CommandLine;
using Baker.Cli.Logs;
using Baker.Clouds.Live;
using Baker.Launching;

namespace Baker.Cli.Commands;

/// <summary><c>baker launch</c>: makes the stack what the spec says and waits until it is ready.</summary>
internal static class LaunchCommand
{
    private sealed record Arguments(string Spec, bool Yes, bool Wait, bool Json, bool BreakLock, TimeSpan Limit,
        bool DryRun, string? Expect, LaunchChoice Choice);

    public static Command Define(World world)
    {
        var spec = SpecFile.Argument();
        var yes = CommonOptions.Yes();
        var noWait = CommonOptions.NoWait();
        var json = CommonOptions.JsonEvents();
        var breakLock = CommonOptions.BreakLock();
        var timeout = CommonOptions.Timeout();
        var dryRun = new Option<bool>("--dry-run") { Description = "only show what it would do, as `baker diff` does" };
        var expect = new Option<string?>("--expect")
        {
            Description = "go on, without a question, only if all that it would do is what this file of `baker diff --json` says",
            HelpName = "file",
        };
        var command = new Command("launch", "Make the stack, or change it to what the spec says, and wait until it is ready.") { spec, yes,
            noWait, json, dryRun, expect, breakLock, timeout };
        var options = new LaunchOptions(command);
        command.SetAction((parsed, cancel) => RunAsync(world, new Arguments(
            parsed.GetRequiredValue(spec), parsed.GetValue(yes), !parsed.GetValue(noWait), parsed.GetValue(json),
            parsed.GetValue(breakLock), TimeSpan.FromMinutes(parsed.GetValue(timeout)), parsed.GetValue(dryRun), parsed.GetValue(expect),
            options.Read(parsed)), cancel));
        return command;
    }

    private static async Task<int> RunAsync(World world, Arguments arguments, CancellationToken cancel)
    {
        // Before anything is asked: a file that is not there is no reason to sign in.
        var expected = arguments.Expect is { } file ? DiffJson.Read(world.FullPath(file), file) : null;
        await using var session = StackSession.Open(world, arguments.Spec, arguments.Json && !arguments.DryRun);
        if (session is null)
            return ExitCode.SpecWrong;
        var owner = session.Wanted.Owner;
        if (!arguments.Yes && !arguments.DryRun && expected is null)
            await session.AskForSecretsAsync(cancel);
        var draft = await LaunchDraft.OfAsync(session, arguments.Choice, arguments.Wait, cancel);
        if (arguments.DryRun)
            return DiffCommand.Print(world, session, draft, arguments.Json);
        var plan = draft.Plan;
        draft.Print(world.Error, session);
        if (draft.Problems.Length > 0)
            throw new RefusedException(ExitCode.Refused, string.Join("\n  ", draft.Problems.Prepend("this launch cannot succeed:")));
        if (expected is not null)
            RequireSame(DiffJson.Of(session.Plan, draft), expected, arguments.Expect!);
        else if (!plan.ChangesNothing && !arguments.Yes && !session.Ask($"Launch on {plan.Account.Title}? [y/N] ", "y"))
            throw new OperationCanceledException();
        var launcher = new Launcher(session.Cloud, session.Secrets, session.Log,
            session.Capacity(arguments.Limit, arguments.Choice.RiskCapacity))
        {
            Records = session.Records,
        };
        PublicAddress? address;
        try
        {
            await using (await session.LockAsync(owner, arguments.BreakLock, cancel))
                address = await launcher.ApplyAsync(plan, cancel);
        }
        catch (CloudException e) when (e.Failure != CloudFailure.Locked)
        {
            await Standing.SayAsync(session.Cloud, owner, session.Plan.Cloud.Facts, session.Log, cancel);
            throw;
        }
        var code = plan.Held.IsEmpty ? ExitCode.Done : await ChangeHeldAsync(session, launcher, plan, arguments.Limit, cancel);
        if (!arguments.Wait)
            session.Log.Say(session.Plan.Name, $"the machines run and set themselves up; `baker status {arguments.Spec}` says how far "
                + "they are");
        else if (code == ExitCode.Done)
            code = await session.FollowAsync(arguments.Limit, cancel);
        if (code == ExitCode.Done)
            LaunchProposal.PrintClosing(world.Error, session.Plan, owner, session.Cloud.Secrets, address);
        return code;
    }

    private static async Task<int> ChangeHeldAsync(
        StackSession session, Launcher launcher, ResolvedPlan plan, TimeSpan limit, CancellationToken cancel)
    {
        var code = await session.FollowAsync(plan.Held, limit, cancel);
        if (code == ExitCode.Done)
        {
            await using (await session.LockAsync(session.Wanted.Owner, breaks: false, cancel))
                await launcher.ApplyHeldAsync(plan, cancel);
        }
        return code;
    }

    private static void RequireSame(DiffJson now, DiffJson expected, string file)
    {
        if (now.Beside(expected) is { IsEmpty: false } others)
            throw new RefusedException(ExitCode.Refused, string.Join("\n  ", others.Prepend(
                $"what this launch would do (+) is not what {file} says (-), so nothing was changed; "
                + "`baker diff --json` writes what it is now")));
    }
}
