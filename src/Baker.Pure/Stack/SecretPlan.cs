using System.Text.Json.Serialization;
using Baker.Language.Secrets;

namespace Baker.Stack;

/// <param name="VmReference">What the VM reads: <c>kind:location</c>.</param>
/// <param name="LocalPath">File on this machine that becomes the secret; null: none does.</param>
/// <param name="Variable">Environment variable of the launch that becomes the secret; null: none does.</param>
/// <param name="IsMade">True when `baker launch` makes the value.</param>
public sealed record SecretPlan(
    string Name, string Role, SecretKind Kind, string Location, string? LocalPath, string? Variable, bool IsMade)
{
    /// <summary>It is the stack's own: `baker launch` stores it, and `baker destroy --delete-data` removes it.</summary>
    [JsonIgnore]
    public bool IsTheStacks => IsMade || Given is not null;

    /// <summary>What of the user's it comes from, for people; null: launch stores nothing of theirs.</summary>
    [JsonIgnore]
    public string? Given => LocalPath ?? (Variable is null ? null : $"the variable {Variable}");

    /// <summary>Somebody puts it on the VM as a file: no launch sees it.</summary>
    [JsonIgnore]
    public bool IsOnVm => Kind == SecretKind.VmFile;

    public string VmReference => $"{Kind.Name}:{Location}";
}
