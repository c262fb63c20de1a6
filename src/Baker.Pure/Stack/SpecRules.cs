using Baker.Clouds.Facts;
using Baker.Diagnostics;
using Baker.Stack.Duo;
using Baker.Stack.Images;
using Baker.Stack.Network;
using Baker.Stack.Roles;
using Baker.Stack.Roles.Gateway;
using Baker.Stack.Roles.GitLab;
using Baker.Stack.Roles.Ollama;

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
        foreach (var role in RoleCatalog.All)
            CheckMachine(role, spec, bag);
        GitLabRules.Check(spec, bag);
        GatewayRules.Check(spec, bag);
        OllamaRules.Check(spec, bag);
        DuoRules.Check(spec, bag);
        SecretRules.Check(spec, bag);
        ImagesRules.Check(spec.Images, spec.Cloud.Facts, bag);
        CheckTags(spec, bag);
    }

    private static void CheckMachine(Role role, Spec spec, DiagnosticBag bag)
    {
        var (cloud, machine) = (spec.Cloud.Facts, role.Machine(spec));
        if (machine.Machine is { } type)
        {
            var path = $"{role.Name}.machine";
            if (cloud.MachineProblem(type) is { } problem)
                bag.Add(path, problem);
            else if (cloud.IsArm(type))
                bag.Add(path, CloudMessages.Arm(type));
            else if (role == RoleCatalog.GitLab && cloud.HasDisksOfItsOwn(type))
                bag.Add(path, CloudMessages.DisksOfItsOwn(type, cloud.DefaultMachine(role.Class)));
            else if (cloud.FindMachine(type) is not { } known)
                bag.Add(path, CloudMessages.UnknownMachine(type, role.Class == MachineClass.Accelerated && spec.Ollama.Gpu.Wanted is null));
            else if (!known.LiveConsole)
                bag.Add(path, CloudMessages.NoLiveConsole(type, cloud.DefaultMachine(role.Class)));
        }
        CheckIdentity(role, "instance_profile", machine.InstanceProfile, cloud, bag);
        CheckIdentity(role, "service_account", machine.ServiceAccount, cloud, bag);
    }

    private static void CheckIdentity(Role role, string key, string? value, CloudFacts cloud, DiagnosticBag bag)
    {
        if (value is null)
            return;
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
