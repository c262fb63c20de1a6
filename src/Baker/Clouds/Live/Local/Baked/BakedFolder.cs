using Baker.Clouds.Live.Local.Images;

namespace Baker.Clouds.Live.Local.Baked;

/// <summary>
/// One image that was baked: a disk, the kernel it boots with where that is not on it, and what is known of both. Never written to again.
/// </summary>
internal sealed class BakedFolder(string path)
{
    private const string DiskFile = "disk.qcow2";
    private const string RecordFile = "image.json";

    public string Path => path;

    public string Disk => System.IO.Path.Combine(path, DiskFile);

    public string Kernel => System.IO.Path.Combine(path, "kernel");

    public string Initrd => System.IO.Path.Combine(path, "initrd");

    public BakedRecord? Record => LocalJson.Read(System.IO.Path.Combine(path, RecordFile), LocalJson.Default.BakedRecord);

    /// <summary>What QEMU has to load; null: the disk has a boot loader of its own.</summary>
    public (string Kernel, string Initrd)? Boot => File.Exists(Kernel) ? (Kernel, Initrd) : null;

    public void Write(BakedRecord record) =>
        LocalJson.Write(System.IO.Path.Combine(path, RecordFile), record, LocalJson.Default.BakedRecord);

    /// <summary>The image that this disk belongs to; null when it is no baked image's.</summary>
    public static BakedFolder? Of(string disk) =>
        System.IO.Path.GetFileName(disk) == DiskFile
            && new BakedFolder(System.IO.Path.GetDirectoryName(disk)!) is { Record: not null } folder ? folder : null;
}

/// <param name="Name">Of its folder.</param>
/// <param name="Source">What its base was chosen from (<see cref="StockImages.Source"/>): another choice is another family of
/// images.</param>
/// <param name="Base">The base's content (<see cref="BakeBase.Id"/>).</param>
/// <param name="SizeGb">Gibibytes that a machine sees.</param>
/// <param name="Bytes">Of the file.</param>
internal sealed record BakedRecord(string Name, string Stack, string Role, string Fingerprint, string Source, string Base,
    DateTimeOffset Made, int SizeGb, long Bytes);
