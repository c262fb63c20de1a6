using Baker.Clouds.Facts;

namespace Baker.Stack.Roles;

/// <summary>What a role is, as data.</summary>
/// <param name="Name">The spec's key, and the end of the VM's name.</param>
/// <param name="Title">Its VM in a sentence.</param>
/// <param name="Product">What runs there, in a sentence.</param>
/// <param name="DiskGb">Root disk by default, gibibytes.</param>
/// <param name="LeastDiskGb">Below this the role's own packages do not fit.</param>
/// <param name="HostNumber">Default address: this far after the start of the role's subnet.</param>
public sealed record RoleFacts(string Name, string Title, string Product, MachineClass Class, int DiskGb, int LeastDiskGb, int HostNumber)
{
    /// <summary>The spec must have its section.</summary>
    public bool IsRequired { get; init; }

    /// <summary>People reach it.</summary>
    public bool IsPublic { get; init; }

    /// <summary>It may have a GPU.</summary>
    public bool HasGpu { get; init; }

    /// <summary>It answers as the stack's model.</summary>
    public bool IsModelServer { get; init; }

    /// <summary>By default the size of a volume that outlives the VM, gibibytes; null: it has none.</summary>
    public int? DataGb { get; init; }

    /// <summary>What of it is there for x86-64 alone, in a sentence; null: nothing.</summary>
    public string? Amd64Only { get; init; }

    public bool HasDataDisk => DataGb is not null;
}
