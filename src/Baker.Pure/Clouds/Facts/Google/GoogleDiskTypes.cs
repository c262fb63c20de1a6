using System.Collections.Immutable;

namespace Baker.Clouds.Facts.Google;

/// <summary>
/// Which disks a machine type takes; what is in neither list takes both. Source: the vendor's machine family and Hyperdisk pages, as of
/// November 2026.
/// </summary>
internal static class GoogleDiskTypes
{
    private const string Persistent = "pd-balanced";

    private const string Hyperdisk = "hyperdisk-balanced";

    /// <summary>Series, or series and kind.</summary>
    private static readonly ImmutableHashSet<string> HyperdiskOnly =
        ["a3-ultragpu", "a4", "a4x", "c4", "c4a", "c4d", "g4", "h4d", "m4", "n4", "n4a", "n4d", "x4"];

    private static readonly ImmutableHashSet<string> PersistentOnly =
        ["a2", "c2", "c2d", "custom", "e2", "f1", "g1", "g2", "n1", "n2", "n2d", "t2a", "t2d"];

    /// <summary>What a machine boots from, and what its data lies on.</summary>
    public static string For(string machine) => Is(HyperdiskOnly, machine) ? Hyperdisk : Persistent;

    /// <summary>False for a disk that stands and is known not to fit.</summary>
    public static bool Fits(string machine, string disk) =>
        !Is(disk.StartsWith("hyperdisk-", StringComparison.Ordinal) ? PersistentOnly : HyperdiskOnly, machine);

    /// <summary>The quota that counts its gibibytes.</summary>
    public static string Quota(string machine) => For(machine) == Hyperdisk ? "HDB_TOTAL_GB" : "SSD_TOTAL_GB";

    private static bool Is(ImmutableHashSet<string> list, string machine) =>
        machine.Split('-') is var parts && (list.Contains(parts[0]) || list.Contains(string.Join('-', parts.Take(2))));
}
