using System.Text.Json.Serialization;

namespace Baker.Clouds.Live.Google.Wire;

internal sealed record Disk(
    string? Name = null, string? Description = null, string? Zone = null, string? Type = null, string? Status = null,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] long? SizeGb = null,
    IReadOnlyDictionary<string, string>? Labels = null, CustomerEncryptionKey? DiskEncryptionKey = null,
    IReadOnlyList<string>? Users = null,
    string? LastDetachTimestamp = null, string? SourceSnapshot = null, string? SelfLink = null);

internal sealed record DisksResizeRequest(
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] long? SizeGb = null);

internal sealed record Snapshot(
    string? Name = null, string? Description = null, string? SourceDisk = null, string? Status = null,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] long? DiskSizeGb = null,
    IReadOnlyDictionary<string, string>? Labels = null, CustomerEncryptionKey? SnapshotEncryptionKey = null,
    IReadOnlyList<string>? StorageLocations = null, string? CreationTimestamp = null, string? SelfLink = null);

internal sealed record Image(
    string? Name = null, string? Family = null, string? Status = null,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] long? DiskSizeGb = null,
    IReadOnlyDictionary<string, string>? Labels = null, string? CreationTimestamp = null, DeprecationStatus? Deprecated = null,
        string? SelfLink = null);

internal sealed record DeprecationStatus(string? State = null);
