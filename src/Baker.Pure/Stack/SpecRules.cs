using Baker.Clouds.Facts;
using Baker.Diagnostics;
using Baker.Stack.Duo;
using Baker.Stack.Identities;
using Baker.Stack.Images;
using Baker.Stack.Network;
using Baker.Stack.Roles;

namespace Baker.Stack;

/// <summary>Rules that need nothing but the spec. Rules on what defaults turn out to be are in <c>Planning/PlanRules</c>.</summary>
public static class SpecRules
{
    public static void Check(Spec spec, DiagnosticBag bag)
    {
        spec.Cloud.Facts.Check(spec.Cloud, bag);
        if (spec.Cloud.Facts.NameProblem(spec.Name) is { } nameProblem)
            bag.Add("name", CloudMessages.BadName(spec.Name, spec.Cloud.Facts.Title, nameProblem));
        NetworkRules.Check(spec, bag);
        DnsRules.Check(spec, bag);
        IdentityRules.Check(spec, bag);
        foreach (var role in RoleCatalog.RolesOf(spec))
            CheckMachine(role, spec, bag);
        foreach (var role in RoleCatalog.RolesOf(spec))
            role.Check(spec, bag);
        DuoRules.Check(spec, bag);
        SecretRules.Check(spec, bag);
        ImagesRules.Check(spec.Images, spec.Cloud.Facts, bag);
        CheckTags(spec, bag);
    }

    private static void CheckMachine(Role role, Spec spec, DiagnosticBag bag)
    {
        var (cloud, machine) = (spec.Cloud.Facts, role.Machine(spec));
        var path = new SpecPath($"{role.Name}.machine");
        // Of a list with something unreadable in it nobody knows what stands where.
        if (!bag.IsTouched(path))
        {
            for (var i = 0; i < machine.Types.Length; i++)
                CheckType(role, spec, machine.Types[i], machine.IsListed ? path.Item(i) : path, bag);
            AlternativeRules.Check(role, spec, bag);
        }
        foreach (var (key, identity) in machine.Identities)
            CheckIdentity(role, key, identity, cloud, bag);
    }

    private static void CheckType(Role role, Spec spec, string type, SpecPath path, DiagnosticBag bag)
    {
        var cloud = spec.Cloud.Facts;
        if (cloud.MachineProblem(type) is { } problem)
            bag.Add(path, problem);
        else if (cloud.IsArm(type))
            bag.Add(path, RoleMessages.Arm(type, RoleCatalog.RolesOf(spec).Select(r => r.Facts.Amd64Only).OfType<string>()));
        else if (role.Facts.HasDataDisk && cloud.HasDisksOfItsOwn(type))
            bag.Add(path, RoleMessages.DisksOfItsOwn(type, role.Facts.Product, cloud.DefaultMachine(role.Class)));
        else if (cloud.FindMachine(type) is not { } known)
            bag.Add(path, role.Types(spec).Length > 1 ? RoleMessages.UnknownAlternative(type)
                : CloudMessages.UnknownMachine(type, role.Facts.HasGpu && role.Gpu(spec).Wanted is null));
        else if (!known.LiveConsole)
            bag.Add(path, CloudMessages.NoLiveConsole(type, cloud.DefaultMachine(role.Class)));
    }

    private static void CheckIdentity(Role role, string key, string value, CloudFacts cloud, DiagnosticBag bag)
    {
        if (cloud.IdentityKey != key)
            bag.AddAtKey($"{role.Name}.{key}", SpecMessages.OtherCloudsKey(key, cloud.Title, cloud.IdentityKey));
        else if (cloud.IdProblem(CloudId.Identity, value) is { } why)
            bag.Add($"{role.Name}.{key}", CloudMessages.BadId(value, $"an identity on {cloud.Title}", why));
    }

    private static void CheckTags(Spec spec, DiagnosticBag bag)
    {
        var cloud = spec.Cloud.Facts;
        foreach (var (key, value) in spec.Tags)
        {
            if (cloud.TagProblem(key, value) is { } why)
                bag.AddAtKey(new SpecPath("tags").Key(key), CloudMessages.BadTag(key, value, cloud.Title, why));
        }
        if (spec.KmsKey is { } kms && cloud.IdProblem(CloudId.KmsKey, kms) is { } problem)
            bag.Add("kms_key", CloudMessages.BadId(kms, $"a key on {cloud.Title}", problem));
    }
}
