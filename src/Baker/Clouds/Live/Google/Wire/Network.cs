using System.Text.Json.Serialization;

namespace Baker.Clouds.Live.Google.Wire;

/// <summary>A VPC network. It has no labels.</summary>
internal sealed record Network(
    string? Name = null, string? Description = null, bool? AutoCreateSubnetworks = null, NetworkRoutingConfig? RoutingConfig = null,
        string? SelfLink = null);

internal sealed record NetworkRoutingConfig(string? RoutingMode = null);

internal sealed record Subnetwork(
    string? Name = null, string? Description = null, string? Network = null, string? IpCidrRange = null,
        bool? PrivateIpGoogleAccess = null, string? SelfLink = null);

internal sealed record Router(string? Name = null, string? Description = null, string? Network = null,
    IReadOnlyList<RouterNat>? Nats = null, string? SelfLink = null);

internal sealed record RouterNat(string? Name = null, string? NatIpAllocateOption = null, string? SourceSubnetworkIpRangesToNat = null);

/// <summary>A firewall rule. It has no labels.</summary>
internal sealed record Firewall(
    string? Name = null, string? Description = null, string? Network = null, string? Direction = null, int? Priority = null,
    bool? Disabled = null,
    IReadOnlyList<FirewallPorts>? Allowed = null, IReadOnlyList<FirewallPorts>? Denied = null, IReadOnlyList<string>? SourceRanges = null,
    IReadOnlyList<string>? SourceTags = null, IReadOnlyList<string>? DestinationRanges = null, IReadOnlyList<string>? TargetTags = null,
        string? SelfLink = null);

internal sealed record FirewallPorts([property: JsonPropertyName("IPProtocol")] string? Protocol = null,
    IReadOnlyList<string>? Ports = null);

/// <summary>A static address. Its labels can be set only after it exists.</summary>
/// <param name="Ip">Dotted IPv4.</param>
internal sealed record Address(
    string? Name = null, string? Description = null, [property: JsonPropertyName("address")] string? Ip = null, string? AddressType = null,
    string? Purpose = null,
    string? Subnetwork = null, string? Status = null, IReadOnlyDictionary<string, string>? Labels = null, string? LabelFingerprint = null,
    string? NetworkTier = null, IReadOnlyList<string>? Users = null, string? SelfLink = null);
