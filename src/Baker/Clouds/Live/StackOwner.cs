using System.Collections.Immutable;

namespace Baker.Clouds.Live;

/// <summary>Whose something in a cloud is: found again by this, and by nothing else.</summary>
/// <param name="Stack">Name of the stack, prefix of every name.</param>
/// <param name="Id">Value of <c>baker:id</c>; the same name with another id belongs to somebody else.</param>
/// <param name="Host">The name under which people reach the stack.</param>
/// <param name="Tags">The user's own, put on everything that is created.</param>
/// <param name="KmsKey">Encrypts what is created; null: the cloud's own key.</param>
public sealed record StackOwner(string Stack, string Id, string Host, ImmutableSortedDictionary<string, string> Tags, string? KmsKey)
{
    /// <summary>What the stack's data disk holds, for people.</summary>
    public string DataTitle { get; init; } = "data";

    /// <summary>The network of the user's own in which the stack puts firewall rules; null: none.</summary>
    public string? ExistingNetwork { get; init; }
}
