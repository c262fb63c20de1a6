using System.Collections.Immutable;
using Baker.Verifying;

namespace Baker.Cli.Logs;

/// <summary>What <c>verify</c> found, a row per check; below what is wrong, why and what to do.</summary>
internal static class FindingTable
{
    /// <param name="answer">Of Duo Chat; null: none.</param>
    public static void Print(TextWriter writer, ImmutableArray<Finding> findings, string? answer)
    {
        var width = findings.Max(f => f.Check.Length);
        var margin = new string(' ', width + 4);
        foreach (var finding in findings)
        {
            writer.WriteLine($"{Mark(finding.Verdict)} {finding.Check.PadRight(width)}  {finding.Found}");
            if (finding.Cause is { } cause)
                writer.WriteLine($"{margin}likely: {cause}");
            if (finding.Next is { } next)
                writer.WriteLine($"{margin}next: {next}");
        }
        if (answer is not null)
            writer.WriteLine($"\n{answer}");
    }

    public static string Count(ImmutableArray<Finding> findings)
    {
        int Of(Verdict verdict) => findings.Count(f => f.Verdict == verdict);
        return $"{findings.Length} checks: {Of(Verdict.Holds)} ✓, {Of(Verdict.Fails)} ✗, {Of(Verdict.Unknown)} –";
    }

    private static char Mark(Verdict verdict) => verdict switch
    {
        Verdict.Holds => '✓',
        Verdict.Fails => '✗',
        _ => '–',
    };
}
