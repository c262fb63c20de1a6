using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Baker.Embedded;

namespace Baker.Verifying;

/// <summary>What the manual says of a reason that a VM gives: its table "Reasons" is read, so that both always say the same.</summary>
public static partial class ReasonAdvice
{
    private static readonly Lazy<FrozenDictionary<string, (string Cause, string Next)>> Rows = new(() =>
        EmbeddedFiles.Read("manual/machine.md").Split('\n')
        .SkipWhile(line => line != "## Reasons").Select(line => Cell().Split(line))
            .Where(cells => cells.Length == 6 && Code().IsMatch(cells[1]))
        .ToFrozenDictionary(cells => cells[1].Trim(' ', '`'), cells => (Plain(cells[3]), Plain(cells[4])), StringComparer.Ordinal));

    /// <summary>Null for a reason that the manual does not know, as a newer VM may give.</summary>
    public static (string Cause, string Next)? Of(string? reason) =>
        reason is not null && Rows.Value.TryGetValue(reason, out var row) ? row : null;

    private static string Plain(string cell) =>
        Link().Replace(cell, "$1").Replace(@"\|", "|", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal).Trim();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Cell();

    [GeneratedRegex("^ `[a-z0-9-]+` $")]
    private static partial Regex Code();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();
}
