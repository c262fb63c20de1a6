using System.Globalization;

namespace Baker.Clouds.Live.Local.Images;

/// <param name="Format">QEMU's name: <c>raw</c>, <c>qcow2</c>…</param>
/// <param name="VirtualSize">Bytes that a machine sees.</param>
/// <param name="IsPartitioned">It has a table of partitions; else the whole disk is one file system.</param>
internal sealed record DiskImage(string Path, string Format, long VirtualSize, bool IsPartitioned)
{
    public string Stamp => StampOf(Path);

    /// <summary>Changes when the file's content does, as far as size and time tell; empty when it is gone.</summary>
    public static string StampOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? $"{file.Length} bytes, {file.LastWriteTimeUtc.ToString("O", CultureInfo.InvariantCulture)}" : "";
    }

    /// <summary>Whether the first kibibytes of a disk hold a table of partitions.</summary>
    /// <param name="start">2048 bytes or more.</param>
    public static bool HasPartitions(ReadOnlySpan<byte> start)
    {
        // ext4's magic number, 56 bytes into its superblock at 1024: boot loaders may still have written their mark before it.
        var isExt4 = start[1080] == 0x53 && start[1081] == 0xEF;
        // The mark of a master boot record; GPT disks carry one too.
        return !isExt4 && start[510] == 0x55 && start[511] == 0xAA;
    }
}
