using System.Collections.Immutable;
using Baker.Clouds.Facts;
using Baker.Stack;
using Baker.Stack.Duo;
using Baker.Stack.Images;
using Baker.Stack.Network;
using Baker.Stack.Roles;

namespace Baker.Planning;

/// <summary>
/// A stack with every default, name and address decided: all that can be known without asking the cloud.
/// It is printed before anything is done, and written as plan.json.
/// </summary>
/// <param name="Id">Value of the tag baker:id on everything that belongs to the stack: hash of name, GitLab host and location.</param>
public sealed record Plan(
    string Name, string Id, bool Evaluation, CloudSpec Cloud, NetworkPlan Network, StackPlan Stack,
    ImmutableArray<MachinePlan> Machines, ImmutableArray<AccessRule> Access, ImmutableArray<EgressRule> Egress,
    ImmutableArray<SecretPlan> Secrets, DuoPlan Duo, ImagesPlan Images,
    ImmutableArray<string> SshKeys, ImmutableSortedDictionary<string, string> Tags, string? KmsKey)
{
    public MachinePlan Machine(string role) => Machines.First(m => m.Role == role);
}

/// <summary>What the parts of the stack must agree on.</summary>
public sealed record StackPlan(
    string GitLabUrl, string GitLabHost, string GitLabVersion, string Tls, string License, bool IsInternalOnly,
    string GatewayImage, string GatewayAuth, string GatewayUrl, string OllamaVersion, string? OllamaSha256, ImmutableArray<string> Models,
    ModelEndpoint Model, int ContextLength, ModelMemory ModelMemory, DnsPlan? Dns);

/// <summary>The record somebody must make.</summary>
/// <param name="Target">An address, or null: the public address that exists only after launch.</param>
public sealed record DnsPlan(string Name, string? Target);

/// <param name="Size">What is known of the type; null when Baker does not know it.</param>
/// <param name="WantsGpu">What the spec says: true, one must be there; false, none is used; null, by machine type.</param>
/// <param name="AttachedGpu">To be attached to a type without one of its own.</param>
/// <param name="DataGb">Size of the volume that outlives the VM, gibibytes; null: none.</param>
/// <param name="PublicAddress"><c>made</c>, an existing id, or null: none.</param>
/// <param name="Identity">Instance profile or service account; null: none.</param>
/// <param name="Release">Null: nothing is known of its version.</param>
public sealed record MachinePlan(
    string Role, string Name, string Type, MachineType? Size, bool? WantsGpu, Gpu? AttachedGpu, int DiskGb, int? DataGb,
    string Address, string Subnet, string? PublicAddress, string? Identity, ImagePlan Image, ImmutableArray<VmValue> Values, ChangeOrder? ChangesAfter,
    ReleasePlan? Release)
{
    public Gpu? Gpu => AttachedGpu ?? Size?.Gpu;

    /// <summary>What the VM is told under that name.</summary>
    public string Value(string name) => Values.First(v => v.Name == name).Value;
}

/// <param name="Id">Named in the spec; null: found at launch.</param>
/// <param name="Fingerprint">Twelve hexadecimal digits over install scripts and install values: what a baked image must carry to fit.</param>
public sealed record ImagePlan(string Use, string? Id, string Fingerprint);

public sealed record ImagesPlan(ImageChoice Use, string? BuilderSubnet, string BuilderAccess, int MaxAgeDays);
