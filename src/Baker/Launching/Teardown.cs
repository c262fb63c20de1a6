using System.Collections.Immutable;
using Baker.Clouds.Live;
using Baker.Stack;

namespace Baker.Launching;

/// <param name="DeleteData">Also the data disk, its snapshots and what was made for it; without this a last snapshot is kept.</param>
/// <param name="KeepAddress">The name still points to it.</param>
public sealed record TeardownChoice(bool DeleteData, bool KeepAddress)
{
    /// <summary>Whatever points to it, and with the record that a launch has made of it.</summary>
    public bool ReleaseAddress { get; init; }
}

/// <summary>Removes a stack, also one that is half made. Names what it could not remove.</summary>
public sealed class Teardown(ICloud cloud, StackOwner owner, ImmutableArray<SecretPlan> secrets, ILaunchLog log)
{
    /// <summary>What a launch makes in DNS; null: people do that.</summary>
    public RecordWanted? Record { get; init; }

    /// <summary>What a launch can make as identities.</summary>
    public ImmutableArray<IdentityWanted> Identities { get; init; } = [];

    /// <summary>The address is the user's own, and stays in any case.</summary>
    public bool IsAddressYours { get; init; }

    /// <summary>Removes records of DNS; null: there are none.</summary>
    public RecordMaker? Records { get; init; }

    /// <summary>Everything that there is of the stack, for the question before it is removed.</summary>
    public async Task<ImmutableArray<Resource>> FindAsync(CancellationToken cancel)
    {
        var survey = await Survey.OfAsync(cloud, owner, cancel);
        var found = ImmutableArray.CreateBuilder<Resource>();
        found.AddRange(survey.Machines.Select(m => new Resource("machine", m.Name, m.Id, m.State.ToString().ToLowerInvariant())));
        found.AddRange(survey.Reservations.All.Select(r => r.Listed()));
        if (survey.DataDisk is { } disk)
            found.Add(new Resource("data disk", disk.Name, disk.Id, $"{disk.SizeGb} GB: GitLab's data and keys"));
        found.AddRange(await cloud.Disks.SnapshotsAsync(owner, cancel));
        if (survey.Address is { } address)
            found.Add(new Resource("public address", address.Name, address.Id, address.Ip));
        if ((await NameAsync(cancel)).Record is { Standing: RecordStanding.Ours } record)
            found.Add(RecordPlan.Listed(record));
        found.AddRange((await MachineIdentities.OfAsync(cloud, Identities, survey, cancel)).Found
            .Where(i => i.Standing == IdentityStanding.Ours).Select(i => i.Wanted.Listed()));
        found.AddRange(await cloud.Network.FindAsync(owner, cancel));
        found.AddRange((await BundlesAsync(cancel)).All.Select(Bundle));
        foreach (var secret in secrets.Where(s => s.IsMade).DistinctBy(s => s.Location))
        {
            if (await cloud.Secrets.ExistsAsync(owner, secret.Location, cancel))
                found.Add(new Resource("secret", secret.Name, secret.Location));
        }
        if (await cloud.Lock.FindAsync(owner, cancel) is { } held)
            found.Add(held);
        return found.ToImmutable();
    }

    /// <returns>What is left, with the reason; empty when nothing is.</returns>
    public async Task<ImmutableArray<Resource>> RemoveAsync(TeardownChoice choice, CancellationToken cancel)
    {
        var survey = await Survey.OfAsync(cloud, owner, cancel);
        var identities = await MachineIdentities.OfAsync(cloud, Identities, survey, cancel);
        var left = ImmutableArray.CreateBuilder<Resource>();
        await Task.WhenAll(survey.Reservations.All.Select(r => TryAsync(left, r.Listed(), () =>
            cloud.Reservations!.DeleteAsync(r, cancel))));
        if (survey.Reservations.Unseen is { } unlooked)
            left.Add(new Resource("capacity reservations", owner.Stack, "", unlooked));
        var before = left.Count;
        await Task.WhenAll(survey.Machines.Select(m =>
            TryAsync(left, new Resource("machine", m.Name, m.Id), () =>
            cloud.Machines.DeleteAsync(m, owner, keepsData: !choice.DeleteData, cancel))));
        if (left.Count > before)
            return left.ToImmutable();
        await IdentitiesAsync(left, identities, cancel);
        if (survey.DataDisk is { } disk)
            await DiskAsync(left, disk, choice.DeleteData, cancel);
        foreach (var snapshot in await cloud.Disks.SnapshotsAsync(owner, cancel))
        {
            if (choice.DeleteData)
                await TryAsync(left, snapshot, () => cloud.Disks.DeleteSnapshotAsync(snapshot, cancel));
            else
                left.Add(snapshot with { Note = "kept, with the stack's secrets; --delete-data removes it" });
        }
        var isNameKept = await NameAsync(left, survey.Address, choice, cancel);
        if (survey.Address is { } address && (choice.KeepAddress || isNameKept))
            left.Add(new Resource("public address", address.Name, address.Id,
                $"{owner.Host} still points to {address.Ip}; --release-address gives it back"));
        else if (survey.Address is { } unused)
            await TryAsync(left, new Resource("public address", unused.Name, unused.Id), () => cloud.Addresses.DeleteAsync(owner, cancel));
        left.AddRange(await cloud.Network.DeleteAsync(owner, cancel));
        var bundles = await BundlesAsync(cancel);
        foreach (var bundle in bundles.All)
            await TryAsync(left, Bundle(bundle), () => cloud.Bundles!.DeleteAsync(bundle, cancel));
        if (bundles.Unseen is { } unseen)
            left.Add(new Resource("bundles of user-data", owner.Stack, "", unseen));
        // They belong to the data, also to a snapshot of it: its root password, the certificate that people have come to trust.
        foreach (var secret in secrets.Where(s => s.IsTheStacks).DistinctBy(s => s.Location))
        {
            var resource = new Resource("secret", secret.Name, secret.Location);
            if (choice.DeleteData)
                await TryAsync(left, resource, () => cloud.Secrets.DeleteAsync(owner, secret.Location, cancel));
            else if (await cloud.Secrets.ExistsAsync(owner, secret.Location, cancel))
                left.Add(resource with { Note = "kept, as it belongs to GitLab's data; --delete-data removes it" });
        }
        return left.ToImmutable();
    }

