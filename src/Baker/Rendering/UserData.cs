using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using Baker.Machine;
using Baker.Planning;
using Scriban.Runtime;

namespace Baker.Rendering;

/// <summary>The user-data of one VM.</summary>
/// <param name="Text">The cloud-config as people review it.</param>
/// <param name="Sent">The bytes the cloud gets: the text, or its compressed form where the text is too long.</param>
/// <param name="Limit">Most bytes the cloud takes.</param>
/// <param name="Digest">Names the content; the VM's console lines carry it.</param>
public sealed record UserData(string Role, string Text, ReadOnlyMemory<byte> Sent, bool IsCompressed, int Limit, string Digest)
{
    public static UserData Of(Plan plan, MachinePlan machine)
    {
        var files = MachineFiles.For(machine.Role);
        var digest = Fingerprint.Of(12, files.SelectMany(f => new[] { f.Name, f.Content })
            .Concat(machine.Values.SelectMany(v => new[] { v.Name, v.Value })).Concat(plan.SshKeys));
        var values = ValuesFile.Write(machine.Values.Append(VmValue.Configure("digest", digest)));
        var text = Templates.Render("cloud-init/user-data.yaml.scriban", new ScriptObject
        {
            ["stack"] = plan.Name,
            ["role"] = machine.Role,
            ["ssh_keys"] = plan.SshKeys.ToArray(),
            ["values_path"] = MachineFiles.ValuesPath,
            ["values"] = values,
            ["files"] = files.Select(f => new ScriptObject
            {
                ["path"] = $"{MachineFiles.Directory}/{f.Name}", ["mode"] = f.Mode, ["content"] = f.Content,
            }).ToArray(),
            ["boot"] = $"{MachineFiles.Directory}/boot",
        });
        var plain = Encoding.UTF8.GetBytes(text);
        var limit = plan.Cloud.Facts.UserDataLimit;
        ArtifactCheck.UserData(text, files, values);
        return plain.Length <= limit ? new UserData(machine.Role, text, plain, false, limit, digest)
            : new UserData(machine.Role, text, Compress(plain), true, limit, digest);
    }

    /// <summary>gzip without name and time, so that the same text gives the same bytes.</summary>
    private static ReadOnlyMemory<byte> Compress(byte[] plain)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.SmallestSize))
            gzip.Write(plain);
        return buffer.ToArray();
    }
}
