using System.Collections.Immutable;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>Compute Engine's instances.</summary>
internal sealed class GoogleInstances(Compute compute, GooglePlace place, InstanceMaker maker) : IMachines
{
    private static readonly GoogleJson Json = GoogleJson.Default;

    /// <summary>The runner on a VM reads its metadata again every few minutes.</summary>
    public bool TakesUserDataLive => true;

    /// <summary>A service account is set on a machine that is stopped.</summary>
    public bool TakesIdentityLive => false;

    public bool TakesType(VirtualMachine machine, MachineWanted wanted) =>
        wanted.Types.All(t => GoogleMachines.IsWithinReach(machine.Type, t));

    public async Task<ImmutableArray<VirtualMachine>> FindAsync(StackOwner owner, CancellationToken cancel)
    {
        const string Doing = "listing the machines";
        var patience = compute.Patience(Doing, Patience.Busy);
        while (true)
        {
            var found = await compute.InstancesAsync(place, GoogleMark.Filter(owner), Doing, cancel);
            if (await SettleAsync(found, Doing, cancel) && await patience.WaitAsync("machines are being made or deleted", cancel))
                continue;
            if (found.GroupBy(i => i.Name).FirstOrDefault(g => g.Count() > 1) is { } twins)
            {
                throw new CloudException(CloudFailure.Refused, Doing,
                    $"there are two of one name: {string.Join(" and ", twins.Select(i => GooglePlace.Path(i.SelfLink)))}",
                    "delete the one that is not wanted; both carry this stack's id");
            }
            return [.. found.Select(i => InstanceView.Of(i, owner))];
        }
    }

    public async Task<VirtualMachine> CreateAsync(MachineWanted wanted, Placement placement, CancellationToken cancel) =>
        InstanceView.Of(await maker.MakeAsync(wanted, placement, cancel), wanted.Owner);

    public async Task<ReadOnlyMemory<byte>> UserDataAsync(VirtualMachine machine, CancellationToken cancel) =>
        InstanceView.UserData(await GetAsync(machine, $"reading the user-data of {machine.Name}", cancel));

    public async Task ChangeUserDataAsync(VirtualMachine machine, MachineWanted wanted, CancellationToken cancel)
    {
        var doing = $"changing the user-data of {machine.Name}";
        Task<Refusal?>? Write(Instance found)
        {
            var changed = InstanceBody.Changed(found.Metadata, wanted);
            return changed.Items!.OrderBy(i => i.Key, StringComparer.Ordinal)
                .SequenceEqual((found.Metadata?.Items ?? []).OrderBy(i => i.Key, StringComparer.Ordinal)) ? null
                : compute.PostAsync($"{machine.Id}/setMetadata", changed, Json.Metadata, doing, cancel);
        }
        if (await compute.Patience(doing, Patience.Crowded).WriteAsync<Instance>(
            async () => await GetAsync(machine, doing, cancel), i => i.Metadata?.Fingerprint, Write, cancel) is { } refusal)
            throw refusal.ToException(doing);
    }

    public async Task TieAsync(VirtualMachine machine, MachineWanted wanted, ImmutableArray<Tie> loose, PublicAddress? address,
        Live.Disk? disk, CancellationToken cancel)
    {
        var ties = new GoogleTies(compute);
        if (loose.Contains(Tie.Identity))
        {
            await StopAsync(machine, cancel);
            await ties.IdentityAsync(machine, wanted, cancel);
            // One that was stopped before is started by what starts it.
            if (machine.State is MachineState.Running or MachineState.Starting)
                await StartAsync(machine, cancel);
        }
        if (loose.Contains(Tie.Firewall))
            await ties.GroupAsync(machine, wanted, cancel);
        if (loose.Contains(Tie.PublicAddress))
            await ties.AddressAsync(machine, address!, cancel);
        if (loose.Contains(Tie.DataDisk))
            await ties.DiskAsync(machine, disk!, cancel);
    }

