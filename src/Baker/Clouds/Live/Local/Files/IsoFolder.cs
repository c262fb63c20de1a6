namespace Baker.Clouds.Live.Local.Files;

/// <summary>The records of an ISO 9660 folder, one after the other; none crosses a sector.</summary>
internal sealed class IsoFolder(Memory<byte> space)
{
    /// <summary>Before the name.</summary>
    private const int HeadLength = 33;

    /// <summary>Bytes that are taken.</summary>
    public int Length { get; private set; }

    /// <returns>The record that was added.</returns>
    public ReadOnlySpan<byte> Add(ReadOnlySpan<byte> name, int sector, int size, bool isFolder, ReadOnlySpan<byte> extension)
    {
        // What follows the name begins at an even place, and so does the next record.
        var nameLength = name.Length + (name.Length + 1) % 2;
        var length = HeadLength + nameLength + extension.Length;
        length += length % 2;
        if (Length % IsoImage.SectorSize + length > IsoImage.SectorSize)
            Length += IsoImage.SectorSize - Length % IsoImage.SectorSize;
        var record = space.Span.Slice(Length, length);
        Length += length;
        record[0] = checked((byte)length);
        IsoImage.Both(record[2..], (uint)sector);
        IsoImage.Both(record[10..], (uint)size);
        // 1970-01-01, the same for every disk: years since 1900, month, day.
        (record[18], record[19], record[20]) = (70, 1, 1);
        record[25] = (byte)(isFolder ? 2 : 0);
        IsoImage.Both(record[28..], (ushort)1);
        record[32] = (byte)name.Length;
        name.CopyTo(record[HeadLength..]);
        extension.CopyTo(record[(HeadLength + nameLength)..]);
        return record;
    }
}
