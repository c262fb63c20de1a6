using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Baker.Clouds.Facts;
using Baker.Clouds.Facts.Local;
using Baker.Clouds.Live.Local.Baked;
using Baker.Clouds.Live.Local.Images;
using Baker.Clouds.Live.Local.Network;
using Baker.Clouds.Live.Local.Qemu;

namespace Baker.Clouds.Live.Local;

/// <summary>Machines as QEMU processes.</summary>
internal sealed class LocalMachines(Desk desk, LocalSpec spec, RootDisk root, MachineStart start) : IMachines
{
    public const string Zone = "local";

    /// <summary>The seed is a CD that is exchanged while the machine runs.</summary>
    public bool TakesUserDataLive => true;

    public bool TakesIdentityLive => true;

    public bool TakesType(VirtualMachine machine, MachineWanted wanted) => true;

    /// <summary>What belongs to a guest is on QEMU's command line, and cannot come loose.</summary>
    public Task TieAsync(VirtualMachine machine, MachineWanted wanted, ImmutableArray<Tie> loose, PublicAddress? address, Disk? disk,
        CancellationToken cancel) => throw new NotSupportedException("nothing is tied to a guest");

    public Task<ImmutableArray<VirtualMachine>> FindAsync(StackOwner owner, CancellationToken cancel) =>
        Guarded.RunAsync($"looking for the machines of {owner.Stack}", async () =>
    {
        var found = ImmutableArray.CreateBuilder<VirtualMachine>();
        foreach (var folder in desk.Folder(owner).AllMachines)
        {
            if (folder.Record is { } record)
                found.Add(await DescribeAsync(folder, record, cancel));
        }
        return found.ToImmutable();
    });

    public Task<VirtualMachine> CreateAsync(MachineWanted wanted, Placement placement, CancellationToken cancel) =>
        Guarded.RunAsync($"creating the machine {wanted.Name}", async () =>
    {
        var folder = desk.Folder(wanted.Owner).Machine(wanted.Name);
        if (folder.Record is null)
        {
            // Remains of an attempt that was cut off; nothing runs from them.
            folder.Clear();
            folder.Make();
            var image = await root.MakeAsync(folder, wanted, placement.Image.Id, cancel);
            var record = Describe(wanted, placement, image);
            SeedDisk.Write(folder, record, wanted.UserData);
            folder.Write(record);
            try
            {
                await start.StartAsync(folder, cancel);
            }
            catch (CloudException)
            {
                folder.Clear();
                throw;
            }
        }
        else
        {
            await start.StartAsync(folder, cancel);
        }
        return await DescribeAsync(folder, folder.Record!, cancel);
    });

    public async Task<ReadOnlyMemory<byte>> UserDataAsync(VirtualMachine machine, CancellationToken cancel)
    {
        ReadOnlyMemory<byte> found = default;
        await Guarded.RunAsync($"reading the user-data of {machine.Name}", () =>
        {
            found = SeedDisk.UserData(FolderOf(machine));
            return Task.CompletedTask;
        });
        return found;
    }

    public Task ChangeUserDataAsync(VirtualMachine machine, MachineWanted wanted, CancellationToken cancel) =>
        Guarded.RunAsync($"changing the user-data of {machine.Name}", async () =>
    {
        var folder = FolderOf(machine);
        var process = new QemuProcess(folder, desk.Time);
        // First, so that a run which is cut off in between is gone on with, and not taken back by one that keeps what runs.
        folder.Write(folder.Record! with { Release = wanted.Release });
        var record = folder.Record! with { UserDataDigest = wanted.UserDataDigest, Secrets = wanted.Secrets, Release = wanted.Release };
        SeedDisk.Write(folder, record, wanted.UserData);
        folder.Write(record);
        if (process.Find() is not { } running)
            return;
        if (SecretsDisk.IsStale(folder, record))
        {
            desk.Surroundings.Say($"{machine.Name}: restarting it, because its secrets have changed");
            await process.ShutDownAsync(cancel);
            await start.StartAsync(folder, cancel);
            return;
        }
        try
        {
            await QemuProcess.TellAsync(running, "blockdev-change-medium", new JsonObject
            {
                ["id"] = QemuCommand.SeedDevice,
                ["filename"] = folder.At(MachineFolder.Seed),
                ["format"] = "raw",
                ["read-only-mode"] = "read-only",
                // Linux locks the drive of a disk that it knows.
                ["force"] = true,
            }, cancel);
        }
        catch (QmpException e)
        {
            throw new CloudException(CloudFailure.Refused, $"changing the seed disk of {machine.Name}", e.Message, inner: e);
        }
    });

