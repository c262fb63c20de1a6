using System.Collections.Immutable;
using Baker.Clouds.Live;
using Baker.Planning;
using Baker.Stack;

namespace Baker.Baking;

/// <summary>Whether a role's image is baked, and why. Pure.</summary>
/// <param name="Fitting">The image that makes a bake needless; null: it is baked.</param>
/// <param name="Why">For people.</param>
public sealed record BakeChoice(MachinePlan Machine, BakedImage? Fitting, string Why)
{
    public string Role => Machine.Role;

    public bool IsBaked => Fitting is null;

    public static ImmutableArray<BakeChoice> Of(
        Plan plan, IEnumerable<string> roles, BakeBase @base, ImmutableArray<BakedImage> images, DateTimeOffset now, bool rebuild) =>
        [.. plan.Machines.DistinctBy(m => m.Role).Where(m => roles.Contains(m.Role))
            .Select(m => Of(plan, m, @base, images, now, rebuild))];

    private static BakeChoice Of(Plan plan, MachinePlan machine, BakeBase @base, ImmutableArray<BakedImage> images, DateTimeOffset now,
        bool rebuild)
    {
        var fingerprint = machine.Image.Fingerprint;
        // One that was baked for larger disks cannot become the disk of this machine.
        var fitting = images.Where(i => i.Role == machine.Role && i.Fingerprint == fingerprint).ToLookup(i => i.SizeGb <= machine.DiskGb);
        // Of the current base first: stacks whose bases differ may share a fingerprint, and neither is to bake because the other did.
        var newest = fitting[true].MaxBy(i => (i.Base == @base.Id, i.Made));
        if (newest is null)
            return new BakeChoice(machine, null, fitting[false].MinBy(i => i.SizeGb) is { } large
                ? $"{large.Name} needs a disk of {large.SizeGb} GB, and {machine.Role}.disk_gb is {machine.DiskGb}"
                : $"no image has the fingerprint {fingerprint}");
        var days = (int)(now - newest.Made).TotalDays;
        if (rebuild)
            return new BakeChoice(machine, null, $"asked for by --rebuild; {newest.Name} is {days} days old");
        if (newest.Base != @base.Id)
            return new BakeChoice(machine, null, $"{newest.Name} was baked from "
                + $"{(newest.Base.Length == 0 ? "an unknown base" : newest.Base)}, and {@base.Id} is newer");
        return days > plan.Images.MaxAgeDays
            ? new BakeChoice(machine, null, $"{newest.Name} is {days} days old, and images.max_age_days is {plan.Images.MaxAgeDays}")
            : new BakeChoice(machine, newest, $"{newest.Id} has the fingerprint {fingerprint}, the current base and an age of "
                + $"{days} days");
    }
}
