using Baker.Language.Shapes;

namespace Baker.Stack.Roles;

/// <summary>What the spec says about GPUs.</summary>
/// <param name="Wanted">True: one must be there; false: none is used; null: by machine type.</param>
/// <param name="Type">Accelerator to attach; null: what the machine brings.</param>
public sealed record GpuSpec(bool? Wanted, string? Type, int Count)
{
    public static readonly GpuSpec None = new(false, null, 1);

    public static GpuSpec From(SpecMap map) => map.Map("gpu") is { } attach
        ? new GpuSpec(true, attach.Text("type"), attach.Number("count") ?? 1)
        : new GpuSpec(map.Text("gpu") switch { "required" => true, "none" => false, _ => null }, null, 1);
}
