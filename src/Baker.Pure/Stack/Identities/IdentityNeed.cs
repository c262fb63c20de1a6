using System.Collections.Immutable;
using Baker.Language.Secrets;
using Baker.Stack.Roles;

namespace Baker.Stack.Identities;

/// <summary>Which VMs need an identity, and what they have.</summary>
public static class IdentityNeed
{
    /// <summary>What the VM fetches from the cloud's store, by its places in the spec.</summary>
    public static ImmutableArray<string> Fetched(Role role, Spec spec) =>
        [.. role.Fetched(spec).Where(s => IsStored(s.Reference.Kind, spec)).Select(s => s.Path.Text).Distinct()];

    public static bool IsStored(SecretKind kind, Spec spec) =>
        kind == SecretKind.Generate || kind == spec.Cloud.Facts.SecretStore || kind.IsGiven;

    /// <summary>The user's own, or one that a launch makes.</summary>
    public static bool IsThere(Role role, Spec spec) => role.Machine(spec).Identity(spec.Cloud.Facts) is not null || IsMade(spec);

    /// <summary>The name of what a launch would make for the VM; null: nothing.</summary>
    /// <param name="machine">The VM's own name.</param>
    public static string? Made(Role role, Spec spec, string machine) =>
        role.Machine(spec).Identity(spec.Cloud.Facts) is null && IsMade(spec)
            ? spec.Cloud.Facts.MadeIdentity(spec.Cloud, machine) : null;

    /// <summary>Known before user-data is: that may come to need one too.</summary>
    public static bool HasReason(Role role, Spec spec) =>
        !Fetched(role, spec).IsEmpty || spec.Ssh?.EntryOf(spec.Cloud.Facts) is { NeedsIdentity: true };

    private static bool IsMade(Spec spec) =>
        spec.Cloud.Facts.IdentityKey is not null && spec.Identity?.Use != IdentityChoice.None;
}
