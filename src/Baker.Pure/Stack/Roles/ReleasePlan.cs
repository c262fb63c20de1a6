using System.Text.Json.Serialization;

namespace Baker.Stack.Roles;

/// <summary>What a VM runs that a later launch must not change unasked.</summary>
/// <param name="Key">Of the spec, by which people name it.</param>
/// <param name="IsWritten">False where the spec leaves it to Baker: it then stays as long as it runs.</param>
public sealed record ReleasePlan(string Version, [property: JsonIgnore] string Key, [property: JsonIgnore] bool IsWritten)
{
    /// <summary>Stands for a version that cannot be told.</summary>
    public const string Other = "other";
}
