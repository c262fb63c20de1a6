using System.Collections.Immutable;
using System.Text.Json.Serialization;
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
    /// <summary>The cloud's own way into the VMs that the spec wants; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CloudEntry? Entry { get; init; }

    /// <summary>The permissions boundary of identities that a launch makes; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Boundary { get; init; }

    /// <summary>The machine with that key, which is the role where it has one alone.</summary>
    public MachinePlan Machine(string key) => Machines.First(m => m.Key == key);

    /// <summary>All machines of a role.</summary>
    public IEnumerable<MachinePlan> Of(string role) => Machines.Where(m => m.Role == role);

    /// <summary>The machine that a cloud knows by that name.</summary>
    public MachinePlan Named(string name) => Machines.First(m => m.Name == name);
}

public sealed record ImagesPlan(ImageChoice Use, string? BuilderSubnet, string BuilderAccess, int MaxAgeDays);
