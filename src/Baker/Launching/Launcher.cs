using System.Collections.Immutable;
using Baker.Clouds.Live;

namespace Baker.Launching;

/// <summary>
/// Makes a stack what its plan says. Every part looks first and makes what is missing, so a launch that was cut off anywhere is
/// finished by the next one.
/// </summary>
public sealed class Launcher(ICloud cloud, SecretMaker secrets, ILaunchLog log, Capacity capacity)
{
    /// <summary>Makes the record of the stack's name; null: people do.</summary>
    public RecordMaker? Records { get; init; }

    /// <returns>The stack's public address, or null where it has none.</returns>
    /// <exception cref="CloudException">The first refusal; what was made stays, and the next launch goes on from there.</exception>
    public async Task<PublicAddress?> ApplyAsync(ResolvedPlan plan, CancellationToken cancel)
    {
        var wanted = plan.Wanted;
        capacity.TakeOver(plan.Found);
        // First of all: where no room is kept for a machine, nothing has been changed yet.
        foreach (var change in plan.Changes.Where(c => c.After is null && Scarcity.GivesUp(c, cloud.Machines)))
            await capacity.KeepAsync(change, cancel);
        if (!plan.Tags.IsEmpty)
        {
            // Before anything else, while all that was looked at is still there.
            log.Say("tags", TagChange.Title(plan.Tags));
            await cloud.Tags!.ApplyAsync(plan.Tags, cancel);
        }
        await IdentitiesAsync(plan.Identities.Lacking, cancel);
        var address = AddressAsync(plan, cancel);
        var keys = SecretsAsync(plan, cancel);
        var scarce = plan.Changes.FirstOrDefault(c => c.Wanted.IsScarce && IsMade(c));
        var zone = plan.Zones.FirstOrDefault() ?? plan.Found.Zone ?? "";
        await AllAsync(address, keys, scarce is null ? cloud.Network.EnsureAsync(wanted.Network, zone, cancel)
            : ZoneOfScarceAsync(plan, scarce, Task.WhenAll(address, keys), z => zone = z, cancel));
        log.Say("network", "ready");
        var nat = wanted.Network.NeedsNat ? cloud.Network.EnsureNatAsync(wanted.Network, cancel) : Task.CompletedTask;
        var (ip, record) = address.Result;
        var served = record is null ? Task.CompletedTask : Records!.UntilServedAsync(plan.Record!, record, ip!.Ip, cancel);
        var others = plan.Changes.Where(c => c != scarce).Select(c => ChangeAsync(plan, c, zone, ip, cancel));
        await AllAsync([nat, served, .. others]);
        await capacity.GiveAllBackAsync(wanted.Owner, cancel);
        if (plan.Held.IsEmpty)
            await CloseAsync(plan, cancel);
        return ip;
    }

    /// <summary>Makes the changes that had to wait for another machine's.</summary>
    /// <exception cref="CloudException">As for the others.</exception>
    public async Task ApplyHeldAsync(ResolvedPlan plan, CancellationToken cancel)
    {
        foreach (var change in plan.Held.Where(c => Scarcity.GivesUp(c, cloud.Machines)))
            await capacity.KeepAsync(change, cancel);
        await AllAsync([.. plan.Held.Select(c => MachineAsync(plan, c, c.Found!.Zone, null, cancel))]);
        await CloseAsync(plan, cancel);
    }

    /// <summary>
    /// Last: machines that are changed may need the way out until then, and those that are not what their user-data names.
    /// </summary>
    private async Task CloseAsync(ResolvedPlan plan, CancellationToken cancel)
    {
        foreach (var bundle in plan.SurplusBundles)
            await cloud.Bundles!.DeleteAsync(bundle, cancel);
        if (plan.SurplusNat.IsEmpty)
            return;
        log.Say("network", "closing the way out that nothing needs any more");
        await cloud.Network.RemoveNatAsync(plan.Wanted.Owner, cancel);
    }

    /// <summary>They cost nothing, and not everybody may make them: whoever may not has nothing else yet.</summary>
    private async Task IdentitiesAsync(ImmutableArray<IdentityWanted> lacking, CancellationToken cancel)
    {
        await AllAsync([.. lacking.Select(i => cloud.Identities!.EnsureAsync(i, cancel))]);
        foreach (var identity in lacking)
            log.Say(identity.Machine, $"identity {identity.Name}: ready");
    }

