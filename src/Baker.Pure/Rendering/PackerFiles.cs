using System.Collections.Immutable;
using Baker.Embedded;
using Baker.Machine;
using Baker.Planning;
using Baker.Stack;
using Scriban.Runtime;

namespace Baker.Rendering;

/// <summary>The directory that <c>packer build</c> takes as it is: one source and build per role, and what they upload.</summary>
public static class PackerFiles
{
    public const string Folder = "packer";

    private static readonly ImmutableArray<Artifact> Scripts =
        [.. new[] { "place.sh", "upgrade.sh", "install.sh", "seal.sh" }.Select(s =>
            new Artifact($"{Folder}/{s}", EmbeddedFiles.Bytes($"packer/{s}"), IsExecutable: true))];

    public static IEnumerable<Artifact> Write(Plan plan)
    {
        if (plan.Cloud.Facts.PackerBuilder is not { } builder)
            yield break;
        yield return Artifact.Text($"{Folder}/plugins.pkr.hcl", Templates.Render($"packer/{builder}.plugins.pkr.hcl.scriban", []));
        yield return new Artifact($"{Folder}/base.pkr.hcl", EmbeddedFiles.Bytes("packer/base.pkr.hcl"));
        foreach (var machine in plan.Machines.DistinctBy(m => m.Role))
        {
            var names = Names(plan, machine);
            // How the builder is reached differs by cloud; what is done on it does not.
            var template = new Utf8Output(8 * 1024);
            Templates.Render(template, $"packer/{builder}.pkr.hcl.scriban", names);
            Templates.Render(template, "packer/build.pkr.hcl.scriban", names);
            yield return new Artifact($"{Folder}/{machine.Role}.pkr.hcl", template.Bytes);
            yield return Artifact.Text($"{Folder}/{machine.Role}/values", ValuesFile.Write(ImageValues.Of(machine)));
            foreach (var file in MachineFiles.ForImage(machine.Role, plan.Cloud.Facts.Key))
                yield return new Artifact($"{Folder}/{machine.Role}/{file.Name}", file.Bytes, file.Mode == "0755");
        }
        foreach (var script in Scripts)
            yield return script;
    }

    private static ScriptObject Names(Plan plan, MachinePlan machine)
    {
        var names = new ScriptObject
        {
            ["stack"] = plan.Name,
            ["role"] = machine.Role,
            ["id"] = plan.Id,
            ["image_prefix"] = $"baker-{plan.Name}-{machine.Role}-{machine.Image.Fingerprint}-",
            ["image_family"] = $"baker-{plan.Name}-{machine.Role}",
            ["fingerprint"] = machine.Image.Fingerprint,
            ["disk_gb"] = $"{machine.DiskGb}",
            ["subnet"] = plan.Images.BuilderSubnet ?? "",
            ["access"] = plan.Images.BuilderAccess,
            // Through a program of the cloud's own, which needs no address of the builder's.
            ["is_tunnelled"] = plan.Cloud.Facts.BuilderProgram(plan.Images.BuilderAccess) is not null,
            ["uses_os_login"] = plan.Images.BuilderAccess.EndsWith("os_login", StringComparison.Ordinal),
            ["kms_key"] = plan.KmsKey ?? "",
            ["tags"] = plan.Tags.Select(t => new ScriptObject { ["key"] = t.Key, ["value"] = t.Value }).ToArray(),
            ["source"] = $"source.{plan.Cloud.Facts.PackerBuilder}.{machine.Role}",
        };
        foreach (var (name, value) in plan.Cloud.TemplateNames)
            names[name] = value;
        return names;
    }
}
