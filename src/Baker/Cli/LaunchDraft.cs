using System.Collections.Immutable;
using Baker.Launching;

namespace Baker.Cli;

/// <summary>What a launch would do, with all that is to be said before it: nothing has been changed yet.</summary>
/// <param name="Notes">What is to be known of versions, and of room for machines.</param>
/// <param name="Problems">Why it cannot succeed: one sentence each, with what to do.</param>
internal sealed record LaunchDraft(
    ResolvedPlan Plan, ImmutableArray<ProposedChange> Changes, ImmutableArray<string> Notes, ImmutableArray<string> Problems)
{
    /// <param name="waits">The launch stays, and can make one change after another.</param>
    /// <exception cref="Clouds.Live.CloudException">The cloud refused to answer.</exception>
    public static async Task<LaunchDraft> OfAsync(StackSession session, LaunchChoice choice, bool waits, CancellationToken cancel)
    {
        var (account, moves) = await session.SettleAsync(choice.Upgrade, choice.Downgrade, cancel);
        var wanted = session.Wanted with
        {
            Record = session.Wanted.Record is { } record ? record with { Takes = choice.TakeRecord } : null,
        };
        var plan = await new Resolver(session.Cloud) { Records = session.Records }.ResolveAsync(account, wanted, choice.Replace, cancel);
        plan = plan with
        {
            SecretsMade = await session.Secrets.MissingAsync(wanted.Owner, cancel),
            Given = await session.Secrets.GivenAsync(wanted.Owner, choice.StoreSecrets, cancel),
        };
        if (waits && plan.Changes.Any(c => c.Kind == ChangeKind.Update))
            plan = plan.InOrder(session.Plan, await session.Follower.AskAsync(cancel));
        var problems = plan.Given.Select(g => g.Problem).OfType<string>().Concat(moves.Problems)
            .Concat(VersionProblems.Of(session.Plan, plan, choice.Upgrade))
            .Concat(plan.Preflight.Problems).Concat(ImageProblems.Of(session.Plan, plan))
            .Concat(Scarcity.Problems(plan, session.Cloud, choice.RiskCapacity));
        var notes = moves.Notes.Concat(Scarcity.Notes(plan, session.Cloud, choice.RiskCapacity));
        return new LaunchDraft(plan, Proposal.Of(session.Plan, plan), [.. notes], [.. problems]);
    }

    /// <summary>For people.</summary>
    public void Print(TextWriter writer, StackSession session)
    {
        LaunchProposal.Print(writer, session.Plan, Plan, Changes, Notes);
        var folder = OutFolder.Of(session.Plan);
        if (!Directory.Exists(session.World.FullPath(folder)))
            return;
        foreach (var difference in OutFolder.Writer(session.World, session.Plan).Differences(session.Artifacts.Files))
            session.Log.Say("review", $"{folder}: {difference}");
    }
}
