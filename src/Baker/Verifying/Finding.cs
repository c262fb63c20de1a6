using System.Text.Json.Serialization;

namespace Baker.Verifying;

/// <summary>What is known of a thing that must hold.</summary>
public enum Verdict
{
    [JsonStringEnumMemberName("holds")]
    Holds,

    [JsonStringEnumMemberName("fails")]
    Fails,

    /// <summary>It cannot be seen from here, or is not its turn yet.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,
}

/// <summary>One thing that must hold before a question is answered.</summary>
/// <param name="Check">What is looked at.</param>
/// <param name="Found">What was seen, in a few words.</param>
/// <param name="Cause">What is likely behind it; null when it holds, or when another row says it.</param>
/// <param name="Next">What to do; null like the cause.</param>
public sealed record Finding(string Check, Verdict Verdict, string Found, string? Cause = null, string? Next = null)
{
    public static Finding Good(string check, string found) => new(check, Verdict.Holds, found);

    public static Finding Bad(string check, string found, string? cause = null, string? next = null) =>
        new(check, Verdict.Fails, found, cause, next);

    public static Finding Open(string check, string found, string? next = null) => new(check, Verdict.Unknown, found, Next: next);
}