    /// <summary>A machine loses its rights with them: after the machines. They are made again with the next launch.</summary>
    private async Task IdentitiesAsync(ImmutableArray<Resource>.Builder left, MachineIdentities identities, CancellationToken cancel)
    {
        foreach (var found in identities.Found)
        {
            if (found.Unseen is { } why)
                left.Add(found.Wanted.Listed() with { Note = why });
            else if (found.Standing == IdentityStanding.Ours)
                await TryAsync(left, found.Wanted.Listed(), () => cloud.Identities!.DeleteAsync(found.Wanted, cancel));
        }
    }

    private Task<NameFound> NameAsync(CancellationToken cancel) => Record is { } record && cloud.Dns is { } zones
        ? new NameLookup(zones, record, owner).FindAsync(cancel) : Task.FromResult(NameFound.None);

    /// <summary>A record goes before its address: somebody else may be given that, and would be reached by the stack's name.</summary>
    /// <returns>True when it still leads to the address.</returns>
    private async Task<bool> NameAsync(ImmutableArray<Resource>.Builder left, PublicAddress? address, TeardownChoice choice,
        CancellationToken cancel)
    {
        var name = await NameAsync(cancel);
        if (name.Unseen is { } unseen)
            left.Add(new Resource("DNS record", Record!.Host, "", unseen, Record.Zone is not null));
        if (name.Record is not { Standing: RecordStanding.Ours } there)
            return false;
        var resource = RecordPlan.Listed(there);
        if (!choice.ReleaseAddress && there.IsUntouched && (IsAddressYours || there.LeadsTo(address?.Ip)))
        {
            left.Add(resource with { Note = "kept with its address; --release-address removes it" });
            return true;
        }
        var before = left.Count;
        await TryAsync(left, resource, () => Records!.RemoveAsync(there, Record!, cancel));
        return left.Count > before;
    }

    private Task<BundlesFound> BundlesAsync(CancellationToken cancel) =>
        cloud.Bundles is { } store ? store.FindAsync(owner, isNeeded: false, cancel) : Task.FromResult(BundlesFound.None);

    private static Resource Bundle(BundleFound found) => new("bundle of user-data", found.Machine, found.Folder);

    private async Task DiskAsync(ImmutableArray<Resource>.Builder left, Disk disk, bool delete, CancellationToken cancel)
    {
        var resource = new Resource("data disk", disk.Name, disk.Id);
        if (!delete)
        {
            string? snapshot = null;
            var before = left.Count;
            await TryAsync(left, resource, async () => snapshot = await cloud.Disks.SnapshotAsync(disk, owner, cancel));
            if (left.Count > before)
                return;
            if (snapshot is null)
            {
                left.Add(resource with { Note = "kept, with the stack's secrets; --delete-data removes it, the next launch uses it" });
                return;
            }
            log.Say(disk.Name, $"kept as snapshot {snapshot}");
        }
        await TryAsync(left, resource, () => cloud.Disks.DeleteAsync(disk, owner, cancel));
    }

    private async Task TryAsync(ImmutableArray<Resource>.Builder left, Resource resource, Func<Task> remove)
    {
        try
        {
            await remove();
            log.Say(resource.Name, $"{resource.Kind} {resource.Id}: done");
        }
        catch (CloudException e)
        {
            lock (left)
                left.Add(resource with { Note = e.Message, IsStuck = true });
        }
    }
}
