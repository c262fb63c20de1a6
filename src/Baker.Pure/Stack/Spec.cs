using System.Collections.Immutable;
using Baker.Clouds.Facts;
using Baker.Stack.Duo;
using Baker.Stack.Identities;
using Baker.Stack.Images;
using Baker.Stack.Mirrors;
using Baker.Stack.Network;
using Baker.Stack.Roles;

namespace Baker.Stack;

/// <summary>A whole spec as the user wrote it: typed, but without any default. What was not written is null.</summary>
/// <param name="Dns">Null: not written.</param>
/// <param name="Identity">Null: not written.</param>
/// <param name="Sections">Of the roles, by name.</param>
public sealed record Spec(
    string Name, bool Evaluation, CloudSpec Cloud, NetworkSpec Network, DnsSpec? Dns,
    IdentitySpec? Identity, SshSpec? Ssh,
    ImmutableDictionary<string, RoleSpec> Sections, DuoSpec Duo,
    ImagesSpec Images, MirrorsSpec Mirrors, ImmutableSortedDictionary<string, string> Tags, string? KmsKey);
