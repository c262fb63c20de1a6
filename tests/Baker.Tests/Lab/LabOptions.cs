namespace Baker.Tests.Lab;

/// <summary>What a throwaway machine is to have; each is an option of <c>tests/lab/machine</c>.</summary>
public sealed record LabOptions
{
    /// <summary><c>aws</c>, <c>gcp</c> or <c>local</c>: which metadata service and secrets are there.</summary>
    public string Cloud { get; init; } = "local";

    /// <summary>Own addresses with their prefix length.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Lines of /etc/hosts.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Small file systems of their own: <c>/path=8m</c>.</summary>
    public IReadOnlyList<string> FileSystems { get; init; } = [];

    /// <summary>Blank disks: <c>64M</c>, or <c>64M:by-id/virtio-data</c> with a name below /dev/disk.</summary>
    public IReadOnlyList<string> Disks { get; init; } = [];

    /// <summary>How much faster than the real clock the machine's goes.</summary>
    public int Speed { get; init; } = 10;

    /// <summary>The images that the gateway's surroundings offer; none: no such surroundings.</summary>
    public string? Gateway { get; init; }

    /// <summary>Whether there is an ACME server.</summary>
    public bool HasAcme { get; init; }

    /// <summary>Whether the servers' authority is in the image: in user-data of AWS there is hardly room for it beside everything else.</summary>
    public bool TrustsServers => Cloud == "aws";

    public IEnumerable<string> Arguments =>
    [
        .. TrustsServers ? ["--trust"] : Array.Empty<string>(),
        .. HasAcme ? ["--acme"] : Array.Empty<string>(),
        .. Gateway is null ? [] : new[] { "--gateway", Gateway },
        "--cloud", Cloud, "--speed", $"{Speed}", .. Addresses.SelectMany(a => new[] { "--address", a }), .. Hosts.SelectMany(h => new[] { "--host", h }),
        .. FileSystems.SelectMany(f => new[] { "--tmpfs", f }), .. Disks.SelectMany(d => new[] { "--disk", d }),
    ];
}
