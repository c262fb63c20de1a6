using System.Collections.Immutable;

namespace Baker.Stack.Roles;

/// <summary>Who may reach whom: one allowed TCP port. What is not listed is closed.</summary>
/// <param name="FromRoleName">A VM of the stack, or null when networks are allowed.</param>
/// <param name="Networks">CIDR ranges, or empty when a VM is allowed.</param>
public sealed record AccessRule(string? FromRoleName, ImmutableArray<string> Networks, string To, int Port, string Why)
{
    public static AccessRule FromRole(string from, string to, int port, string why) => new(from, [], to, port, why);

    public static AccessRule FromNetworks(IEnumerable<string> networks, string to, int port, string why) => new(null, [.. networks], to, port, why);
}
