namespace Baker.Clouds.Live.Google.Wire;

internal sealed record Project(string? Name = null, IReadOnlyList<Quota>? Quotas = null);

/// <param name="Metric">Such as <c>NVIDIA_T4_GPUS</c>.</param>
internal sealed record Quota(string? Metric = null, double? Limit = null, double? Usage = null);

/// <param name="Zones">Links.</param>
internal sealed record Region(string? Name = null, string? Status = null, IReadOnlyList<Quota>? Quotas = null,
    IReadOnlyList<string>? Zones = null);

internal sealed record MachineType(string? Name = null, int? GuestCpus = null);

internal sealed record AcceleratorType(string? Name = null);

/// <summary>One page of a list.</summary>
internal sealed record Page<T>(IReadOnlyList<T>? Items = null, string? NextPageToken = null);

internal sealed record TestIamPermissions(IReadOnlyList<string>? Permissions = null);
