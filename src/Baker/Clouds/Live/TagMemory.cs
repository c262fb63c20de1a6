using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Baker.Clouds.Live;

/// <summary>
/// What every thing remembers of the tags that Baker wrote on it for the user, in tags of Baker's own. So a tag that has left the spec is
/// told from one
/// that somebody else put there, without a file beside the cloud. Names are remembered by the first digits of their digest: forty of them
/// would not
/// fit as they are.
/// </summary>
/// <param name="tag">Of the first tag; further ones have a number behind it.</param>
/// <param name="perTag">How many names go into the value of one.</param>
public sealed class TagMemory(string tag, int perTag)
{
    /// <summary>24 bits: one name in 16 million is taken for another.</summary>
    private const int Digits = 6;

    /// <summary>Length of <c>baker:</c> and <c>baker-</c>, with which a cloud's names of Baker's own begin.</summary>
    private const int BakersOwn = 6;

    /// <summary>The user's tags, with what is to be remembered of them.</summary>
    public ImmutableSortedDictionary<string, string> With(ImmutableSortedDictionary<string, string> tags) =>
        tags.AddRange(tags.Keys.Select(Mark).Chunk(perTag)
        .Select((marks, i) => KeyValuePair.Create(
            i == 0 ? tag : string.Create(CultureInfo.InvariantCulture, $"{tag}-{i + 1}"), string.Concat(marks))));

    /// <summary>What a thing must change to have the tags of the spec; null: nothing.</summary>
    /// <param name="found">All that it has.</param>
    public TagChange? Change(string id, ImmutableSortedDictionary<string, string> tags, IReadOnlyDictionary<string, string> found)
    {
        var wanted = With(tags);
        var gone = found.Where(t => IsMemory(t.Key)).SelectMany(t => t.Value.Chunk(Digits)).Select(m => new string(m))
            .Except(tags.Keys.Select(Mark)).ToHashSet();
        var set = wanted.Where(t => found.GetValueOrDefault(t.Key) != t.Value).ToImmutableSortedDictionary();
        var removed = found.Keys.Where(k => !wanted.ContainsKey(k) && !IsOwn(k) && gone.Contains(Mark(k))).ToImmutableSortedSet();
        var forgotten = found.Keys.Where(k => IsMemory(k) && !wanted.ContainsKey(k));
        return set.IsEmpty && removed.IsEmpty && !forgotten.Any() ? null : new TagChange(
            id, set, removed.Union(forgotten), [.. set.Where(t => !IsMemory(t.Key)).Select(t => $"{t.Key}={t.Value}"),
                .. removed.Select(k => $"without {k}")]);
    }

    private bool IsMemory(string key) => key.StartsWith(tag, StringComparison.Ordinal);

    /// <summary>What a thing is found by stays, whatever digest its name has; users' tags have no such names.</summary>
    private bool IsOwn(string key) => key == "Name" || key.StartsWith(tag[..BakersOwn], StringComparison.Ordinal);

    private static string Mark(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..Digits];
}
