using System.Collections.Immutable;
using Baker.Clouds.Live;
using Baker.Stack.Roles;

namespace Baker.Launching;

public enum ChangeKind
{
    Keep,
    Create,
    Start,

    /// <summary>What belongs to it is tied to it again; the machine stays.</summary>
    Tie,

    /// <summary>Another type, or a larger root disk; the machine stays, and is stopped for it.</summary>
    Reshape,

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
    ChangeOrder? After = null)
{
    /// <summary>The machine there is was told something else than the one that is wanted.</summary>
    public bool HasOtherUserData => Found is { } found && found.UserDataDigest != Wanted.UserDataDigest;

    /// <summary>The machine that stays gets another type or a larger root disk, whatever else is changed.</summary>
    public bool Reshapes { get; init; }

    /// <summary>It gets another type.</summary>
    public bool ChangesType => Reshapes && Found is { } found && !Wanted.Types.Contains(found.Type);

    /// <summary>What is tied to the machine that stays, whatever else is changed.</summary>
    public ImmutableArray<Tie> Loose { get; init; } = [];
}

/// <summary>Compares what is wanted with what there is. Pure.</summary>
public static class Changes
{
    /// <param name="replace">Groups whose machines the user allows to be replaced.</param>
    /// <param name="gone">Identities that machines have lost, also once they are made again.</param>
    public static ImmutableArray<Change> Between(
        StackWanted wanted, Survey found, ImmutableHashSet<string> replace, IMachines traits, ImmutableHashSet<string>? gone = null) =>
        [.. wanted.Machines.Select(m =>
            Of(m, found, replace.Contains(m.Group), traits, m.Identity is { } identity && gone?.Contains(identity) == true))];

    private static Change Of(MachineWanted wanted, Survey survey, bool mayReplace, IMachines traits, bool isIdentityGone)
    {
        var found = survey.Machine(wanted.Name);
        if (found is null)
            return new Change(wanted, null, ChangeKind.Create, $"{wanted.TypeTitle}, {wanted.DiskGb} GB, {wanted.Address}");
        var needs = ReplacementReason(wanted, found);
        var type = TypeReason(wanted, found);
        var takesType = type is null || (found.AttachedGpu == wanted.AttachedGpu && traits.TakesType(found, wanted));
        // A larger one was enlarged in the cloud, which nobody wants undone.
        var disk = found.DiskGb < wanted.DiskGb
            ? $"disk of {found.DiskGb} GB becomes {wanted.DiskGb} GB ({wanted.Group}.disk_gb)" : null;
        if (mayReplace)
            return new Change(wanted, found, ChangeKind.Replace, type ?? needs ?? disk ?? "asked for by --replace");
        // Of several types it has got one, and keeps it; so it does where only a new machine could have another.
        if (type is null || !takesType)
            wanted = wanted.As(found.Type);
        var update = found.UserDataDigest != wanted.UserDataDigest;
        var stopped = found.State is MachineState.Stopped or MachineState.Stopping;
        var loose = Loose(wanted, found, survey, traits.TakesIdentityLive || stopped, isIdentityGone).ToArray();
        string[] shape = [.. new[] { takesType ? type : null, disk }.OfType<string>().Select(s => s + (stopped ? "" : Stops))];
        string[] why =
        [
            .. update ? new[] { $"new user-data{(traits.TakesUserDataLive || stopped ? "" : Stops)}" }
                : stopped ? ["it is stopped"] : [],
            .. shape,
            .. loose.Select(l => l.Why),
        ];
        var kind = update ? ChangeKind.Update : shape.Length > 0 ? ChangeKind.Reshape : stopped ? ChangeKind.Start
            : loose.Length > 0 ? ChangeKind.Tie : ChangeKind.Keep;
        return new Change(wanted, found, kind, string.Join("; ", why), takesType ? needs : type)
        {
            Reshapes = shape.Length > 0,
            Loose = [.. loose.Select(l => l.Tie)],
        };
    }

    private const string Stops = ", stops and starts the machine";

    private static IEnumerable<(Tie Tie, string Why)> Loose(MachineWanted wanted, VirtualMachine found, Survey survey, bool live,
        bool isIdentityGone)
    {
        if (found.Ties is not { } ties)
            yield break;
        if (ties.Identity != wanted.Identity)
            yield return (Tie.Identity, $"identity {ties.Identity ?? "none"} becomes {wanted.Identity ?? "none"} "
                + $"({wanted.IdentityKey}){(live ? "" : Stops)}");
        else if (isIdentityGone)
            yield return (Tie.Identity, $"identity {wanted.Identity} is made again{(live ? "" : Stops)}");
        if (!ties.Groups.SequenceEqual([wanted.Group]))
            yield return (Tie.Firewall, $"firewall group {(ties.Groups.IsEmpty ? "none" : string.Join(", ", ties.Groups.Order(
                StringComparer.Ordinal)))} becomes {wanted.Group}");
        if (wanted.HasPublicAddress && (ties.PublicIp is null || ties.PublicIp != survey.Address?.Ip))
            yield return (Tie.PublicAddress,
                $"public address {ties.PublicIp ?? "none"} becomes {survey.Address?.Ip ?? "the one that is made"} "
                    + $"({wanted.Group}.public_address)");
        if (wanted.HasDataDisk && (survey.DataDisk is null || !ties.Disks.Contains(survey.DataDisk.Id)))
            yield return (Tie.DataDisk, "its data disk is not attached");
    }

    private static string? TypeReason(MachineWanted wanted, VirtualMachine found) => wanted.Types.Contains(found.Type) ? null
        : $"type {found.Type} becomes {wanted.TypeTitle} ({wanted.Group}.machine)";

    private static string? ReplacementReason(MachineWanted wanted, VirtualMachine found)
    {
        if (found.AttachedGpu != wanted.AttachedGpu)
            return $"GPU {found.AttachedGpu?.ToString() ?? "none"} becomes {wanted.AttachedGpu?.ToString() ?? "none"} "
                + $"({wanted.Group}.gpu)";
        if (found.Address != wanted.Address)
            return $"address {found.Address} becomes {wanted.Address} ({wanted.Group}.address or network.cidr)";
        return wanted.Image.Id is { } image && image != found.ImageId
            ? $"image {found.ImageId} becomes {image} (images.{wanted.Group})" : null;
    }
}
