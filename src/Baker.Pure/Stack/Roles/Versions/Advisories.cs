using System.Collections.Immutable;

namespace Baker.Stack.Roles.Versions;

/// <summary>What an advisory means for a stack.</summary>
public enum AdvisoryKind
{
    /// <summary>Somebody runs code or changes data who should not: such a version is not made any more.</summary>
    Refuse,

    /// <summary>To be known, and mended at the next occasion.</summary>
    Warn,

    /// <summary>Not about safety: it does not work with an online licence.</summary>
    Online,
}

/// <param name="Ids">As the world calls them, with commas.</param>
/// <param name="What">What can happen, in a few words.</param>
/// <param name="Mended">The first version that none of them covers.</param>
/// <param name="Date">As of which this holds.</param>
public sealed record Advisory(string Ids, string What, string Mended, string Date);

/// <summary>The advisories of one program.</summary>
public sealed class Advisories(FactTable table)
{
    private readonly ImmutableArray<(string Id, Release From, Release Below, AdvisoryKind Kind, string What)> _rows =
        [.. table.Rows.Select(r => (r["id"], Release.Parse(r["from"]), Release.Parse(r["below"]),
            Enum.Parse<AdvisoryKind>(r["then"], ignoreCase: true), r["what"]))];

    public static Advisories GitLab { get; } = new(FactTable.GitLabAdvisories);

    public static Advisories Gateway { get; } = new(FactTable.GatewayAdvisories);

    /// <summary>Everything of a kind that covers a version, or null.</summary>
    public Advisory? Find(AdvisoryKind kind, string version)
    {
        var number = Release.Parse(version);
        var found = _rows.Where(r => r.Kind == kind && r.From <= number && number < r.Below).ToArray();
        return found.Length == 0 ? null : new Advisory(
            string.Join(", ", found.Select(r => r.Id).Distinct()), string.Join(", ", found.Select(r => r.What).Distinct()),
                found.Max(r => r.Below).ToString(), table.Date);
    }
}
