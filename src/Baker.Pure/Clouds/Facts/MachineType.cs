namespace Baker.Clouds.Facts;

/// <summary>What Baker knows about a machine type without asking the cloud.</summary>
/// <param name="MemoryGb">Gibibytes.</param>
/// <param name="Gpu">Built in; null when the type has none of its own.</param>
/// <param name="IsArm">It cannot run what the roles install.</param>
/// <param name="LiveConsole">False where the serial console can be read only after a change of state (EC2's Xen types).</param>
public sealed record MachineType(string Name, int Cpus, decimal MemoryGb, Gpu? Gpu = null, bool IsArm = false, bool LiveConsole = true)
{
    public bool IsBelow((int Cpus, decimal MemoryGb) wanted) => Cpus < wanted.Cpus || MemoryGb < wanted.MemoryGb;

    public override string ToString() => $"{Name} ({Cpus} CPUs, {MemoryGb:0.##} GB{(Gpu is null ? "" : $", {Gpu}")})";
}

/// <param name="MemoryGb">Of one GPU.</param>
public sealed record Gpu(string Model, int Count, int MemoryGb)
{
    public int TotalMemoryGb => Count * MemoryGb;

    public override string ToString() => $"{Count} × {Model} {MemoryGb} GB";
}
