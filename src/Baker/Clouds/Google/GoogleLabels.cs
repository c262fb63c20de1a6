using Baker.Clouds.Google.Wire;

namespace Baker.Clouds.Google;

/// <summary>Labels of addresses, which can be put on only after the address exists; so their owner is read from the description.</summary>
internal sealed class GoogleLabels(Compute compute, GooglePlace place)
{
    private static readonly GoogleJson Json = GoogleJson.Default;

    public async Task EnsureAsync(Address found, StackOwner owner, CancellationToken cancel)
    {
        var doing = $"labelling the address {found.Name}";
        for (var address = found; !Has(address, GoogleMark.Labels(owner));)
        {
            var labels = new SortedDictionary<string, string>((address.Labels ?? new Dictionary<string, string>()).ToDictionary(), StringComparer.Ordinal);
            foreach (var (key, value) in GoogleMark.Labels(owner))
                labels[key] = value;
            var path = place.Regional($"addresses/{found.Name}");
            var refusal = await compute.PostAsync($"{path}/setLabels", new SetLabelsRequest(labels, address.LabelFingerprint), Json.SetLabelsRequest, doing, cancel);
            if (refusal is null)
                return;
            if (!refusal.IsStale)
                throw refusal.ToException(doing);
            address = await compute.FindAsync(path, Json.Address, doing, cancel) ?? throw refusal.ToException(doing);
        }
    }

    /// <summary>All addresses of the stack, public and internal.</summary>
    public async Task<List<Address>> AddressesAsync(StackOwner owner, CancellationToken cancel) =>
        [.. (await compute.ListAsync(place.Regional("addresses"), null, Json.PageAddress, "listing addresses", cancel)).Where(a => GoogleMark.IsOurs(a.Description, owner))];

    private static bool Has(Address address, SortedDictionary<string, string> labels) =>
        labels.All(l => address.Labels?.GetValueOrDefault(l.Key) == l.Value);
}
