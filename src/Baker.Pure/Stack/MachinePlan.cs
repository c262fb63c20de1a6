using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Baker.Clouds.Facts;
using Baker.Stack.Images;
using Baker.Stack.Roles;

namespace Baker.Stack;

/// <param name="Key">Names it within the stack: <see cref="StackMachine.Key"/>.</param>
/// <param name="Size">What is known of the type; null when Baker does not know it.</param>
/// <param name="WantsGpu">What the spec says: true, one must be there; false, none is used; null, by machine type.</param>
/// <param name="AttachedGpu">To be attached to a type without one of its own.</param>
/// <param name="DataGb">Size of the volume that outlives the VM, gibibytes; null: none.</param>
/// <param name="PublicAddress"><c>made</c>, an existing id, or null: none.</param>
/// <param name="Identity">Instance profile or service account; null: none.</param>
/// <param name="Release">Null: nothing is known of its version.</param>
public sealed record MachinePlan(
    [property: JsonIgnore] string Key, string Role, string Name, string Type, MachineType? Size, bool? WantsGpu, Gpu? AttachedGpu,
    int DiskGb, int? DataGb,
    string Address, string Subnet, string? PublicAddress, string? Identity, ImagePlan Image, ImmutableArray<VmValue> Values,
    ChangeOrder? ChangesAfter,
    ReleasePlan? Release)
{
    /// <summary>What a launch makes as the VM's identity as soon as it needs one; null: it has the user's own, or gets none.</summary>
    [JsonIgnore]
    public string? MadeIdentity { get; init; }

    /// <summary>A launch makes it, and removes it with the stack.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MakesIdentity => Identity is not null && Identity == MadeIdentity;

    /// <summary>
    /// What else it may be, where the cloud has no room for its type, in the order in which it is wanted; null: nothing.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<MachineType>? Alternatives { get; init; }

    /// <summary>All that it may be, in that order.</summary>
    [JsonIgnore]
    public ImmutableArray<string> Types => [Type, .. (Alternatives ?? []).Select(a => a.Name)];

    /// <summary>What is known of all that it may be.</summary>
    [JsonIgnore]
    public ImmutableArray<MachineType> Sizes => [.. Size is { } size ? new[] { size } : [], .. Alternatives ?? []];

    /// <summary>The least that it may get: what it is told has to fit that.</summary>
    public Gpu? Gpu => AttachedGpu ?? GpuChoice.Least(Sizes.Select(s => s.Gpu));

    /// <summary>What the VM is told under that name.</summary>
    public string Value(string name) => Values.First(v => v.Name == name).Value;
}
