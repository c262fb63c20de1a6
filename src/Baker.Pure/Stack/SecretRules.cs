using Baker.Clouds.Facts;
using Baker.Diagnostics;
using Baker.Language.Secrets;
using Baker.Stack.Identities;
using Baker.Stack.Roles;

namespace Baker.Stack;

/// <summary>Rules of secret references: which kinds a cloud's VMs can read, and with what identity.</summary>
public static class SecretRules
{
    public static void Check(Spec spec, DiagnosticBag bag)
    {
        var cloud = spec.Cloud.Facts;
        foreach (var role in RoleCatalog.RolesOf(spec))
        {
            var secrets = role.Fetched(spec).ToArray();
            foreach (var secret in secrets)
            {
                if (!IdentityNeed.IsStored(secret.Reference.Kind, spec) && secret.Reference.Kind != SecretKind.VmFile)
                    bag.Add(secret.Path, SecretMessages.WrongCloud(secret.Reference.Kind.Name, cloud.Title, CloudCatalog.Secrets
                        .Where(k => k == cloud.SecretStore || k.IsGiven || k == SecretKind.VmFile).Select(k => k.Name)));
            }
            var fetched = IdentityNeed.Fetched(role, spec);
            if (cloud.IdentityKey is { } key && fetched.Length > 0 && !IdentityNeed.IsThere(role, spec))
                bag.Add(new SpecPath(role.Name).Key(key), SecretMessages.NeedsIdentity(key, role.Title, role.Name, fetched));
        }
    }
}
