using System.Text.Json;

namespace Baker.Clouds.Live.Google.Wire;

/// <summary>A zone of Cloud DNS.</summary>
/// <param name="ForwardingConfig">Others answer for it; so they do with the next two.</param>
internal sealed record ManagedZone(
    string? Name = null, string? DnsName = null, string? Visibility = null, IReadOnlyList<string?>? NameServers = null,
    JsonElement? ForwardingConfig = null, JsonElement? PeeringConfig = null, JsonElement? ReverseLookupConfig = null);

internal sealed record ManagedZonesPage(IReadOnlyList<ManagedZone?>? ManagedZones = null, string? NextPageToken = null);

/// <param name="RoutingPolicy">Values depend on who asks.</param>
internal sealed record ResourceRecordSet(
    string? Name = null, string? Type = null, int? Ttl = null, IReadOnlyList<string?>? Rrdatas = null, JsonElement? RoutingPolicy = null);

internal sealed record RecordSetsPage(IReadOnlyList<ResourceRecordSet?>? Rrsets = null, string? NextPageToken = null);

/// <param name="Status"><c>pending</c> or <c>done</c>.</param>
internal sealed record DnsChange(
    IReadOnlyList<ResourceRecordSet>? Additions = null, IReadOnlyList<ResourceRecordSet>? Deletions = null, string? Id = null,
        string? Status = null);
