using Baker.Diagnostics;
using Baker.Language.Secrets;
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
                if (secret.Reference.Kind != SecretKind.Generate && secret.Reference.Kind != SecretKind.VmFile
                    && secret.Reference.Kind != cloud.SecretStore)
                    bag.Add(secret.Path, SecretMessages.WrongCloud(
                        secret.Reference.Kind.Name, cloud.Title, [cloud.SecretStore.Name, SecretKind.VmFile.Name]));
            }
            var fetched = secrets.Where(s => s.Reference.Kind == SecretKind.Generate || s.Reference.Kind == cloud.SecretStore)
                .Select(s => s.Path.Text).Distinct().ToArray();
            if (cloud.IdentityKey is { } key && fetched.Length > 0 && role.Machine(spec).Identity(cloud) is null)
                bag.Add(new SpecPath(role.Name).Key(key), SecretMessages.NeedsIdentity(key, role.Title, role.Name, fetched));
        }
    }
}
