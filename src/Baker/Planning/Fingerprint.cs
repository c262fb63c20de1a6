using System.Security.Cryptography;
using System.Text;

namespace Baker.Planning;

/// <summary>Short, stable names for content.</summary>
public static class Fingerprint
{
    /// <summary>
    /// The first <paramref name="digits"/> hexadecimal digits of SHA-256 over the parts, each preceded by its length, so that
    /// no two lists of parts can be mistaken for each other.
    /// </summary>
    public static string Of(int digits, params IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(Encoding.ASCII.GetBytes($"{bytes.Length}:"));
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..digits];
    }
}
