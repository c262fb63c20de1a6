using Baker.Planning;
using Baker.Stack.Roles;

namespace Baker.Launching;

/// <summary>
/// Says before anything is changed which machine would get another version that nobody asked for, and which would be made anew with one
/// that nobody should make.
/// </summary>
public static class VersionProblems
{
    /// <param name="upgrade">Somebody asked for whatever is newest.</param>
    public static IEnumerable<string> Of(Plan plan, ResolvedPlan resolved, bool upgrade)
    {
        // The rules have judged the versions of a new stack. What stays because it runs may have none that goes with it.
        foreach (var change in resolved.Changes.Where(c => c.Kind is ChangeKind.Create or ChangeKind.Update or ChangeKind.Replace))
        {
            if (plan.Named(change.Wanted.Name).Release is { IsWritten: false, Version: ReleasePlan.Other } release)
                yield return $"GitLab stays at {plan.Stack.GitLabVersion}, and Baker does not know which gateway goes with it: write "
                    + $"{release.Key}; `baker doctor` asks the registry where gitlab.version is written";
        }
        foreach (var change in upgrade ? [] : resolved.Changes.Where(c =>
            c.Kind is ChangeKind.Update or ChangeKind.Replace && c.Found!.Release is null or ReleasePlan.Other))
        {
            if (plan.Named(change.Wanted.Name).Release is { IsWritten: false, Version: not ReleasePlan.Other } release)
                yield return $"nothing says which version {change.Wanted.Name} runs, and it would get {release.Version}: write "
                    + $"{release.Key} in full, or say --upgrade";
        }
        // What runs may stay. A version that is written was judged with the spec; one that stays because it runs was not.
        foreach (var change in plan.Evaluation ? [] : resolved.Changes.Where(c => c.Kind == ChangeKind.Replace))
        {
            if (plan.Named(change.Wanted.Name).Release is { IsWritten: false, Version: var version }
                && UnsafeVersions.Of(plan, change.Wanted.Group, version) is { } problem)
                yield return $"{change.Wanted.Name} would be made anew with {version}: {problem}";
        }
    }
}
