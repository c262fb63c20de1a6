using System.Buffers;
using System.Text;
using Baker.Embedded;
using Baker.Machine;
using Baker.Planning;
using Baker.Stack;
using Scriban.Runtime;

namespace Baker.Rendering;

/// <summary>
/// Where no Packer makes the images: what their builders get, one user-data per role. A builder does by itself what Packer would tell it,
/// with the same scripts.
/// </summary>
public static class BuilderFiles
{
    public const string Folder = "bake";

    /// <summary>On the builder; the image has nothing of it.</summary>
    private const string Place = "/var/lib/baker-bake";

    /// <summary>Packer's own, and the one that calls them in its stead.</summary>
    private static readonly string[] Scripts = ["packer/upgrade.sh", "packer/seal.sh", "builder/bake.sh"];

    public static IEnumerable<Artifact> Write(Plan plan) => plan.Cloud.Facts.PackerBuilder is not null ? []
        : plan.Machines.DistinctBy(m => m.Role).Select(machine => new Artifact($"{Folder}/{machine.Role}.yaml", UserData(plan, machine)));

    private static ReadOnlyMemory<byte> UserData(Plan plan, MachinePlan machine)
    {
        var values = ValuesFile.Write(ImageValues.Of(machine));
        var own = Templates.Render("builder/user-data.yaml.scriban", new ScriptObject
        {
            ["stack"] = plan.Name,
            ["role"] = machine.Role,
            ["values_path"] = MachineFiles.ValuesPath,
            ["values"] = values,
        });
        ArtifactCheck.UserData(own, values, []);
        var all = new ArrayBufferWriter<byte>();
        Encoding.UTF8.GetBytes(own, all);
        foreach (var file in MachineFiles.ForImage(machine.Role, plan.Cloud.Facts.Key))
            ScriptEntries.Write(all, $"{MachineFiles.Directory}/{file.Name}", file.Mode, file.Bytes.Span);
        foreach (var script in Scripts)
            ScriptEntries.Write(all, $"{Place}/{Path.GetFileName(script)}", "0755", EmbeddedFiles.Bytes(script));
        ScriptEntries.Write(all, "/etc/systemd/system/baker-bake.service", "0644", EmbeddedFiles.Bytes("builder/baker-bake.service"));
        return all.WrittenMemory;
    }
}
