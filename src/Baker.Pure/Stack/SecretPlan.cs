using System.Text.Json.Serialization;
using Baker.Language.Secrets;

namespace Baker.Stack;

/// <param name="VmReference">What the VM reads: <c>kind:location</c>.</param>
/// <param name="LocalPath">File on this machine that becomes the secret; null: none does.</param>
/// <param name="IsMade">True when `baker launch` makes the value.</param>
public sealed record SecretPlan(string Name, string Role, SecretKind Kind, string Location, string? LocalPath, bool IsMade)
{
    /// <summary>It is the stack's own: `baker launch` stores it, and `baker destroy --delete-data` removes it.</summary>
    [JsonIgnore]
    public bool IsTheStacks => IsMade || LocalPath is not null;

    public string VmReference => $"{Kind.Name}:{Location}";
}
