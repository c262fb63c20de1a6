using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Baker.Clouds;
using Baker.Duo;
using Baker.Roles;
using Baker.Specs;
using Baker.Specs.Images;

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

/// <param name="NatAddress">Null where the plan needs no NAT gateway or the network is the user's own.</param>
/// <param name="ExistingId">The user's own network; null: Baker makes one.</param>
public sealed record NetworkPlan(
    string? ExistingId, string? Cidr, ImmutableArray<SubnetPlan> Subnets, bool NeedsNat, string? NatAddress);

/// <param name="Name">Name that Baker gives it, or <c>public</c> / <c>private</c> for an existing one.</param>
public sealed record SubnetPlan(string Name, bool IsPublic, string Cidr, string? ExistingId);

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

/// <summary>What a VM runs that a later launch must not change unasked.</summary>
/// <param name="Key">Of the spec, by which people name it.</param>
/// <param name="IsWritten">False where the spec leaves it to Baker: it then stays as long as it runs.</param>
public sealed record ReleasePlan(string Version, [property: JsonIgnore] string Key, [property: JsonIgnore] bool IsWritten)
{
    /// <summary>Stands for a version that cannot be told.</summary>
    public const string Other = "other";
}

/// <summary>A change of a VM that waits for another's.</summary>
/// <param name="Role">Whose VM changes first.</param>
/// <param name="Beginning">The step with which that begins where it has been up before.</param>
/// <param name="Last">It has changed when it is at one of these steps, or ready.</param>
public sealed record ChangeOrder(string Role, string Beginning, ImmutableArray<string> Last);

/// <param name="Id">Named in the spec; null: found at launch.</param>
/// <param name="Fingerprint">Twelve hexadecimal digits over install scripts and install values: what a baked image must carry to fit.</param>
public sealed record ImagePlan(string Use, string? Id, string Fingerprint);

/// <param name="VmReference">What the VM reads: <c>kind:location</c>.</param>
/// <param name="LocalPath">File on this machine that becomes the secret; local cloud only.</param>
/// <param name="IsMade">True when `baker launch` makes the value.</param>
public sealed record SecretPlan(string Name, string Role, SecretKind Kind, string Location, string? LocalPath, bool IsMade)
{
    public string VmReference => $"{SecretShapes.Word(Kind)}:{Location}";
}

/// <param name="Identifier">How the gateway names the model: <c>custom_openai/…</c>.</param>
/// <param name="IsWired">False for GitLab versions whose settings can be made by hand only.</param>
public sealed record DuoPlan(
    string Name, string Family, string Identifier, string Endpoint, ImmutableArray<string> Features, ImmutableArray<string> Seats,
    bool OnlySelfHosted, bool AcceptTestingTerms, bool IsWired);

public sealed record ImagesPlan(ImageChoice Use, string? BuilderSubnet, string BuilderAccess, int MaxAgeDays);
