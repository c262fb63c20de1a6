using Baker.Planning;
using Baker.Stack.Roles;

namespace Baker.Launching;

/// <summary>Says before anything is changed which machine would get another version that nobody asked for.</summary>
public static class VersionProblems
{
    /// <param name="upgrade">Somebody asked for whatever is newest.</param>
    public static IEnumerable<string> Of(Plan plan, ResolvedPlan resolved, bool upgrade)
    {
        foreach (var change in upgrade ? [] : resolved.Changes.Where(c => c.Kind is ChangeKind.Update or ChangeKind.Replace && c.Found!.Release is null or ReleasePlan.Other))
        {
            if (plan.Machine(change.Wanted.Group).Release is { IsWritten: false } release)
                yield return $"nothing says which version {change.Wanted.Name} runs, and it would get {release.Version}: write {release.Key} in full, or say --upgrade";
        }
    }
}