    public Task ReshapeAsync(VirtualMachine machine, MachineWanted wanted, CancellationToken cancel) =>
        Guarded.RunAsync($"making {machine.Name} a {wanted.Type} with {wanted.DiskGb} GB", async () =>
    {
        var folder = FolderOf(machine);
        await new QemuProcess(folder, desk.Time).ShutDownAsync(cancel);
        var (record, type) = (folder.Record!, TypeOf(wanted));
        if (record.DiskGb is { } has && has < wanted.DiskGb)
            await root.GrowAsync(folder, wanted.DiskGb, cancel);
        folder.Write(record with
        {
            Type = wanted.Type,
            Cpus = type.Cpus,
            MemoryMb = MemoryOf(type),
            DiskGb = Math.Max(record.DiskGb ?? 0, wanted.DiskGb),
        });
    });

    public Task StartAsync(VirtualMachine machine, CancellationToken cancel) =>
        Guarded.RunAsync($"starting the machine {machine.Name}", () => start.StartAsync(FolderOf(machine), cancel));

    public Task StopAsync(VirtualMachine machine, CancellationToken cancel) =>
        Guarded.RunAsync($"stopping the machine {machine.Name}", () =>
            new QemuProcess(FolderOf(machine), desk.Time).ShutDownAsync(cancel));

    public Task DeleteAsync(VirtualMachine machine, StackOwner owner, bool keepsData, CancellationToken cancel) =>
        Guarded.RunAsync($"deleting the machine {machine.Name}", async () =>
    {
        var folder = desk.Folder(owner).Machine(machine.Name);
        var process = new QemuProcess(folder, desk.Time);
        if (keepsData && folder.Record?.DataDisk is not null)
            await process.ShutDownAsync(cancel);
        await process.CutPowerAsync(cancel);
        folder.Clear();
        desk.Folder(owner).Prune();
    });

    private MachineRecord Describe(MachineWanted wanted, Placement placement, DiskImage image)
    {
        var type = TypeOf(wanted);
        // A machine that takes the place of another is a new one for cloud-init.
        var instance = SHA256.HashData(Encoding.UTF8.GetBytes($"{wanted.Owner.Id}/{wanted.Name}/{desk.Time.GetUtcNow().UtcTicks}"));
        var boot = BootOf(image.Path) is var (kernel, initrd)
            ? new DirectBoot(kernel, initrd, $"root=/dev/vda{(image.IsPartitioned ? "1" : "")} ro console=ttyS0") : null;
        return new MachineRecord(
            wanted.Name, wanted.Group, $"i-{Convert.ToHexStringLower(instance.AsSpan(0, 8))}", new Guid(instance.AsSpan(8, 16)).ToString(),
            wanted.Type, type.Cpus, MemoryOf(type), wanted.Address, image.Path, image.Stamp, boot?.Kernel, boot?.Initrd, boot?.Arguments,
            placement.DataDisk?.Id, wanted.Secrets,
            wanted.UserDataDigest, MacAddress.Of(wanted.Owner, wanted.Name, "private"),
                MacAddress.Of(wanted.Owner, wanted.Name, "outside"), wanted.DiskGb, wanted.Release);
    }

    private MachineType TypeOf(MachineWanted wanted) => spec.Facts.FindMachine(wanted.Type)
        ?? throw new CloudException(CloudFailure.Refused, $"choosing the size of {wanted.Name}",
            $"{wanted.Type} is no machine type here");

    private static int MemoryOf(MachineType type) => (int)(type.MemoryGb * 1024);

    /// <summary>The kernel that QEMU loads: a baked image's own, or that of the spec; null: the disk's boot loader finds one.</summary>
    private (string Kernel, string Initrd)? BootOf(string image) =>
        BakedFolder.Of(image) is { } baked ? baked.Boot
        : spec.Kernel is null ? null : (desk.Surroundings.FullPath(spec.Kernel), desk.Surroundings.FullPath(spec.Initrd!));

    private static MachineFolder FolderOf(VirtualMachine machine) => new(machine.Id);

    private async Task<VirtualMachine> DescribeAsync(MachineFolder folder, MachineRecord record, CancellationToken cancel)
    {
        var process = new QemuProcess(folder, desk.Time);
        var state = process.Find() is { } running ? MachineStates.Of(await QemuProcess.StatusAsync(running, cancel))
            : MachineState.Stopped;
        return new VirtualMachine(record.Name, folder.Path, state, Zone, record.Type, record.Address, null, record.Image,
            record.UserDataDigest,
            folder.Run?.StartedAt ?? desk.Time.GetUtcNow(), record.DiskGb, Release: record.Release);
    }
}