    /// <summary>
    /// At every launch, also where no machine changes: a grant that was refused once is all that its VM waits for.
    /// </summary>
    private async Task SecretsAsync(ResolvedPlan plan, CancellationToken cancel)
    {
        var wanted = plan.Wanted;
        // User-data is not to name what is not there.
        foreach (var machine in plan.LackingBundle)
            await cloud.Bundles!.PutAsync(wanted.Owner, machine.Bundle!, cancel);
        await secrets.EnsureAsync(wanted.Owner, plan.Given, cancel);
        foreach (var machine in wanted.Machines)
            await cloud.Secrets.GrantAsync(machine, cancel);
    }

    /// <summary>With the address its record: before any machine, so that a zone that cannot be had costs nothing.</summary>
    private async Task<(PublicAddress? Address, string? Change)> AddressAsync(ResolvedPlan plan, CancellationToken cancel)
    {
        var wanted = plan.Wanted;
        if (wanted.PublicAddress is null)
            return (null, null);
        var address = await cloud.Addresses.EnsureAsync(wanted.PublicAddress, cancel);
        var isLed = Records is not null && plan.Record is { } record && (record.Changes(address.Ip) || record.There.LeadsTo(address.Ip));
        log.Say("address", isLed ? address.Ip : $"{address.Ip}; DNS record to make now: {wanted.Owner.Host} A {address.Ip}");
        return (address, isLed ? await Records!.MakeAsync(plan.Record!, address.Ip, cancel) : null);
    }

    /// <summary>
    /// The machine that is hardest to get decides the zone, before anything else stands in one. It costs the most, so that an address
    /// that cannot be had and a right that cannot be granted come before it.
    /// </summary>
    private async Task ZoneOfScarceAsync(ResolvedPlan plan, Change scarce, Task ready, Action<string> decided,
        CancellationToken cancel)
    {
        var isGone = scarce.Kind != ChangeKind.Replace;
        async Task InZoneAsync(MachineWanted machine, string zone)
        {
            await cloud.Network.EnsureAsync(plan.Wanted.Network, zone, cancel);
            await ready;
            if (!isGone)
                await DeleteAsync(scarce, cancel);
            isGone = true;
            await MakeAsync(plan, machine, zone, null, cancel);
            decided(cloud.Network.IsZonal ? zone : plan.Zones[0]);
        }
        // All zones before the next type: which machine it is was the user's choice, which zone was not.
        Task AnywhereAsync(string type) => Preference.InOrderAsync(plan.Zones, [CloudFailure.NoCapacity],
            zone => InZoneAsync(scarce.Wanted.As(type), zone),
            (zone, _, _) => log.Say(scarce.Wanted.Name, $"{zone} has no {type} left; trying the next zone"));
        await capacity.UntilThereIsRoomAsync(scarce.Wanted, AnywhereAsync, cancel);
        await capacity.GiveBackAsync(scarce.Wanted.Name, cancel);
    }

    /// <summary>First what is tied to a machine: what is changed after it may need its identity. This waits for no other.</summary>
    private async Task ChangeAsync(ResolvedPlan plan, Change change, string zone, PublicAddress? address, CancellationToken cancel)
    {
        if (!change.Loose.IsEmpty)
        {
            // New user-data is said when its turn comes, with all that is changed beside it.
            if (change.Kind != ChangeKind.Update)
                log.Say(change.Wanted.Name, change.Why);
            var disk = change.Loose.Contains(Tie.DataDisk)
                ? await cloud.Disks.EnsureAsync(plan.Wanted.DataDisk!, change.Found!.Zone, cancel) : null;
            // A cloud may stop the machine for it.
            await capacity.UntilThereIsRoomAsync(change.Found!, () =>
                cloud.Machines.TieAsync(change.Found!, change.Wanted, change.Loose, address, disk, cancel), cancel);
            // At once: from now on nothing tells that the machine has had it.
            foreach (var surplus in plan.Identities.Surplus.Where(s => s.Machine == change.Wanted.Name))
                await cloud.Identities!.DeleteAsync(surplus, cancel);
        }
        if (!plan.Held.Contains(change))
            await MachineAsync(plan, change, zone, address, cancel);
    }

