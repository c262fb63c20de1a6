using Baker.Clouds.Facts;
using Baker.Planning;

namespace Baker.Rendering;

/// <summary>What the identity of a VM is for.</summary>
public static class MachineRights
{
    public static IdentityRights Of(Plan plan, UserData data)
    {
        var stored = plan.Secrets.Where(s => s.Role == data.Role && s.Kind == plan.Cloud.Facts.SecretStore).Select(s => s.Location);
        // Of every bundle that the VM will ever have: the next one needs no other policy.
        var bundles = data.Bundle is null ? [] : new[] { $"{plan.Cloud.Facts.Bundles!.Folder(plan.Name, data.Key)}*" };
        return new IdentityRights([.. stored.Distinct(), .. bundles], plan.Entry is { NeedsIdentity: true });
    }
}
