using System.Text.Json.Serialization;

namespace Baker.Clouds.Live.Google.Wire;

/// <summary>A virtual machine, in Compute Engine's words.</summary>
internal sealed record Instance(
    string? Name = null, string? Id = null, string? Description = null, string? MachineType = null, string? Zone = null,
    string? Status = null,
    IReadOnlyDictionary<string, string>? Labels = null, IReadOnlyList<AttachedDisk>? Disks = null,
    IReadOnlyList<NetworkInterface>? NetworkInterfaces = null,
    Metadata? Metadata = null, Tags? Tags = null, IReadOnlyList<AcceleratorConfig>? GuestAccelerators = null,
    Scheduling? Scheduling = null,
    ShieldedInstanceConfig? ShieldedInstanceConfig = null, IReadOnlyList<ServiceAccount>? ServiceAccounts = null,
    bool? DeletionProtection = null,
    string? CreationTimestamp = null, string? LastStartTimestamp = null, string? SelfLink = null);

internal sealed record AttachedDisk(
    string? DeviceName = null, bool? Boot = null, bool? AutoDelete = null, string? Mode = null, string? Type = null, string? Source = null,
    AttachedDiskInitializeParams? InitializeParams = null, CustomerEncryptionKey? DiskEncryptionKey = null,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] long? DiskSizeGb = null);

internal sealed record AttachedDiskInitializeParams(
    string? DiskName = null,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] long? DiskSizeGb = null,
    string? DiskType = null, string? SourceImage = null, IReadOnlyDictionary<string, string>? Labels = null);

internal sealed record CustomerEncryptionKey(string? KmsKeyName = null);

internal sealed record NetworkInterface(
    string? Network = null, string? Subnetwork = null, [property: JsonPropertyName("networkIP")] string? NetworkIp = null,
        IReadOnlyList<AccessConfig>? AccessConfigs = null);

/// <param name="NetworkTier"><c>PREMIUM</c> or <c>STANDARD</c>.</param>
internal sealed record AccessConfig(
    string? Name = null, string? Type = null, [property: JsonPropertyName("natIP")] string? NatIp = null, string? NetworkTier = null);

/// <param name="Fingerprint">Goes back with a change; a stale one is refused.</param>
internal sealed record Metadata(string? Fingerprint = null, IReadOnlyList<MetadataItem>? Items = null);

internal sealed record MetadataItem(string Key, string? Value);

/// <param name="Fingerprint">Goes back with a change; a stale one is refused.</param>
internal sealed record Tags(IReadOnlyList<string>? Items = null, string? Fingerprint = null);

internal sealed record AcceleratorConfig(string? AcceleratorType = null, int? AcceleratorCount = null);

internal sealed record Scheduling(bool? AutomaticRestart = null, string? OnHostMaintenance = null);

internal sealed record ShieldedInstanceConfig(
    bool? EnableSecureBoot = null, bool? EnableVtpm = null, bool? EnableIntegrityMonitoring = null);

internal sealed record InstancesSetMachineTypeRequest(string MachineType);

internal sealed record ServiceAccount(string? Email = null, IReadOnlyList<string>? Scopes = null);

/// <summary>Instances of all zones, by <c>zones/ZONE</c>.</summary>
internal sealed record InstanceAggregatedList(
    IReadOnlyDictionary<string, InstancesScopedList>? Items = null, string? NextPageToken = null);

internal sealed record InstancesScopedList(IReadOnlyList<Instance>? Instances = null);

/// <param name="Next">Where to go on reading.</param>
internal sealed record SerialPortOutput(
    string? Contents = null,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] long? Start = null,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] long? Next = null);
