using System.Globalization;
using Baker.Clouds.Live.Local.Files;
using Baker.Clouds.Live.Local.Images;

namespace Baker.Clouds.Live.Local.Baked;

/// <summary>Makes an image of the disk of a builder that has ended well.</summary>
internal sealed class DiskToImage(Desk desk, QemuImg qemuImg, BakedImages baked)
{
    private const int Gibibyte = 1 << 30;

    /// <param name="source">What the base was chosen from.</param>
    public async Task<BakedFolder> MakeAsync(
        MachineFolder builder, MachineWanted wanted, StackOwner stack, string source, BakeBase @base, CancellationToken cancel)
    {
        var machine = builder.Record!;
        var made = new BakedFolder(Path.Combine(builder.Stack.Path, "image"));
        PrivateFiles.MakeFolder(made.Path);
        await qemuImg.FlattenAsync(builder.At(MachineFolder.RootDisk), made.Disk, cancel);
        // The user's own kernel may become another one; the modules on this disk do not.
        if (machine.Kernel is not null)
        {
            File.Copy(machine.Kernel, made.Kernel);
            File.Copy(machine.Initrd!, made.Initrd);
        }
        if (DiskImage.StampOf(machine.Image) != machine.ImageStamp)
            throw new CloudException(CloudFailure.Refused, $"making an image of {builder.Name}",
                $"the image {machine.Image}, which it started from, has changed meanwhile");
        var disk = await qemuImg.LookAsync(made.Disk, cancel);
        var now = desk.Time.GetUtcNow();
        var name = string.Create(CultureInfo.InvariantCulture,
            $"baker-{stack.Stack}-{wanted.Group}-{wanted.Image.Fingerprint}-{now:yyyyMMddHHmmss}");
        made.Write(new BakedRecord(
            name, stack.Stack, wanted.Group, wanted.Image.Fingerprint, source, @base.Id, now,
                (int)((disk.VirtualSize + Gibibyte - 1) / Gibibyte), new FileInfo(made.Disk).Length));
        foreach (var file in Directory.EnumerateFiles(made.Path))
            PrivateFiles.Seal(file);
        cancel.ThrowIfCancellationRequested();
        return baked.Add(made, name);
    }
}
