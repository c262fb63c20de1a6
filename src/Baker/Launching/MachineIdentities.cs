using System.Collections.Immutable;
using Baker.Clouds.Live;

namespace Baker.Launching;

/// <summary>What there is of the identities that a launch makes.</summary>
/// <param name="Found">The wanted ones, and those that a machine has and should not.</param>
public sealed record MachineIdentities(ImmutableArray<IdentityFound> Found)
{
    public static readonly MachineIdentities None = new([]);

    /// <summary>Looks at those that are wanted or in use, and at no others: that takes rights which not everybody has.</summary>
    public static async Task<MachineIdentities> OfAsync(
        ICloud cloud, ImmutableArray<IdentityWanted> all, Survey survey, CancellationToken cancel)
    {
        if (cloud.Identities is not { } identities)
            return new([.. all.Where(i => i.IsWanted).Select(i => Unseen(i, "where they are asked for is not known for this region"))]);
        var asked = all.Where(i => i.IsWanted || survey.Machines.Any(m => m.Ties?.Identity == i.Name));
        return new([.. await Task.WhenAll(asked.Select(async i =>
        {
            try
            {
                return await identities.LookAsync(i, cancel);
            }
            catch (CloudException e) when (e.Failure == CloudFailure.Denied)
            {
                return Unseen(i, e.Message.ReplaceLineEndings(" "));
            }
        }))]);
    }

    /// <summary>To be made or mended.</summary>
    public ImmutableArray<IdentityWanted> Lacking => [.. Found.Where(f => f.IsLacking).Select(f => f.Wanted)];

    /// <summary>Ours, and no machine's once all is as wanted.</summary>
    public ImmutableArray<IdentityWanted> Surplus =>
        [.. Found.Where(f => !f.Wanted.IsWanted && f.Standing == IdentityStanding.Ours).Select(f => f.Wanted)];

    /// <summary>Names of those that machines have lost, also once they are made again.</summary>
    public ImmutableHashSet<string> Gone => [.. Found.Where(f => f.IsLacking && f.IsGone).Select(f => f.Wanted.Name)];

    /// <param name="isNew">The stack has no machine yet.</param>
    public async Task<Preflight> CheckAsync(ICloud cloud, bool isNew, CancellationToken cancel)
    {
        var said = new Preflight(
            [
                .. Found.Where(f => f.Wanted.IsWanted && f.Standing == IdentityStanding.Theirs).Select(f =>
                    $"there is an identity {f.Wanted.Name}, and it is not this stack's: write its name as `{f.Wanted.Key}` if it is "
                    + "meant, or give this stack another name"),
                .. Found.Where(f => f.Unseen is not null && f.Wanted.IsWanted && isNew).Select(f =>
                    $"the identity {f.Wanted.Name} cannot be made: {f.Unseen}"),
            ],
            [
                .. Found.Where(f => f.Unseen is not null && f.Wanted.IsWanted && !isNew)
                    .Select(f => $"whether the identity {f.Wanted.Name} is as it should be: {f.Unseen}"),
            ], []);
        return Lacking is { IsEmpty: false } lacking ? said.With(await cloud.Identities!.CheckAsync(lacking, cancel)) : said;
    }

    /// <summary>Lines of what is made and changed.</summary>
    public IEnumerable<ProposedChange> Proposed() => Found.Where(f => f.IsLacking).Select(f => f.Standing == IdentityStanding.Missing
        ? new ProposedChange(ProposedAction.Create, IdentityWanted.Kind, f.Wanted.Name, $"of {f.Wanted.Machine}")
        : new ProposedChange(ProposedAction.Change, IdentityWanted.Kind, f.Wanted.Name, string.Join("; ", f.Differs)));

    /// <summary>Lines of what is removed.</summary>
    public IEnumerable<ProposedChange> Leftovers() => Surplus.Select(s =>
        new ProposedChange(ProposedAction.Remove, IdentityWanted.Kind, s.Name, $"{s.Machine} gets another, or needs none"));

    private static IdentityFound Unseen(IdentityWanted wanted, string why) =>
        new(wanted, IdentityStanding.Missing, []) { Unseen = why };
}
