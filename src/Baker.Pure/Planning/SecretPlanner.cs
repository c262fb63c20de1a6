using System.Collections.Immutable;
using Baker.Language.Secrets;
using Baker.Stack;
using Baker.Stack.Roles;

namespace Baker.Planning;

/// <summary>Decides where each secret lies and what the VM is told about it.</summary>
internal static class SecretPlanner
{
    public static ImmutableArray<SecretPlan> Plan(Spec spec) =>
        [.. RoleCatalog.RolesOf(spec).SelectMany(role => role.Fetched(spec).Select(need => One(spec, role, need)))];

    private static SecretPlan One(Spec spec, Role role, SecretNeed need)
    {
        var cloud = spec.Cloud.Facts;
        var reference = need.Reference;
        if (!need.IsMade && !reference.Kind.IsGiven)
            return new SecretPlan(need.Name, role.Name, reference.Kind, cloud.SecretLocation(spec.Cloud, reference), null, null, false);
        // What a launch makes, and what the user gives it, it stores under the stack's name.
        var location = cloud.MadeSecret(spec.Cloud, spec.Name, need.Name.Replace('_', '-'));
        var (path, variable) = need.IsMade ? (null, null)
            : reference.Kind == SecretKind.Variable ? ((string?)null, (string?)reference.Location) : (reference.Location, null);
        return new SecretPlan(need.Name, role.Name, cloud.SecretStore, location, path, variable, need.IsMade);
    }
}
