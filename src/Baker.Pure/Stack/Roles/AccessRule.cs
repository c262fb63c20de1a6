using System.Collections.Immutable;

namespace Baker.Stack.Roles;

/// <summary>Who may reach whom: one allowed TCP port. What is not listed is closed.</summary>
/// <param name="FromRoleName">A VM of the stack, or null when networks are allowed.</param>
/// <param name="Networks">CIDR ranges, or empty when a VM is allowed.</param>
/// <param name="Encryption">What keeps others on the way from reading it: <c>TLS</c>, <c>SSH</c>; null, nothing does.</param>
public sealed record AccessRule(string? FromRoleName, ImmutableArray<string> Networks, string To, int Port, string? Encryption, string Why)
{
    public static AccessRule FromRole(string from, string to, int port, string? encryption, string why) =>
        new(from, [], to, port, encryption, why);

    public static AccessRule FromNetworks(IEnumerable<string> networks, string to, int port, string? encryption, string why) =>
        new(null, [.. networks], to, port, encryption, why);
}
