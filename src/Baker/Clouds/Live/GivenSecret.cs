using System.Security.Cryptography;

namespace Baker.Clouds.Live;

/// <summary>What is stored of a file of the user's.</summary>
public enum GivenState
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>What the file holds, or there is no file to compare it with.</summary>
    Same,

    /// <summary>What the file held at an earlier launch.</summary>
    Older,

    /// <summary>What somebody else has stored since, or before.</summary>
    Foreign,
}

/// <summary>
/// The mark on a stored secret that came from a file: which version a launch has stored, and of what. By it a launch sees that the file is
/// another one, and that somebody has stored another value, without the right to read any.
/// </summary>
internal static class GivenSecret
{
    /// <summary>Bytes of salt.</summary>
    private const int SaltSize = 8;

    /// <summary>Bytes kept of the hash: with salt and version the mark fits a label of Google's, which has 63 characters.</summary>
    private const int HashSize = 16;

    /// <summary>A mark is seen by who may list things, and a password may be short: OWASP's Password Storage Cheat Sheet.</summary>
    private const int Rounds = 600_000;

    public static string Mark(string version, ReadOnlyMemory<byte> value)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        return $"{version}-{Convert.ToHexStringLower(salt)}-{Hash(value, salt)}";
    }

    /// <param name="version">The newest that is stored; null: nothing is.</param>
    /// <param name="mark">Null: it has none.</param>
    /// <param name="value">What the file holds; null: there is none here.</param>
    public static GivenState Judge(string? version, string? mark, ReadOnlyMemory<byte>? value) =>
        version is null ? GivenState.Missing
        : value is not { } held ? GivenState.Same
        : mark?.Split('-') is not [var of, { Length: 2 * SaltSize } salt, var hash] || of != version
            || !salt.All(char.IsAsciiHexDigitLower) ? GivenState.Foreign
        : Hash(held, Convert.FromHexString(salt)) == hash ? GivenState.Same : GivenState.Older;

    private static string Hash(ReadOnlyMemory<byte> value, byte[] salt) =>
        Convert.ToHexStringLower(Rfc2898DeriveBytes.Pbkdf2(value.Span, salt, Rounds, HashAlgorithmName.SHA256, HashSize));
}
