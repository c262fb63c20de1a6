using System.IO.Hashing;
using System.Text;
using System.Text.Unicode;
using Baker.Machine;

namespace Baker.Planning;

/// <summary>
/// Short, stable names for content. They tell versions of one's own files apart and defend against nobody, so a fast hash serves;
/// SHA-256 would load OpenSSL, which costs more than all the rest of a render.
/// </summary>
public static class Fingerprint
{
    /// <summary>
    /// The first <paramref name="digits"/> hexadecimal digits of XXH3 (128 bit) over the parts, each preceded by its length, so
    /// that no two lists of parts can be mistaken for each other.
    /// </summary>
    public static string Of(int digits, params IEnumerable<string> parts) => Of(digits, [], parts);

    /// <summary>As well, over the names and contents of files and then over the parts.</summary>
    public static string Of(int digits, IEnumerable<MachineFile> files, IEnumerable<string> parts)
    {
        var hash = new XxHash128();
        foreach (var file in files)
        {
            Append(hash, Encoding.UTF8.GetBytes(file.Name));
            Append(hash, file.Bytes.Span);
        }
        foreach (var part in parts)
            Append(hash, Encoding.UTF8.GetBytes(part));
        return Convert.ToHexStringLower(hash.GetCurrentHash())[..digits];
    }

    /// <summary>All 32 hexadecimal digits over one content.</summary>
    public static string Of(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(XxHash128.Hash(content));

    /// <summary>As well, of what a stream still has.</summary>
    public static string Of(Stream content)
    {
        var hash = new XxHash128();
        hash.Append(content);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static void Append(XxHash128 hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[16];
        Utf8.TryWrite(length, $"{part.Length}:", out var digits);
        hash.Append(length[..digits]);
        hash.Append(part);
    }
}
