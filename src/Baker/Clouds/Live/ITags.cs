using System.Collections.Immutable;

namespace Baker.Clouds.Live;

/// <summary>The user's own tags on what exists of a stack.</summary>
public interface ITags
{
    /// <summary>Everything whose tags are not those of the spec. Tags that others put there do not count.</summary>
    Task<ImmutableArray<TagChange>> ChangesAsync(StackWanted wanted, CancellationToken cancel);

    Task ApplyAsync(ImmutableArray<TagChange> changes, CancellationToken cancel);
}

/// <summary>What one thing lacks of the spec's tags, and has too many.</summary>
/// <param name="Id">What the cloud knows the thing by.</param>
/// <param name="Set">Missing, or with another value; with what the thing is to remember of them.</param>
/// <param name="Remove">Names of tags that Baker wrote and the spec no longer has.</param>
/// <param name="Says">The user's own among them, for people: <c>team=data</c>, <c>without stage</c>.</param>
public sealed record TagChange(string Id, ImmutableSortedDictionary<string, string> Set, ImmutableSortedSet<string> Remove,
    ImmutableArray<string> Says)
{
    /// <summary>Changes of many things in one line.</summary>
    public static string Title(ImmutableArray<TagChange> changes) =>
        string.Join(", ", changes.SelectMany(c => c.Says).Distinct()) is { Length: > 0 } says ? says : "only what Baker remembers of them";
}
