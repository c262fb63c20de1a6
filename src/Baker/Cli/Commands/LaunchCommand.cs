using System.Collections.Immutable;
using System.CommandLine;
using Baker.Clouds.Live;
using Baker.Launching;
using Baker.Stack.Roles;

namespace Baker.Cli.Commands;

/// <summary><c>baker launch</c>: makes the stack what the spec says and waits until it is ready.</summary>
internal static class LaunchCommand
{
    private sealed record Arguments(string Spec, bool Yes, bool Wait, bool Json, bool BreakLock, TimeSpan Limit,
        ImmutableHashSet<string> Replace, bool Upgrade, bool Downgrade, bool RiskCapacity);

    public static Command Define(World world)
    {
        var spec = SpecFile.Argument();
        var yes = CommonOptions.Yes();
        var noWait = CommonOptions.NoWait();
        var json = CommonOptions.JsonEvents();
        var breakLock = CommonOptions.BreakLock();
        var timeout = CommonOptions.Timeout();
        var replace = new Option<string[]>("--replace") { Description = "make this role's machine anew; its data disk stays" };
        replace.AcceptOnlyFromAmong([.. RoleCatalog.All.Select(r => r.Name)]);
        var upgrade = new Option<bool>("--upgrade")
        {
            Description = "take the newest versions that Baker knows where the spec names "
            + "none in full"
        };
        var downgrade = new Option<bool>("--downgrade")
        {
            Description = "let GitLab go back to the spec's version; its data come back "
            + "from a backup, by hand"
        };
        var risk = new Option<bool>("--risk-capacity")
        {
            Description = "stop or replace a machine with a GPU also where no room "
            + "can be kept for it"
        };
        var command = new Command("launch", "Make the stack, or change it to what the spec says, and wait until it is ready.") { spec, yes,
            noWait, json, replace, upgrade, downgrade, risk, breakLock, timeout };
        command.SetAction((parsed, cancel) => RunAsync(world, new Arguments(
            parsed.GetRequiredValue(spec), parsed.GetValue(yes), !parsed.GetValue(noWait), parsed.GetValue(json),
            parsed.GetValue(breakLock),
            TimeSpan.FromMinutes(parsed.GetValue(timeout)), [.. parsed.GetValue(replace) ?? []], parsed.GetValue(upgrade),
                parsed.GetValue(downgrade), parsed.GetValue(risk)), cancel));
        return command;
    }

    private static async Task<int> RunAsync(World world, Arguments arguments, CancellationToken cancel)
    {
        await using var session = StackSession.Open(world, arguments.Spec, arguments.Json);
        if (session is null)
            return ExitCode.SpecWrong;
        var owner = session.Wanted.Owner;
        var (account, moves) = await session.SettleAsync(arguments.Upgrade, arguments.Downgrade, cancel);
        var plan = await new Resolver(session.Cloud).ResolveAsync(account, session.Wanted, arguments.Replace, cancel);
        if (arguments.Wait && plan.Changes.Any(c => c.Kind == ChangeKind.Update))
            plan = plan.InOrder(session.Plan, await session.Follower.AskAsync(cancel));
        var problems = session.Secrets.Problems().Concat(moves.Problems).Concat(VersionProblems.Of(session.Plan, plan, arguments.Upgrade))
            .Concat(plan.Preflight.Problems).Concat(ImageProblems.Of(session.Plan, plan))
            .Concat(Scarcity.Problems(plan, session.Cloud, arguments.RiskCapacity)).ToArray();
        LaunchProposal.Print(world.Error, session.Plan, plan,
            moves.Notes.Concat(Scarcity.Notes(plan, session.Cloud, arguments.RiskCapacity)));
        SayWhatDiffersFromReview(session);
        if (problems.Length > 0)
            throw new RefusedException(ExitCode.Refused, string.Join("\n  ", problems.Prepend("this launch cannot succeed:")));
        if (!plan.ChangesNothing && !arguments.Yes && !session.Ask($"Launch on {plan.Account.Title}? [y/N] ", "y"))
            throw new OperationCanceledException();
        var launcher = new Launcher(session.Cloud, session.Secrets, session.Log,
            session.Capacity(arguments.Limit, arguments.RiskCapacity));
        PublicAddress? address;
        try
        {
            await using (await session.LockAsync(owner, arguments.BreakLock, cancel))
                address = await launcher.ApplyAsync(plan, cancel);
        }
        catch (CloudException e) when (e.Failure != CloudFailure.Locked)
        {
            await Standing.SayAsync(session.Cloud, owner, !session.Plan.Cloud.Facts.IsDesk, session.Log, cancel);
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

    private static void SayWhatDiffersFromReview(StackSession session)
    {
        var folder = OutFolder.Of(session.Plan);
        if (!Directory.Exists(session.World.FullPath(folder)))
            return;
        foreach (var difference in OutFolder.Writer(session.World, session.Plan).Differences(session.Artifacts.Files))
            session.Log.Say("review", $"{folder}: {difference}");
    }
}
