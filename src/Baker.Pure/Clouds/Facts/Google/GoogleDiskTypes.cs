using System.Collections.Immutable;

namespace Baker.Clouds.Facts.Google;

/// <summary>Which disks a machine type can boot from. Source: the vendor's machine family pages, as of November 2026.</summary>
internal static class GoogleDiskTypes
{
    public const string Data = "pd-balanced";

    private static readonly ImmutableHashSet<string> HyperdiskOnly = ["c4", "c4a", "c4d", "n4", "n4a", "n4d", "g4", "a4", "a4x"];

    /// <summary>True for machine series that take no Persistent Disk.</summary>
    public static bool TakesHyperdiskOnly(string machine) => HyperdiskOnly.Contains(machine.Split('-')[0]);

    public static string Boot(string machine) => TakesHyperdiskOnly(machine) ? "hyperdisk-balanced" : "pd-balanced";
}
