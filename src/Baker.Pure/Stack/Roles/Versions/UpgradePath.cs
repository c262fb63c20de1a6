using System.Collections.Immutable;

namespace Baker.Stack.Roles.Versions;

/// <summary>Which way GitLab can be upgraded.</summary>
public static class UpgradePath
{
    private static readonly ImmutableArray<Release> Stops = [
        .. FactTable.UpgradeStops.Rows.Select(r => Release.Parse(r["minor"])).Order()];

    /// <summary>The first minor that may not be passed over between two versions, such as <c>19.2</c>; null: there is none.</summary>
    public static string? StopBetween(string from, string to)
    {
        var (begin, end) = (Release.Parse(from), Release.Parse(to));
        foreach (var stop in Stops)
        {
            if (begin.CompareLine(stop) < 0 && stop.CompareLine(end) < 0)
                return stop.Line;
        }
        return null;
    }
}
