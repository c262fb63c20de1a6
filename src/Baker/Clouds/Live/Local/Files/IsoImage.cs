using System.Buffers.Binary;
using System.Text;

namespace Baker.Clouds.Live.Local.Files;

/// <summary>
/// A small ISO 9660 file system in memory: one folder of files. Names and modes are Rock Ridge's, which Linux prefers; the label
/// may be in small letters, as every maker of seed disks writes it. Same files, same bytes.
/// </summary>
internal sealed class IsoImage
{
    public const int SectorSize = 2048;

    /// <summary>A record of a folder has at most 255 bytes; of these Rock Ridge leaves this many for a name.</summary>
    private const int LongestName = 128;

    // Sectors 0 to 15 belong to boot loaders.
    private const int VolumeSector = 16;
    private const int PathSector = 18;
    private const int ContinuationSector = 20;
    private const int RootSector = 21;

    /// <summary>Empty sectors at the end: drives read ahead.</summary>
    private const int Padding = 32;

    private const int FileMode = 0x8000 | 0x100; // S_IFREG, 0400
    private const int FolderMode = 0x4000 | 0x140; // S_IFDIR, 0500

    /// <exception cref="ArgumentException">A name that is no file name, or longer than 128 bytes.</exception>
    public static byte[] Write(string label, IEnumerable<(string Name, ReadOnlyMemory<byte> Content)> files)
    {
        var sorted = files.OrderBy(f => f.Name, StringComparer.Ordinal).ToArray();
        if (sorted.FirstOrDefault(f => f.Name is "" or "." or ".." || f.Name.AsSpan()
            .ContainsAny('/', '\0') || Encoding.UTF8.GetByteCount(f.Name) > LongestName) is { Name: { } bad })
            throw new ArgumentException($"\"{bad}\" cannot be a file on a disk");
        var rootSectors = RootSectors(sorted);
        var next = RootSector + rootSectors;
        var places = sorted.Select(f =>
        {
            var at = next;
            next += Sectors(f.Content.Length);
            return at;
        }).ToArray();

        var image = new byte[(next + Padding) * SectorSize];
        Volume(Sector(image, VolumeSector), label, next + Padding, rootSectors);
        Terminator(Sector(image, VolumeSector + 1));
        PathTables(image);
        var extension = RockRidge.Extension();
        extension.CopyTo(Sector(image, ContinuationSector));
        var root = new IsoFolder(image.AsMemory(RootSector * SectorSize, rootSectors * SectorSize));
        root.Add([0], RootSector, rootSectors * SectorSize, true,
            [.. RockRidge.Start(), .. RockRidge.Attributes(FolderMode, 2), .. RockRidge.Continued(ContinuationSector, extension.Length)]);
        root.Add([1], RootSector, rootSectors * SectorSize, true, RockRidge.Attributes(FolderMode, 2));
        for (var i = 0; i < sorted.Length; i++)
        {
            root.Add(PlainName(i), places[i], sorted[i].Content.Length, false, FileExtension(sorted[i].Name));
            sorted[i].Content.Span.CopyTo(image.AsSpan(places[i] * SectorSize));
        }
        return image;
    }

    /// <summary>A file of an image that <see cref="Write"/> has made; empty: it has none of that name.</summary>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> image, string name)
    {
        var root = image.Span[(RootSector * SectorSize)..];
        var field = RockRidge.Name(name);
        for (var at = 0; at < BinaryPrimitives.ReadUInt32LittleEndian(root[10..]); at += Math.Max((int)root[at], 1))
        {
            var record = root.Slice(at, root[at]);
            if (record.IndexOf(field) >= 0)
                return image.Slice((int)BinaryPrimitives.ReadUInt32LittleEndian(record[2..]) * SectorSize,
                    (int)BinaryPrimitives.ReadUInt32LittleEndian(record[10..]));
        }
        return default;
    }

    private static int RootSectors((string Name, ReadOnlyMemory<byte> Content)[] files)
    {
        // Records do not cross sectors: the same filling, counted only.
        var measure = new IsoFolder(new byte[SectorSize * (2 + files.Length)]);
        measure.Add([0], 0, 0, true, [.. RockRidge.Start(), .. RockRidge.Attributes(FolderMode, 2), .. RockRidge.Continued(0, 0)]);
        measure.Add([1], 0, 0, true, RockRidge.Attributes(FolderMode, 2));
        for (var i = 0; i < files.Length; i++)
            measure.Add(PlainName(i), 0, 0, false, FileExtension(files[i].Name));
        return Sectors(measure.Length);
    }

    private static byte[] FileExtension(string name) => [.. RockRidge.Attributes(FileMode, 1), .. RockRidge.Name(name)];

    /// <summary>What readers without Rock Ridge see.</summary>
    private static byte[] PlainName(int number) => Encoding.ASCII.GetBytes($"F{number:00000}.;1");

    private static void Volume(Span<byte> sector, string label, int sectors, int rootSectors)
    {
        sector[0] = 1;
        "CD001"u8.CopyTo(sector[1..]);
        sector[6] = 1;
        Text(sector.Slice(8, 32), "LINUX");
        Text(sector.Slice(40, 32), label);
        Both(sector[80..], (uint)sectors);
        Both(sector[120..], (ushort)1);
        Both(sector[124..], (ushort)1);
        Both(sector[128..], (ushort)SectorSize);
        Both(sector[132..], 10u);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[140..], PathSector);
        BinaryPrimitives.WriteUInt32BigEndian(sector[148..], PathSector + 1);
        new IsoFolder(new byte[SectorSize]).Add([0], RootSector, rootSectors * SectorSize, true, []).CopyTo(sector[156..]);
        Text(sector.Slice(190, 623), "");
        foreach (var at in (int[])[813, 830, 847, 864])
            sector.Slice(at, 16).Fill((byte)'0');
        sector[881] = 1;
    }

    private static void Terminator(Span<byte> sector)
    {
        sector[0] = 255;
        "CD001"u8.CopyTo(sector[1..]);
        sector[6] = 1;
    }

    private static void PathTables(byte[] image)
    {
        foreach (var (sector, bigEndian) in ((int, bool)[])[(PathSector, false), (PathSector + 1, true)])
        {
            var table = Sector(image, sector);
            table[0] = 1;
            if (bigEndian)
                BinaryPrimitives.WriteUInt32BigEndian(table[2..], RootSector);
            else
                BinaryPrimitives.WriteUInt32LittleEndian(table[2..], RootSector);
            table[bigEndian ? 7 : 6] = 1;
        }
    }

    internal static void Both(Span<byte> at, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(at, value);
        BinaryPrimitives.WriteUInt32BigEndian(at[4..], value);
    }

    internal static void Both(Span<byte> at, ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(at, value);
        BinaryPrimitives.WriteUInt16BigEndian(at[2..], value);
    }

    private static void Text(Span<byte> at, string text)
    {
        at.Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, at);
    }

    private static Span<byte> Sector(byte[] image, int number) => image.AsSpan(number * SectorSize, SectorSize);

    private static int Sectors(int bytes) => (bytes + SectorSize - 1) / SectorSize;
}