    public async Task ReshapeAsync(VirtualMachine machine, MachineWanted wanted, CancellationToken cancel)
    {
        await StopAsync(machine, cancel);
        await new GoogleShape(compute, place).SetAsync(machine, wanted, cancel);
    }

    public async Task StartAsync(VirtualMachine machine, CancellationToken cancel)
    {
        var doing = $"starting {machine.Name}";
        if (await AwaitStandstillAsync(machine, doing, cancel) is { Status: "RUNNING" })
            return;
        if (await compute.PostAsync($"{machine.Id}/start", doing, cancel) is { } refusal)
            throw refusal.ToException(doing, refusal.IsStockOut
                ? "the zone has none left at the moment; `baker launch --replace` makes it anew in another zone, if it has no data disk"
                : null);
    }

    public async Task StopAsync(VirtualMachine machine, CancellationToken cancel)
    {
        var doing = $"stopping {machine.Name}";
        if (await AwaitStandstillAsync(machine, doing, cancel) is not { Status: "RUNNING" } found)
            return;
        // Some machine types bring a Local SSD, and stop only for who gives up what is on it. Nothing of the stack's is.
        var hasLocalSsd = found.Disks?.Any(d => d.Type == "SCRATCH") == true;
        if (await compute.PostAsync($"{machine.Id}/stop", doing, cancel, ("discardLocalSsd", hasLocalSsd ? "true" : null)) is { } refusal)
            throw refusal.ToException(doing);
    }

    public async Task DeleteAsync(VirtualMachine machine, StackOwner owner, bool keepsData, CancellationToken cancel)
    {
        var doing = $"deleting {machine.Name}";
        if (await compute.FindAsync(machine.Id, Json.Instance, doing, cancel) is not { } found)
            return;
        if (!GoogleMark.IsOurs(found.Labels, owner))
            throw GoogleMark.Taken(doing, "instance", machine.Id, found.Description, found.Labels);
        if (found.DeletionProtection == true &&
            await compute.PostAsync($"{machine.Id}/setDeletionProtection", doing, cancel,
                ("deletionProtection", "false")) is { IsMissing: false } refusal)
            throw refusal.ToException(doing);
        await compute.DeleteAsync(machine.Id, doing, cancel);
    }

    private async Task<Instance> GetAsync(VirtualMachine machine, string doing, CancellationToken cancel) =>
        await compute.FindAsync(machine.Id, Json.Instance, doing, cancel)
            ?? throw new CloudException(CloudFailure.Refused, doing, "it is gone", "launch again");

    /// <summary>Waits while it changes state: also a shutdown that was begun on the VM itself, which no operation tells of.</summary>
    private async Task<Instance> AwaitStandstillAsync(VirtualMachine machine, string doing, CancellationToken cancel)
    {
        var patience = compute.Patience(doing, Patience.Busy);
        while (true)
        {
            var found = await GetAsync(machine, doing, cancel);
            if (found.Status is not ("PROVISIONING" or "STAGING" or "STOPPING" or "SUSPENDING"))
                return found;
            if (!await patience.WaitAsync($"it is {found.Status}", cancel))
                throw new CloudException(CloudFailure.Unreachable, doing, $"it is still {found.Status}",
                    "its console may say why: `baker status`; then again");
        }
    }

    /// <summary>
    /// A machine that is stopping may be on its way to be deleted, and one that is provisioned may yet be refused: only the operation that
    /// an
    /// earlier run began knows.
    /// </summary>
    private async Task<bool> SettleAsync(IEnumerable<Instance> found, string doing, CancellationToken cancel)
    {
        var unsettled = false;
        foreach (var instance in found.Where(i => i.Status is "PROVISIONING" or "STAGING" or "STOPPING" or "DEPROVISIONING"))
        {
            var path = GooglePlace.Path(instance.SelfLink);
            unsettled |= await compute.SettleAsync($"{place.Root}/zones/{GooglePlace.Name(instance.Zone)}", p => p == path, doing, cancel);
        }
        return unsettled;
    }
}
