using Baker.Planning;

namespace Baker.Launching;

/// <summary>Says before anything is made which machine would wait for ever for what it has to install.</summary>
public static class ImageProblems
{
    public static IEnumerable<string> Of(Plan plan, ResolvedPlan resolved)
    {
        // In the user's own network nobody knows the routes; a desk has a way out.
        if (plan.Cloud.Facts.IsDesk || plan.Network.ExistingId is not null || plan.Network.NeedsNat)
            yield break;
        foreach (var machine in plan.Machines.Where(m =>
            m.PublicAddress is null && resolved.Images.TryGetValue(m.Name, out var image) && !image.IsBaked))
        {
            if (plan.Egress.FirstOrDefault(e => e.Role == machine.Role && e.OnlyAtInstall
                && !EgressPlanner.IsInside(e.Host)) is { } missed)
            {
                yield return $"{machine.Name} would start from {resolved.Images[machine.Name].Name}, which was not baked with the "
                    + $"fingerprint {machine.Image.Fingerprint}, and nothing leads from it to {missed.Host}: "
                    + "`baker bake` makes an image that fits; `images: auto` or `mirrors` make do without";
            }
        }
    }
}
