using System.Collections.Immutable;
using Baker.Clouds.Live;
using Baker.Stack.Roles;

namespace Baker.Launching;

public enum ChangeKind
{
    Keep,
    Create,
    Start,

    /// <summary>Other user-data; the machine stays.</summary>
    Update,

    /// <summary>Deleted and made anew; its data disk stays.</summary>
    Replace,
}

/// <summary>What a launch does to one machine.</summary>
/// <param name="Found">Null: there is none.</param>
/// <param name="Why">For people; empty for <see cref="ChangeKind.Keep"/>.</param>
/// <param name="Refused">What the spec asks for and only a replacement can do, which nobody allowed; null: nothing.</param>
/// <param name="After">The machine that has to change first; null: none.</param>
public sealed record Change(MachineWanted Wanted, VirtualMachine? Found, ChangeKind Kind, string Why, string? Refused = null,
    ChangeOrder? After = null);

/// <summary>Compares what is wanted with what there is. Pure.</summary>
public static class Changes
{
    /// <param name="replace">Groups whose machines the user allows to be replaced.</param>
    public static ImmutableArray<Change> Between(
        StackWanted wanted, Survey found, ImmutableHashSet<string> replace, bool takesUserDataLive) =>
        [.. wanted.Machines.Select(m => Of(m, found.Machine(m.Name), replace.Contains(m.Group), takesUserDataLive))];

    private static Change Of(MachineWanted wanted, VirtualMachine? found, bool mayReplace, bool live)
    {
        if (found is null)
            return new Change(wanted, null, ChangeKind.Create, $"{wanted.Type}, {wanted.DiskGb} GB, {wanted.Address}");
        var needs = ReplacementReason(wanted, found);
        if (mayReplace)
            return new Change(wanted, found, ChangeKind.Replace, needs ?? "asked for by --replace");
        var update = found.UserDataDigest != wanted.UserDataDigest;
        var stopped = found.State is MachineState.Stopped or MachineState.Stopping;
        var why = update ? $"new user-data {wanted.UserDataDigest}{(live || stopped ? "" : ", stops and starts the machine")}" : stopped
            ? "it is stopped" : "";
        return new Change(wanted, found, update ? ChangeKind.Update : stopped ? ChangeKind.Start : ChangeKind.Keep, why, needs);
    }

    private static string? ReplacementReason(MachineWanted wanted, VirtualMachine found)
    {
        if (found.Type != wanted.Type)
            return $"type {found.Type} becomes {wanted.Type}";
        if (found.AttachedGpu != wanted.AttachedGpu)
            return $"GPU {found.AttachedGpu?.ToString() ?? "none"} becomes {wanted.AttachedGpu?.ToString() ?? "none"}";
        if (found.Address != wanted.Address)
            return $"address {found.Address} becomes {wanted.Address}";
        // A larger one was enlarged in the cloud, which nobody wants undone.
        if (found.DiskGb < wanted.DiskGb)
            return $"disk of {found.DiskGb} GB becomes {wanted.DiskGb} GB";
        return wanted.Image.Id is { } image && image != found.ImageId ? $"image {found.ImageId} becomes {image}" : null;
    }
}
