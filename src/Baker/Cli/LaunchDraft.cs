using System.Collections.Immutable;
using Baker.Launching;

namespace Baker.Cli;

/// <summary>What a launch would do, with all that is to be said before it: nothing has been changed yet.</summary>
/// <param name="Notes">What is to be known of versions, and of room for machines.</param>
/// <param name="Problems">Why it cannot succeed: one sentence each, with what to do.</param>
internal sealed record LaunchDraft(
    ResolvedPlan Plan, ImmutableArray<ProposedChange> Changes, ImmutableArray<string> Notes, ImmutableArray<string> Problems)
{
    /// <param name="replace">Roles whose machines may be made anew.</param>
    /// <param name="riskCapacity">Somebody has said that a machine may be given up where no room is kept for it.</param>
    /// <param name="takesRecord">Somebody has said that another's DNS record may be replaced.</param>
    /// <param name="waits">The launch stays, and can make one change after another.</param>
    /// <exception cref="Clouds.Live.CloudException">The cloud refused to answer.</exception>
    public static async Task<LaunchDraft> OfAsync(StackSession session, ImmutableHashSet<string> replace, bool upgrade, bool downgrade,
        bool riskCapacity, bool takesRecord, bool waits, CancellationToken cancel)
    {
        var (account, moves) = await session.SettleAsync(upgrade, downgrade, cancel);
        var wanted = session.Wanted with { Record = session.Wanted.Record is { } record ? record with { Takes = takesRecord } : null };
        var plan = await new Resolver(session.Cloud) { Records = session.Records }.ResolveAsync(account, wanted, replace, cancel);
        plan = plan with { SecretsMade = await session.Secrets.MissingAsync(session.Wanted.Owner, cancel) };
        if (waits && plan.Changes.Any(c => c.Kind == ChangeKind.Update))
            plan = plan.InOrder(session.Plan, await session.Follower.AskAsync(cancel));
        var problems = session.Secrets.Problems().Concat(moves.Problems).Concat(VersionProblems.Of(session.Plan, plan, upgrade))
            .Concat(plan.Preflight.Problems).Concat(ImageProblems.Of(session.Plan, plan))
            .Concat(Scarcity.Problems(plan, session.Cloud, riskCapacity));
        var notes = moves.Notes.Concat(Scarcity.Notes(plan, session.Cloud, riskCapacity));
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
