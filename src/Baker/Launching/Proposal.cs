using System.Collections.Immutable;
using Baker.Clouds.Live;
using Baker.Planning;
using Baker.Rendering;

namespace Baker.Launching;

/// <summary>What is done with a thing.</summary>
public enum ProposedAction
{
    Create,
    Change,
    Replace,
    Remove,

    /// <summary>Nothing, although it is not what the spec says.</summary>
    Leave,
}

/// <summary>One line of what a launch is about to do.</summary>
/// <param name="Kind"><c>machine</c>, <c>public address</c>, <c>network</c>.</param>
/// <param name="Name">Empty where there is only one.</param>
/// <param name="Why">What becomes of it, in words.</param>
public sealed record ProposedChange(ProposedAction Action, string Kind, string Name, string Why)
{
    /// <summary>The machines that change first; null: none.</summary>
    public string? After { get; init; }

    /// <summary>What a machine is made from, and why from that; null: none is made.</summary>
    public string? Image { get; init; }

    /// <summary>What differs in what a VM is told; null: nothing, or it could not be read.</summary>
    public UserDataChange? UserData { get; init; }
}

/// <summary>All that a launch does, in the order in which people read it. Pure.</summary>
public static class Proposal
{
    public static ImmutableArray<ProposedChange> Of(Plan plan, ResolvedPlan resolved) =>
        [.. Data(resolved), .. Machines(plan, resolved), .. Leftovers(resolved)];

    private static IEnumerable<ProposedChange> Data(ResolvedPlan resolved)
    {
        foreach (var part in resolved.NetworkMade)
            yield return new(ProposedAction.Create, part.Kind, part.Name, part.Note ?? "");
        foreach (var identity in resolved.Identities.Proposed())
            yield return identity;
        foreach (var secret in resolved.SecretsMade)
            yield return new(ProposedAction.Create, "secret", secret.Name, secret.Location);
        foreach (var file in resolved.Given.Where(g => g.IsStored || g.State == GivenState.Foreign))
            yield return Given(file);
        if (resolved.Found.Address is null && resolved.Wanted.PublicAddress is { ExistingId: null } address)
            yield return new(ProposedAction.Create, "public address", address.Name, "");
        if (resolved.Record?.Proposed(resolved.Found.Address?.Ip) is { } record)
            yield return record;
        if (resolved.Found.DataDisk is null && resolved.Wanted.DataDisk is { } disk)
            yield return new(ProposedAction.Create, "data disk", disk.Name, $"{disk.SizeGb} GB");
        if (resolved is { Found.DataDisk: { } there, Wanted.DataDisk: { } data } && there.SizeGb != data.SizeGb)
        {
            var key = $"({resolved.Wanted.Machines.First(m => m.HasDataDisk).Group}.data_gb)";
            yield return resolved.GrowsDataDisk
                ? new(ProposedAction.Change, "data disk", there.Name, $"{there.SizeGb} GB become {data.SizeGb} GB {key}")
                : new(ProposedAction.Leave, "data disk", there.Name, $"keeps its {there.SizeGb} GB: a disk gets no smaller {key}");
        }
        foreach (var difference in resolved.Network)
            yield return new(ProposedAction.Change, "network", "", difference);
        foreach (var machine in resolved.LackingBundle)
            yield return new(ProposedAction.Create, "bundle of user-data", machine.Bundle!.Machine,
                $"{machine.Name} fetches it, {machine.Bundle.Parts.Length} parts");
        if (!resolved.Tags.IsEmpty)
            yield return new(ProposedAction.Change, "tags", "", $"{resolved.Tags.Length} things: {TagChange.Title(resolved.Tags)}");
    }

    private static ProposedChange Given(GivenValue file)
    {
        var (name, path) = (file.Plan.Name, file.Plan.Given);
        return file.State == GivenState.Missing ? new(ProposedAction.Create, "secret", name, $"{file.Plan.Location}, from {path}")
            : file.State == GivenState.Older ? new(ProposedAction.Change, "secret", name, $"{path} has changed since a launch stored it")
            : file.IsStored ? new(ProposedAction.Change, "secret", name, $"what somebody else has stored gives way to {path}")
            : new(ProposedAction.Leave, "secret", name,
                $"stays as somebody else, or a launch that was cut off, has stored it in {file.Plan.Location}: "
                + $"--store-secrets puts {path} there");
    }

    private static IEnumerable<ProposedChange> Machines(Plan plan, ResolvedPlan resolved)
    {
        foreach (var change in resolved.Changes.Where(c => c.Kind != ChangeKind.Keep))
        {
            yield return new(Action(change.Kind), "machine", change.Wanted.Name, change.Why)
            {
                After = change.After is { } first ? string.Join(", ", plan.Of(first.Role).Select(m => m.Name)) : null,
                Image = resolved.Images.TryGetValue(change.Wanted.Name, out var image) ? $"{image.Name}: {image.Why}" : null,
                UserData = UserData(plan, resolved, change),
            };
        }
        foreach (var change in resolved.Changes.Where(c => c.Refused is not null && c.Kind != ChangeKind.Replace))
            yield return new(ProposedAction.Leave, "machine", change.Wanted.Name,
                $"{change.Refused}; only a new machine can do that: --replace {change.Wanted.Group}");
        if (resolved.OtherZone is { } zone)
            yield return new(ProposedAction.Leave, "zone", zone, $"stays: {resolved.Wanted.Zone} is for a stack that is made anew "
                + "(`baker destroy` keeps a snapshot of the data, and the next launch begins with that)");
    }

    private static IEnumerable<ProposedChange> Leftovers(ResolvedPlan resolved) =>
        resolved.Found.Reservations.All.Select(r =>
            new ProposedChange(ProposedAction.Remove, r.Listed().Kind, r.Id, $"an earlier run left it for {r.Machine}"))
        .Concat(resolved.Identities.Leftovers())
        .Concat(resolved.SurplusBundles.Select(b =>
            new ProposedChange(ProposedAction.Remove, "bundle of user-data", b.Machine, "no user-data names it any more")))
        .Concat(resolved.SurplusNat.Select(r =>
            new ProposedChange(ProposedAction.Remove, r.Kind, r.Name, "nothing needs a way out any more")));

    private static ProposedAction Action(ChangeKind kind) => kind switch
    {
        ChangeKind.Create => ProposedAction.Create,
        ChangeKind.Replace => ProposedAction.Replace,
        _ => ProposedAction.Change,
    };

    private static UserDataChange? UserData(Plan plan, ResolvedPlan resolved, Change change)
    {
        if (!resolved.UserData.TryGetValue(change.Wanted.Name, out var has))
            return null;
        var wanted = change.Wanted;
        var before = UserDataContent.Read(has, folder => resolved.Bundles.All.FirstOrDefault(b => b.Folder == folder)?.Letters);
        var after = UserDataContent.Read(wanted.UserData, folder =>
            folder == wanted.Bundle?.Folder ? string.Concat(wanted.Bundle.Parts) : null);
        return before is null || after is null ? null : UserDataChange.Between(before, after, plan.Named(wanted.Name).Values);
    }
}
