using System.Text;

namespace Baker.Clouds.Live.Local.Files;

/// <summary>The fields by which an ISO 9660 record carries a POSIX name and mode (IEEE P1281 and P1282, 1991).</summary>
internal static class RockRidge
{
    /// <summary>Says in the first record that there are such fields, from its very beginning.</summary>
    public static byte[] Start() => Field("SP", [0xBE, 0xEF, 0]);

    /// <summary>File mode and number of links; everything belongs to root.</summary>
    public static byte[] Attributes(int mode, int links)
    {
        var content = new byte[32];
        IsoImage.Both(content, (uint)mode);
        IsoImage.Both(content.AsSpan(8), (uint)links);
        return Field("PX", content);
    }

    public static byte[] Name(string name) => Field("NM", [0, .. Encoding.UTF8.GetBytes(name)]);

    /// <summary>Says that more fields lie at the beginning of another sector.</summary>
    public static byte[] Continued(int sector, int length)
    {
        var content = new byte[24];
        IsoImage.Both(content, (uint)sector);
        IsoImage.Both(content.AsSpan(16), (uint)length);
        return Field("CE", content);
    }

    /// <summary>The extension's registered name and words.</summary>
    public static byte[] Extension()
    {
        var id = "RRIP_1991A"u8;
        var words = "THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS"u8;
        var source = "PLEASE CONTACT DISC PUBLISHER FOR SPECIFICATION SOURCE."u8;
        return Field("ER", [(byte)id.Length, (byte)words.Length, (byte)source.Length, 1, .. id, .. words, .. source]);
    }

    private static byte[] Field(string signature, ReadOnlySpan<byte> content) =>
        [(byte)signature[0], (byte)signature[1], checked((byte)(content.Length + 4)), 1, .. content];
}
