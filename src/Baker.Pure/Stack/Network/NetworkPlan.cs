using System.Collections.Immutable;

namespace Baker.Stack.Network;

/// <param name="NatAddress">Null where the plan needs no NAT gateway or the network is the user's own.</param>
/// <param name="ExistingId">The user's own network; null: Baker makes one.</param>
public sealed record NetworkPlan(
    string? ExistingId, string? Cidr, ImmutableArray<SubnetPlan> Subnets, bool NeedsNat, string? NatAddress);

/// <param name="Name">Name that Baker gives it, or <c>public</c> / <c>private</c> for an existing one.</param>
public sealed record SubnetPlan(string Name, bool IsPublic, string Cidr, string? ExistingId);
