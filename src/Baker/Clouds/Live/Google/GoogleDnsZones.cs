using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>Managed zones of Cloud DNS. A zone's id is its path, as it may lie in another project.</summary>
/// <param name="root">Ends with a slash.</param>
internal sealed class GoogleDnsZones(GoogleBorder border, GooglePlace place, string root) : IDnsZones
{
    /// <summary>On the zone itself, where they may be given too.</summary>
    public static readonly ImmutableArray<string> Rights =
    [
        "dns.changes.create", "dns.changes.get", "dns.managedZones.get", "dns.managedZones.list", "dns.resourceRecordSets.create",
        "dns.resourceRecordSets.delete", "dns.resourceRecordSets.list",
    ];

    private static readonly GoogleJson Json = GoogleJson.Default;

    public string Title => "Cloud DNS";

    public async Task<ImmutableArray<DnsZone>> ListAsync(CancellationToken cancel) =>
        [.. (await AllAsync($"looking for zones of Cloud DNS in {place.Project}", $"{place.Root}/managedZones", "", Json.ManagedZonesPage,
            p => p.ManagedZones, p => p.NextPageToken, cancel)).Where(IsPublic).Select(z => Of(place.Project, z))];

    public async Task<DnsZone> NamedAsync(RecordWanted wanted, CancellationToken cancel)
    {
        var project = wanted.Project ?? place.Project;
        var doing = $"looking for the zone {wanted.Zone} in {project}";
        var found = (await SendAsync(doing, HttpMethod.Get, $"projects/{project}/managedZones/{wanted.Zone}", null, Json.ManagedZone,
            cancel)).OrNull(doing) ?? throw new CloudException(CloudFailure.Refused, doing, "there is none of that name",
                $"gcloud dns managed-zones list --project {project} shows those that there are");
        return IsPublic(found) ? Of(project, found) : throw new CloudException(CloudFailure.Refused, doing,
            "its records are not there for the world: it is private, or others answer for it", "name a public zone, or write `dns: none`");
    }

    public async Task<ImmutableArray<string>> ServersAsync(DnsZone zone, CancellationToken cancel)
    {
        var doing = $"looking who serves {zone.Name}";
        var found = (await SendAsync(doing, HttpMethod.Get, zone.Id, null, Json.ManagedZone, cancel)).OrThrow(doing);
        return [.. (found.NameServers ?? []).OfType<string>().Select(Plain)];
    }

    public async Task<ImmutableArray<RecordSet>> SetsAsync(DnsZone zone, string name, CancellationToken cancel) =>
        [.. (await AllAsync($"looking for records of {name}", $"{zone.Id}/rrsets", $"name={Uri.EscapeDataString($"{name}.")}",
            Json.RecordSetsPage, p => p.Rrsets, p => p.NextPageToken, cancel)).Select(Of)];

    public async Task RehearseAsync(DnsZone zone, string mark, CancellationToken cancel)
    {
        var doing = $"asking whether records of {zone.Name} may be changed";
        var answer = await SendAsync(doing, HttpMethod.Post, $"{zone.Id}:testIamPermissions",
            JsonSerializer.SerializeToUtf8Bytes(new TestIamPermissions([.. Rights]), Json.TestIamPermissions), Json.TestIamPermissions,
            cancel);
        // Who may not ask may change them all the same.
        if (answer.Value is { } has && Rights.Except(has.Permissions ?? []).ToArray() is { Length: > 0 } missing)
            throw new CloudException(CloudFailure.Denied, doing, $"these rights are missing: {string.Join(", ", missing)}",
                "docs/gcp.md has them; roles/dns.admin on the zone or its project has them all");
    }

    public async Task<string> ChangeAsync(DnsZone zone, RecordBatch batch, CancellationToken cancel)
    {
        var doing = $"changing records of {zone.Name}";
        var change = new DnsChange(batch.Made.IsEmpty ? null : [.. batch.Made.Select(Wire)],
            batch.Removed.IsEmpty ? null : [.. batch.Removed.Select(Wire)]);
        return (await SendAsync(doing, HttpMethod.Post, $"{zone.Id}/changes",
            JsonSerializer.SerializeToUtf8Bytes(change, Json.DnsChange), Json.DnsChange, cancel)).OrThrow(doing).Id ?? "";
    }

    public async Task<bool> IsDoneAsync(DnsZone zone, string change, CancellationToken cancel)
    {
        const string Doing = "looking whether the record is served";
        return (await SendAsync(Doing, HttpMethod.Get, $"{zone.Id}/changes/{change}", null, Json.DnsChange, cancel)).OrThrow(Doing)
            .Status == "done";
    }

    private async Task<IEnumerable<TItem>> AllAsync<TPage, TItem>(string doing, string path, string query, JsonTypeInfo<TPage> type,
        Func<TPage, IReadOnlyList<TItem?>?> items, Func<TPage, string?> next, CancellationToken cancel)
        where TPage : class
        where TItem : class
    {
        var all = new List<TItem>();
        var tokens = new HashSet<string>();
        for (var at = query; ;)
        {
            var page = (await SendAsync(doing, HttpMethod.Get, path + (at.Length > 0 ? $"?{at}" : ""), null, type, cancel)).OrThrow(doing);
            all.AddRange((items(page) ?? []).OfType<TItem>());
            // A page that leads to one that was seen leads nowhere.
            if (next(page) is not { Length: > 0 } token || !tokens.Add(token))
                return all;
            at = string.Join('&', new[] { query, $"pageToken={Uri.EscapeDataString(token)}" }.Where(q => q.Length > 0));
        }
    }

    private Task<Answer<T>> SendAsync<T>(string doing, HttpMethod method, string path, byte[]? body, JsonTypeInfo<T> type,
        CancellationToken cancel)
        where T : class => border.SendAsync(doing, method, root + path, body, type, cancel);

    private static bool IsPublic(ManagedZone zone) => zone is
    { Visibility: null or "public", ForwardingConfig: null, PeeringConfig: null, ReverseLookupConfig: null };

    private static DnsZone Of(string project, ManagedZone zone) =>
        new($"projects/{project}/managedZones/{zone.Name}", Plain(zone.DnsName ?? ""));

    private static RecordSet Of(ResourceRecordSet set) => new(Plain(set.Name ?? ""), set.Type ?? "", set.Ttl ?? 0,
        [.. (set.Rrdatas ?? []).OfType<string>()], set.RoutingPolicy is null ? null : "with a routing policy");

    private static ResourceRecordSet Wire(RecordSet set) => new($"{set.Name}.", set.Type, set.Ttl, set.Values);

    private static string Plain(string name) => name.TrimEnd('.').ToLowerInvariant();
}
