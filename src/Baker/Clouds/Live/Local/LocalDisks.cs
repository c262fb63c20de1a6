using System.Text.Json.Nodes;
using Baker.Clouds.Live.Local.Files;
using Baker.Clouds.Live.Local.Images;
using Baker.Clouds.Live.Local.Qemu;

namespace Baker.Clouds.Live.Local;

/// <summary>Data disks as files that outlive their machine. A stack has one at most.</summary>
internal sealed class LocalDisks(Desk desk, QemuImg qemuImg) : IDisks
{
    public Task<Disk> EnsureAsync(DiskWanted wanted, string zone, CancellationToken cancel) =>
        Guarded.RunAsync($"creating the data disk {wanted.Name}", async () =>
    {
        var stack = desk.Folder(wanted.Owner);
        PrivateFiles.MakeFolder(stack.Disks);
        var path = Path.Combine(stack.Disks, $"{wanted.Name}.qcow2");
        var record = RecordOf(path);
        if (record is null)
        {
            // Without its record it was never finished, so nothing has been written to it.
            File.Delete(path);
            await qemuImg.CreateAsync(path, wanted.SizeGb, cancel);
        }
        else if (record.SizeGb < wanted.SizeGb)
        {
            await GrowAsync(stack, path, wanted.SizeGb, cancel);
        }
        var size = Math.Max(record?.SizeGb ?? 0, wanted.SizeGb);
        LocalJson.Write(RecordPath(path), new DiskRecord(wanted.Name, size), LocalJson.Default.DiskRecord);
        return new Disk(path, wanted.Name, LocalMachines.Zone, size);
    });

    public Task<Disk?> FindAsync(StackOwner owner, CancellationToken cancel) =>
        Guarded.RunAsync($"looking for the data disk of {owner.Stack}", () =>
    {
        var folder = desk.Folder(owner).Disks;
        return !Directory.Exists(folder) ? null
            : Directory.EnumerateFiles(folder, "*.qcow2").Order(StringComparer.Ordinal)
                .Select(path => RecordOf(path) is { } record ? new Disk(path, record.Name, LocalMachines.Zone, record.SizeGb) : null)
                .FirstOrDefault(disk => disk is not null);
    });

    /// <returns>Null: a copy here costs as much as the disk.</returns>
    public Task<string?> SnapshotAsync(Disk disk, StackOwner owner, CancellationToken cancel) => Task.FromResult<string?>(null);

    public Task DeleteAsync(Disk disk, StackOwner owner, CancellationToken cancel) =>
        Guarded.RunAsync($"deleting the data disk {disk.Name}", () =>
    {
        File.Delete(RecordPath(disk.Id));
        File.Delete(disk.Id);
        desk.Folder(owner).Prune();
    });

    /// <summary>QEMU holds the file of a disk whose machine runs, and tells the machine of its new size.</summary>
    private async Task GrowAsync(StackFolder stack, string path, int sizeGb, CancellationToken cancel)
    {
        var user = stack.AllMachines.Where(m => m.Record?.DataDisk == path).Select(m => new QemuProcess(m, desk.Time).Find())
            .FirstOrDefault(p => p is not null);
        if (user is null)
            await qemuImg.GrowAsync(path, sizeGb, cancel);
        else
            await QemuProcess.TellAsync(user, "block_resize",
                new JsonObject { ["device"] = QemuCommand.DataDrive, ["size"] = (long)sizeGb << 30 }, cancel);
    }

    private static DiskRecord? RecordOf(string path) =>
        File.Exists(path) ? LocalJson.Read(RecordPath(path), LocalJson.Default.DiskRecord) : null;

    private static string RecordPath(string path) => Path.ChangeExtension(path, ".json");
}
