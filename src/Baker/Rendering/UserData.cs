using System.Text;
using Baker.Machine;
using Baker.Planning;
using Scriban.Runtime;

namespace Baker.Rendering;

/// <summary>The user-data of one VM.</summary>
/// <param name="Plain">The cloud-config as people review it.</param>
/// <param name="Sent">The bytes the cloud gets: the plain ones, or their compressed form where they are too many.</param>
/// <param name="Limit">Most bytes the cloud takes.</param>
/// <param name="Digest">Names the content; the VM's console lines carry it.</param>
public sealed record UserData(string Role, ReadOnlyMemory<byte> Plain, ReadOnlyMemory<byte> Sent, bool IsCompressed, int Limit, string Digest)
{
    public static UserData Of(Plan plan, MachinePlan machine)
    {
        var scripts = UserDataScripts.Of(machine.Role, plan.Cloud.Facts.Key);
        var digest = Fingerprint.Of(12, machine.Values.SelectMany(v => new[] { v.Name, v.Value }).Concat(plan.SshKeys).Prepend(scripts.Digest));
        var values = ValuesFile.Write(machine.Values.Append(VmValue.Configure("digest", digest)));
        var own = Templates.Render("cloud-init/user-data.yaml.scriban", new ScriptObject
        {
            ["stack"] = plan.Name,
            ["role"] = machine.Role,
            ["ssh_keys"] = plan.SshKeys.ToArray(),
            ["boot"] = $"{MachineFiles.Directory}/boot",
            ["values_path"] = MachineFiles.ValuesPath,
            ["values"] = values,
        });
        ArtifactCheck.UserData(own, values, plan.SshKeys);
        var limit = plan.Cloud.Facts.UserDataLimit;
        var head = Encoding.UTF8.GetBytes(own);
        byte[] plain = [.. head, .. scripts.Plain.Span];
        if (plain.Length <= limit)
            return new UserData(machine.Role, plain, plain, false, limit, digest);
        return new UserData(machine.Role, plain, (byte[])[.. Gzip.Member(head), .. scripts.Compressed], true, limit, digest);
    }
}
