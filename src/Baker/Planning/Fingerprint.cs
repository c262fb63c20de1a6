using System.IO.Hashing;
using System.Text;

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
    public static string Of(int digits, params IEnumerable<string> parts)
    {
        var hash = new XxHash128();
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.Append(Encoding.ASCII.GetBytes($"{bytes.Length}:"));
            hash.Append(bytes);
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash())[..digits];
    }

    /// <summary>All 32 hexadecimal digits over one content.</summary>
    public static string Of(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(XxHash128.Hash(content));
}
