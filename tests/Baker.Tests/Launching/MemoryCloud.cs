using System.Collections.Immutable;
using Baker.Clouds.Live;

namespace Baker.Tests.Launching;

/// <summary>One process's view of a <see cref="MemoryAccount"/>.</summary>
internal sealed class MemoryCloud(MemoryAccount account, int process)
    : ICloud, IAccount, IStackLock, IAddresses, INetwork, ISecretStore, IDisks, IImages, IMachines, IConsole, ITags, IReservations, IDnsZones
{
    private static readonly TagMemory Memory = new("baker:tags", 40);

    public IAccount Account => this;

    public IStackLock Lock => this;

    public IAddresses Addresses => this;

    public INetwork Network => this;

    public ISecretStore Secrets => this;

    public IDisks Disks => this;

    public IImages Images => this;

    public IMachines Machines => this;

    public IConsole Console => this;

    public ITags Tags => this;

    public IReservations Reservations => this;

    public IIdentities Identities => new MemoryIdentities(account, (doing, work) => Call(doing, work));

    public IDnsZones Dns => this;

    public IBundles Bundles => new MemoryBundles(account, (doing, work) => Call(doing, work));

    public IBakery Bakery => new MemoryBakery(() => Call("listing images", () => account.Baked));

    public bool IsZonal => true;

    public bool TakesUserDataLive => false;

    public bool TakesIdentityLive => true;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Task<AccountInfo> SignInAsync(CancellationToken cancel) => Call("asking who this is", () => new AccountInfo("account 42"));

    public Task<Preflight> CheckAsync(StackWanted wanted, ImmutableArray<string> zones, CancellationToken cancel) => Call("looking ahead", () => account.Preflight);

    public Task<ImmutableArray<string>> ZonesAsync(StackWanted wanted, CancellationToken cancel) => Call("asking for zones", () => ImmutableArray.Create("zone-a", "zone-b"));

    public async Task<IAsyncDisposable> TakeAsync(StackOwner owner, string holder, CancellationToken cancel)
    {
        // Each process knows its own.
        holder = $"{holder} ({process})";
        await Call("taking the lock", () =>
        {
            if (account.Content("lock") is { } other)
                throw new CloudException(CloudFailure.Locked, "taking the lock", $"held by {other}", "--break-lock takes it away");
            account.Make("lock", holder);
        });
        return new Taken(this, holder);
    }

    Task<Resource?> IStackLock.FindAsync(StackOwner owner, CancellationToken cancel) => Call("looking for the lock", () =>
        account.Content("lock") is { } holder ? Resource.Lock(owner, "lock", holder) : null);

    public Task BreakAsync(StackOwner owner, CancellationToken cancel) => Call("breaking the lock", () => account.Remove("lock"));

    public Task<PublicAddress> EnsureAsync(PublicAddressWanted wanted, CancellationToken cancel) => Call($"reserving {wanted.Name}", () =>
    {
        account.Make($"address {wanted.Name}");
        return new PublicAddress("address-1", wanted.Name, "203.0.113.7");
    });

    Task<PublicAddress?> IAddresses.FindAsync(StackOwner owner, CancellationToken cancel) => Call("finding the address", () =>
        account.Has($"address {owner.Stack}-gitlab") ? new PublicAddress("address-1", $"{owner.Stack}-gitlab", "203.0.113.7") : null);

    Task IAddresses.DeleteAsync(StackOwner owner, CancellationToken cancel) => Call("releasing the address", () => account.Remove($"address {owner.Stack}-gitlab"));

    public async Task EnsureAsync(NetworkWanted wanted, string zone, CancellationToken cancel)
    {
        await Call("making the network", () =>
        {
            account.Make($"network {wanted.Owner.Stack}");
            account.Tags ??= new SortedDictionary<string, string>(Memory.With(wanted.Owner.Tags), StringComparer.Ordinal);
        }, 3);
        await Call("making subnets", () => account.Make($"subnets {wanted.Owner.Stack}", zone), 3);
        await Call("making the firewall", () => account.Make($"firewall {wanted.Owner.Stack}", Rules(wanted)), 3);
    }

    public Task<ImmutableArray<string>> DifferencesAsync(NetworkWanted wanted, CancellationToken cancel) => Call("looking at the firewall", () =>
        account.Content($"firewall {wanted.Owner.Stack}") is not { } there ? ["the firewall is not there"]
            : there == Rules(wanted) ? ImmutableArray<string>.Empty : [$"the firewall is another one: {Rules(wanted)}"]);

    private static string Rules(NetworkWanted wanted) => string.Join(", ", wanted.Egress.Where(e => e.Reason is not null)
        .Select(e => $"{e.Group} to {e.To}:{e.Port} ({e.Reason})").Prepend($"{wanted.Rules.Length} rules"));

    public Task EnsureNatAsync(NetworkWanted wanted, CancellationToken cancel) => Call("making NAT", () => account.Make($"nat {wanted.Owner.Stack}"), 120);

    public Task<ImmutableArray<Resource>> FindNatAsync(StackOwner owner, CancellationToken cancel) => Call("finding NAT", () =>
        new[] { $"nat {owner.Stack}" }.Where(account.Has).Select(n => new Resource("nat", owner.Stack, n)).ToImmutableArray());

    public Task RemoveNatAsync(StackOwner owner, CancellationToken cancel) => Call("removing NAT", () => account.Remove($"nat {owner.Stack}"), 60);

    public ImmutableArray<Resource> Makes(StackWanted wanted) =>
        [.. Parts(wanted.Owner).Where(p => wanted.Network.NeedsNat || !p.StartsWith("nat ", StringComparison.Ordinal)).Select(p => new Resource(p.Split(' ')[0], wanted.Owner.Stack, "") { IsBilled = p.StartsWith("nat ", StringComparison.Ordinal) })];

    Task<ImmutableArray<Resource>> INetwork.FindAsync(StackOwner owner, CancellationToken cancel) => Call("finding the network", () =>
        Parts(owner).Where(account.Has).Select(p => new Resource(p.Split(' ')[0], owner.Stack, p)).ToImmutableArray());

    async Task<ImmutableArray<Resource>> INetwork.DeleteAsync(StackOwner owner, CancellationToken cancel)
    {
        foreach (var part in Parts(owner))
            await Call($"deleting {part}", () => account.Remove(part));
        account.Tags = null;
        return [];
    }

    public Task<bool> ExistsAsync(StackOwner owner, string location, CancellationToken cancel) => Call($"looking for {location}", () => account.Has($"secret {location}"));

    public Task PutAsync(StackOwner owner, string location, ReadOnlyMemory<byte> value, CancellationToken cancel) => Call($"storing {location}", () =>
    {
        account.Make($"secret {location}");
        account.Secrets[location] = value.ToArray();
        account.Versions[location] = account.Versions.GetValueOrDefault(location) + 1;
    });

    public int MostBytes => 4096;

    public Task<GivenState> CompareAsync(StackOwner owner, string location, ReadOnlyMemory<byte>? value, CancellationToken cancel) => Call($"comparing {location}", () =>
        GivenSecret.Judge(account.Has($"secret {location}") ? $"{account.Versions[location]}" : null, account.Marks.GetValueOrDefault(location), value));

    public async Task PutGivenAsync(StackOwner owner, string location, ReadOnlyMemory<byte> value, CancellationToken cancel)
    {
        await PutAsync(owner, location, value, cancel);
        await Call($"marking {location}", () => account.Marks[location] = GivenSecret.Mark($"{account.Versions[location]}", value));
    }

    Task ISecretStore.DeleteAsync(StackOwner owner, string location, CancellationToken cancel) => Call($"deleting {location}", () => account.Remove($"secret {location}"));

    public string ReadCommand(StackOwner owner, string location) => $"memory read {location}";

    public Task<Disk> EnsureAsync(DiskWanted wanted, string zone, CancellationToken cancel) => Call($"making {wanted.Name}", () =>
    {
        if (!account.Has($"disk {wanted.Name}"))
        {
            account.Make($"disk {wanted.Name}", zone);
            account.DiskGb = 0;
        }
        account.DiskGb = Math.Max(account.DiskGb, wanted.SizeGb);
        return new Disk("disk-1", wanted.Name, account.Content($"disk {wanted.Name}")!, account.DiskGb);
    });

    Task<Disk?> IDisks.FindAsync(StackOwner owner, CancellationToken cancel) => Call("finding the disk", () =>
        account.Content($"disk {owner.Stack}-gitlab-data") is { } zone ? new Disk("disk-1", $"{owner.Stack}-gitlab-data", zone, account.DiskGb) : null);

    public Task<string?> SnapshotAsync(Disk disk, StackOwner owner, CancellationToken cancel) => Call<string?>("copying the disk", () =>
    {
        account.Make($"snapshot {disk.Name}");
        return "snapshot-1";
    });

    public Task<ImmutableArray<Resource>> SnapshotsAsync(StackOwner owner, CancellationToken cancel) => Call("finding snapshots", () =>
        new[] { $"snapshot {owner.Stack}-gitlab-data" }.Where(account.Has).Select(s => new Resource("snapshot", s.Split(' ')[1], s)).ToImmutableArray());

    public Task DeleteSnapshotAsync(Resource snapshot, CancellationToken cancel) => Call($"deleting {snapshot.Id}", () => account.Remove(snapshot.Id));

    public Task DeleteAsync(Disk disk, StackOwner owner, CancellationToken cancel) => Call($"deleting {disk.Name}", () => account.Remove($"disk {disk.Name}"));

    public Task<Image> ResolveAsync(ImageWanted wanted, CancellationToken cancel) => Call("choosing an image", () => new Image(wanted.Id ?? "image-1", "ubuntu", false, "the newest"));

    Task<ImmutableArray<VirtualMachine>> IMachines.FindAsync(StackOwner owner, CancellationToken cancel) => Call("finding machines", () => account.Machines.Values.ToImmutableArray());

    public Task<VirtualMachine> CreateAsync(MachineWanted wanted, Placement placement, CancellationToken cancel) => Call($"making {wanted.Name}", () =>
    {
        if (wanted.IsScarce)
            HasRoom($"making {wanted.Name}", placement.Zone, wanted.Type, placement.Room);
        if (placement.Zone != account.Content($"subnets {wanted.Owner.Stack}"))
            throw new CloudException(CloudFailure.Refused, $"making {wanted.Name}", $"there is no subnet in {placement.Zone}");
        account.Deeds.Add($"+ machine {wanted.Name} {placement.Zone}");
        account.UserData[wanted.Name] = wanted.UserData;
        return account.Machines[wanted.Name] = new VirtualMachine(
            wanted.Name, $"i-{wanted.Name}", MachineState.Running, placement.Zone, wanted.Type, wanted.Address, placement.PublicAddress?.Ip, placement.Image.Id, wanted.UserDataDigest, account.Time.GetUtcNow(), wanted.DiskGb, wanted.AttachedGpu, wanted.Release)
        {
            Ties = new MachineTies(wanted.Identity, [wanted.Group], placement.PublicAddress?.Ip, placement.DataDisk is { } disk ? [disk.Id] : []),
        };
    }, 30);

    public async Task TieAsync(VirtualMachine machine, MachineWanted wanted, ImmutableArray<Tie> loose, PublicAddress? address, Disk? disk, CancellationToken cancel)
    {
        foreach (var tie in loose)
            await Set(machine, m => m with
            {
                PublicIp = tie == Tie.PublicAddress ? address!.Ip : m.PublicIp,
                Ties = tie switch
                {
                    Tie.Identity => m.Ties! with { Identity = wanted.Identity },
                    Tie.Firewall => m.Ties! with { Groups = [wanted.Group] },
                    Tie.PublicAddress => m.Ties! with { PublicIp = address!.Ip },
                    _ => m.Ties! with { Disks = [.. m.Ties.Disks, disk!.Id] },
                },
            }, $"tying {tie} to");
    }

    public Task<ReadOnlyMemory<byte>> UserDataAsync(VirtualMachine machine, CancellationToken cancel) =>
        Call($"reading the user-data of {machine.Name}", () => account.UserData.GetValueOrDefault(machine.Name));

    public async Task ChangeUserDataAsync(VirtualMachine machine, MachineWanted wanted, CancellationToken cancel)
    {
        await StopAsync(machine, cancel);
        await Set(machine, m =>
        {
            account.UserData[machine.Name] = wanted.UserData;
            return m with { UserDataDigest = wanted.UserDataDigest, Release = wanted.Release };
        }, "changing user-data");
        await StartAsync(machine, cancel);
        account.Deeds.Add($"~ machine {machine.Name}");
        account.Changed(account.Machines[machine.Name]);
    }

    public bool TakesType(VirtualMachine machine, MachineWanted wanted) => true;

    public async Task ReshapeAsync(VirtualMachine machine, MachineWanted wanted, CancellationToken cancel)
    {
        await StopAsync(machine, cancel);
        await Set(machine, m => m with { Type = wanted.Type, DiskGb = Math.Max(m.DiskGb ?? 0, wanted.DiskGb) }, "reshaping");
    }

    public Task StartAsync(VirtualMachine machine, CancellationToken cancel) => Set(machine, m =>
    {
        if (IsScarce(m) && m.State == MachineState.Stopped)
            HasRoom($"starting {m.Name}", m.Zone, m.Type, machine.Room);
        return m with { State = MachineState.Running, Since = account.Time.GetUtcNow() };
    }, "starting");

    public Task StopAsync(VirtualMachine machine, CancellationToken cancel) => Set(machine, m =>
    {
        Leave(m);
        return m with { State = MachineState.Stopped };
    }, "stopping");

    Task<ReservationsFound> IReservations.FindAsync(StackOwner owner, CancellationToken cancel) => Call("finding reservations", () =>
        new ReservationsFound([.. account.Named("reservation ").Select(n => Known(n.Split(' ')[1], account.Content(n)!))]));

    Task<Reservation> IReservations.MakeAsync(MachineWanted wanted, VirtualMachine present, CancellationToken cancel) => Call($"reserving for {wanted.Name}", () =>
    {
        if (account.KeepsNoRoom is { } no)
            throw no;
        HasRoom($"reserving for {wanted.Name}", present.Zone, wanted.Type, null);
        account.Make($"reservation {wanted.Name}", $"{wanted.Type} {present.Zone}");
        return Known(wanted.Name, $"{wanted.Type} {present.Zone}");
    });

    Task IReservations.DeleteAsync(Reservation reservation, CancellationToken cancel) => Call($"cancelling {reservation.Id}", () => account.Remove(reservation.Id));

    private Reservation Known(string machine, string content) => new($"reservation {machine}", machine, content.Split(' ')[0], content.Split(' ')[1], account.Time.GetUtcNow() + TimeSpan.FromHours(2));

    private void HasRoom(string doing, string zone, string type, Reservation? room)
    {
        if (room is not null && room.Type != type)
            throw new CloudException(CloudFailure.NoCapacity, doing, $"{room.Id} keeps a {room.Type}");
        if (!(account.SoldOut.Contains(zone) || account.SoldOutTypes.Contains(type)) || (room is not null && account.Has(room.Id)))
            return;
        if (account.FreedAfter > 0 && --account.FreedAfter == 0)
            account.SoldOut.Remove(zone);
        throw new CloudException(CloudFailure.NoCapacity, doing, "sold out");
    }

    private void Leave(VirtualMachine machine)
    {
        if (account.IsContested && IsScarce(machine))
            account.SoldOut.Add(machine.Zone);
    }

    private static bool IsScarce(VirtualMachine machine) => machine.Type.StartsWith('g');

    public Task DeleteAsync(VirtualMachine machine, StackOwner owner, bool keepsData, CancellationToken cancel) => Call($"deleting {machine.Name}", () =>
    {
        if (account.Machines.TryGetValue(machine.Name, out var there))
            Leave(there);
        account.Machines.Remove(machine.Name);
        account.Deeds.Add($"- machine {machine.Name}");
    }, 20);

    public Task<ConsoleText> ReadAsync(VirtualMachine machine, string? since, CancellationToken cancel) =>
        Call("reading the console", () =>
        {
            account.ConsoleRead.TrySetResult();
            return new ConsoleText(account.Consoles.GetValueOrDefault(machine.Name) ?? "", null);
        });

    public Task<ImmutableArray<TagChange>> ChangesAsync(StackWanted wanted, CancellationToken cancel) => Call("looking at tags", () =>
        account.Tags is { } tags && Memory.Change("all", wanted.Owner.Tags, tags) is { } change ? ImmutableArray.Create(change) : []);

    public async Task ApplyAsync(ImmutableArray<TagChange> changes, CancellationToken cancel)
    {
        foreach (var change in changes)
        {
            await Call("taking tags off", () => change.Remove.ToList().ForEach(k => account.Tags!.Remove(k)));
            await Call("putting tags on", () => change.Set.ToList().ForEach(t => account.Tags![t.Key] = t.Value));
        }
    }

    private static string[] Parts(StackOwner owner) => [.. new[] { "nat", "firewall", "subnets", "network" }.Select(kind => $"{kind} {owner.Stack}")];

    private Task<bool> Set(VirtualMachine machine, Func<VirtualMachine, VirtualMachine> change, string doing) =>
        Call($"{doing} {machine.Name}", () => { account.Machines[machine.Name] = change(account.Machines[machine.Name]); }, 10);

    private Task<T> Call<T>(string doing, Func<T> work, double seconds = 1) => account.CallAsync(process, doing, seconds, work);

    private Task<bool> Call(string doing, Action work, double seconds = 1) => Call(doing, () =>
    {
        work();
        return true;
    }, seconds);

    private sealed class Taken(MemoryCloud cloud, string holder) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await cloud.Call("giving the lock back", () => cloud.Release(holder));
    }

    private void Release(string holder)
    {
        if (account.Content("lock") == holder)
            account.Remove("lock");
    }

    public string Title => "Memory's DNS";

    public Task<ImmutableArray<DnsZone>> ListAsync(CancellationToken cancel) =>
        Call("dns: listing zones", () => account.Zones.Where(z => z.IsPublic).Select(z => new DnsZone(z.Id, z.Name)).ToImmutableArray());

    public Task<DnsZone> NamedAsync(RecordWanted wanted, CancellationToken cancel) => Call("dns: looking for a zone", () =>
        account.Zones.Find(z => z.Id == wanted.Zone && z.IsPublic) is { } zone ? new DnsZone(zone.Id, zone.Name) : throw new CloudException(CloudFailure.Refused, $"looking for the zone {wanted.Zone}", "there is none"));

    public Task<ImmutableArray<string>> ServersAsync(DnsZone zone, CancellationToken cancel) => Call("dns: looking for servers", () => ImmutableArray.Create("ns.example"));

    public Task<ImmutableArray<RecordSet>> SetsAsync(DnsZone zone, string name, CancellationToken cancel) =>
        Call("dns: looking for records", () => account.Zones.Single(z => z.Id == zone.Id).Sets.Where(s => s.Name == name).ToImmutableArray());

    public Task RehearseAsync(DnsZone zone, string mark, CancellationToken cancel) => Call("dns: rehearsing", () => true);

    public Task<string> ChangeAsync(DnsZone zone, RecordBatch batch, CancellationToken cancel) => Call("dns: changing records", () =>
    {
        var there = account.Zones.Single(z => z.Id == zone.Id);
        if (there.Apply(batch, account.Time.GetUtcNow()) is { } wrong)
            throw new CloudException(CloudFailure.Taken, "changing records", wrong);
        account.Deeds.Add($"{(batch.Made.IsEmpty ? "-" : "+")} record");
        return $"{there.Changes.Count - 1}";
    });

    public Task<bool> IsDoneAsync(DnsZone zone, string change, CancellationToken cancel) => Call("dns: looking at a change", () => true);
}
