using System.Collections.Immutable;
using Baker.Stack;
using Baker.Stack.Roles;
using Baker.Stack.Roles.GitLab;
using Baker.Stack.Roles.Versions;

namespace Baker.Planning;

/// <summary>What a launch moves to another version, what it leaves alone, and what cannot be. Pure.</summary>
/// <param name="Notes">To be known before it begins.</param>
/// <param name="Problems">Why it must not begin, with what to write.</param>
public sealed record VersionMoves(ImmutableArray<string> Notes, ImmutableArray<string> Problems)
{
    /// <param name="plan">What is to be made.</param>
    /// <param name="newest">What the spec would get if nothing were running.</param>
    /// <param name="mayGoBack">Somebody has said that GitLab goes back to an earlier version.</param>
    public static VersionMoves Of(Plan plan, Plan newest, RunningVersions running, bool mayGoBack)
    {
        var gitlab = plan.Stack.GitLabVersion;
        return new VersionMoves([.. Kept(plan, newest, running), .. Unsafe(plan, running)],
            running.GitLab is not { } from ? [] : from != gitlab ? [.. Path(from, gitlab, mayGoBack)] : [.. Mismatch(plan, newest)]);
    }

    /// <summary>What runs, without what a plan has something newer for, and that may therefore go.</summary>
    public static RunningVersions Before(RunningVersions running, Plan newest) => new(
        Older(running.GitLab, newest.Machine(RoleCatalog.GitLab.Name).Release),
            Older(running.Gateway, newest.Machine(RoleCatalog.Gateway.Name).Release));

    private static string? Older(string? running, ReleasePlan? newest) =>
        running is not null && newest is not null && GitLabReleases.IsWhole(newest.Version)
            && Release.Parse(newest.Version) > Release.Parse(running) ? null : running;

    private static IEnumerable<string> Kept(Plan plan, Plan newest, RunningVersions running)
    {
        var (gitlab, known) = (plan.Stack.GitLabVersion, newest.Stack.GitLabVersion);
        if (gitlab == running.GitLab && gitlab != known && Release.Parse(known) > Release.Parse(gitlab))
        {
            yield return $"GitLab stays at {gitlab}, since the spec names no version in full; {known} is known: --upgrade takes it";
            yield break;
        }
        if (Version(plan) is { } gateway && gateway == running.Gateway && Version(newest) is { } image
            && Release.Parse(image) > Release.Parse(gateway))
            yield return $"the gateway stays at {gateway}, since the spec names no image; {image} is known: --upgrade takes it";
    }

    /// <summary>What runs was made when nobody knew better, or in spite of it; only a person can say that it moves.</summary>
    private static IEnumerable<string> Unsafe(Plan plan, RunningVersions running)
    {
        if (plan.Stack.GitLabVersion == running.GitLab && Advisories.GitLab.Find(AdvisoryKind.Refuse, running.GitLab) is { } gitlab)
            yield return $"warning: GitLab {running.GitLab}, which runs: {gitlab.What} ({gitlab.Ids}, as of {gitlab.Date}); "
                + $"{GitLabReleases.NewestFrom(gitlab.Mended)} has it mended";
        if (Version(plan) is { } gateway && gateway == running.Gateway
            && Advisories.Gateway.Find(AdvisoryKind.Refuse, gateway) is { } found)
            yield return $"warning: gateway {gateway}, which runs: {found.What} ({found.Ids}, as of {found.Date}); {found.Mended} has "
                + "it mended";
    }

    /// <summary>The rules have judged an image that is written beside the newest GitLab, and not beside the one that stays.</summary>
    private static IEnumerable<string> Mismatch(Plan plan, Plan newest)
    {
        var (gitlab, known) = (plan.Stack.GitLabVersion, newest.Stack.GitLabVersion);
        if (gitlab != known && Version(plan) is { } gateway && Release.Parse(gateway)
            .CompareLine(Release.Parse(gitlab)) is not 0 and var newer && !(plan.Evaluation && newer < 0))
            yield return $"GitLab stays at {gitlab}, since the spec names no version in full, and gateway.image is {gateway}, of another "
                + $"minor: write `version: {gitlab}` under gitlab and a gateway of {GitLabReleases.Minor(gitlab)}, or say --upgrade";
    }

    private static IEnumerable<string> Path(string from, string to, bool mayGoBack)
    {
        if (Release.Parse(to) < Release.Parse(from))
        {
            if (!mayGoBack)
                yield return $"GitLab {from} runs, and does not go back to {to} with its data: write `version: {from}` or a newer one "
                    + "under gitlab; docs/machine.md says how to go back to a backup (--downgrade)";
        }
        else if (UpgradePath.StopBetween(from, to) is { } stop)
            yield return $"GitLab {from} runs, and an upgrade to {to} must not pass over {stop}: {UpgradeAdvice.Of(from, to)}";
    }

    private static string? Version(Plan plan) =>
        plan.Machine(RoleCatalog.Gateway.Name).Release is { Version: var version } && GitLabReleases.IsWhole(version) ? version : null;
}
