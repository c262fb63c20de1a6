using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>Labels of things that exist. Addresses can only have them then, so their owner is read from the description.</summary>
internal sealed class GoogleLabels(Compute compute, GooglePlace place)
{
    private static readonly GoogleJson Json = GoogleJson.Default;

    /// <summary>Gives a new address its labels.</summary>
    public async Task EnsureAsync(Address found, StackOwner owner, CancellationToken cancel)
    {
        var labels = GoogleMark.Labels(owner);
        if (!labels.All(l => found.Labels?.GetValueOrDefault(l.Key) == l.Value))
            await ChangeAsync(place.Regional($"addresses/{found.Name}"), labels, [], cancel);
    }

    /// <summary>
    /// Puts labels on a thing and takes others off; what somebody else changes at the same moment is looked at anew. A thing that is gone
    /// needs none.
    /// </summary>
    public async Task ChangeAsync(string path, IReadOnlyDictionary<string, string> set, IReadOnlyCollection<string> remove,
        CancellationToken cancel)
    {
        var doing = $"labelling {path}";
        if (await compute.Patience(doing, Patience.Crowded).WriteAsync(
            () => compute.FindAsync(path, Json.Labelled, doing, cancel), t => t.LabelFingerprint,
            now => compute.PostAsync($"{path}/setLabels", new SetLabelsRequest(Merged(now.Labels, set, remove), now.LabelFingerprint),
                Json.SetLabelsRequest, doing, cancel), cancel) is { IsMissing: false } refusal)
            throw refusal.ToException(doing);
    }

    public static SortedDictionary<string, string> Merged(
        IReadOnlyDictionary<string, string>? found, IReadOnlyDictionary<string, string> set, IReadOnlyCollection<string> remove)
    {
        var labels = new SortedDictionary<string, string>(
            (found ?? new Dictionary<string, string>()).ToDictionary(), StringComparer.Ordinal);
        foreach (var (key, value) in set)
            labels[key] = value;
        foreach (var key in remove)
            labels.Remove(key);
        return labels;
    }

    /// <summary>All addresses of the stack, public and internal.</summary>
    public async Task<List<Address>> AddressesAsync(StackOwner owner, CancellationToken cancel) =>
        [.. (await compute.ListAsync(place.Regional("addresses"), null, Json.PageAddress, "listing addresses", cancel))
            .Where(a => GoogleMark.IsOurs(a.Description, owner))];
}