    private async Task MachineAsync(ResolvedPlan plan, Change change, string zone, PublicAddress? address, CancellationToken cancel)
    {
        var (machine, found) = (change.Wanted, change.Found);
        if (plan.GrowsDataDisk && machine.HasDataDisk && !IsMade(change))
            await cloud.Disks.EnsureAsync(plan.Wanted.DataDisk!, found!.Zone, cancel);
        Task InRoomAsync(Func<Task> attempt) => capacity.UntilThereIsRoomAsync(found!, attempt, cancel);
        Task MadeAsync() => capacity.UntilThereIsRoomAsync(
            machine, type => MakeAsync(plan, machine.As(type), zone, address, cancel), cancel);
        switch (change.Kind)
        {
            case ChangeKind.Update or ChangeKind.Reshape:
                log.Say(machine.Name, change.Why);
                await capacity.UntilThereIsRoomAsync(machine, type => StandingAsync(change, machine.As(type), cancel), cancel);
                break;
            case ChangeKind.Start:
                log.Say(machine.Name, "starting");
                await InRoomAsync(() => cloud.Machines.StartAsync(capacity.WithRoom(found!), cancel));
                break;
            case ChangeKind.Replace:
                await DeleteAsync(change, cancel);
                await MadeAsync();
                break;
            case ChangeKind.Create:
                await MadeAsync();
                break;
        }
        await capacity.GiveBackAsync(machine.Name, cancel);
    }

    /// <summary>Changes a machine that stays. What an attempt before has done is looked at by each part, and left.</summary>
    private async Task StandingAsync(Change change, MachineWanted machine, CancellationToken cancel)
    {
        var found = capacity.WithRoom(change.Found! with { Type = machine.Type });
        if (change.Reshapes)
            await ReshapeAsync(change, machine, cancel);
        if (change.Kind == ChangeKind.Update)
            await cloud.Machines.ChangeUserDataAsync(found, machine, cancel);
        if (change.Reshapes || found.State is MachineState.Stopped or MachineState.Stopping)
            await cloud.Machines.StartAsync(found, cancel);
    }

    /// <summary>What the cloud does not give to a machine that was stopped for it, it goes on without.</summary>
    private async Task ReshapeAsync(Change change, MachineWanted machine, CancellationToken cancel)
    {
        var found = change.Found!;
        try
        {
            await cloud.Machines.ReshapeAsync(found, machine, cancel);
        }
        catch (CloudException e) when (found.State is MachineState.Running or MachineState.Starting
            && e.Failure is not (CloudFailure.NotSignedIn or CloudFailure.Unreachable))
        {
            log.Say(machine.Name, "starting it as it was");
            await cloud.Machines.StartAsync(found, cancel);
            throw;
        }
    }

    private async Task DeleteAsync(Change change, CancellationToken cancel)
    {
        log.Say(change.Wanted.Name, "deleting, to make it anew");
        await cloud.Machines.DeleteAsync(change.Found!, change.Wanted.Owner, keepsData: true, cancel);
    }

    private async Task MakeAsync(ResolvedPlan plan, MachineWanted machine, string zone, PublicAddress? address, CancellationToken cancel)
    {
        var disk = machine.HasDataDisk && plan.Wanted.DataDisk is { } data ? await cloud.Disks.EnsureAsync(data, zone, cancel) : null;
        var placement = new Placement(disk?.Zone ?? zone, plan.Images[machine.Name], machine.HasPublicAddress ? address : null, disk)
        {
            Room = capacity.RoomOf(machine.Name, machine.Type),
        };
        log.Say(machine.Name, $"making a {machine.Type} in {placement.Zone} from {placement.Image.Name}");
        var made = await cloud.Machines.CreateAsync(machine, placement, cancel);
        log.Say(machine.Name, $"runs: {made.Id}");
    }

    private static bool IsMade(Change change) => change.Kind is ChangeKind.Create or ChangeKind.Replace;

    /// <summary>Waits for all, so that nothing is left in the middle of its work when one of them is refused.</summary>
    private static async Task AllAsync(params Task[] tasks)
    {
        try
        {
            await Task.WhenAll(tasks);
        }
        catch (CloudException) when (tasks.Count(t => t.IsFaulted) > 1)
        {
            throw CloudException.Together([.. tasks.SelectMany(t => t.Exception?.InnerExceptions.OfType<CloudException>() ?? [])
                .Distinct()]);
        }
    }
}
