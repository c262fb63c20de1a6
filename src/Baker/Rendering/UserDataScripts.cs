using System.Collections.Concurrent;
using System.Text;
using Baker.Embedded;
using Baker.Machine;
using Baker.Planning;
using Scriban.Runtime;

namespace Baker.Rendering;

/// <summary>
/// The end of a role's user-data: its scripts as entries of <c>write_files</c>. They are the same for every stack of a cloud, so they are
/// rendered and compressed once.
/// </summary>
/// <param name="Plain">The entries in UTF-8.</param>
/// <param name="Digest">Names the scripts' content.</param>
/// <param name="Packed">
/// Under this name the program carries them compressed by zopfli, which takes seconds and makes them smaller by a twentieth: EC2 has
/// room for so little. A test makes those files and holds them against the scripts.
/// </param>
internal sealed record UserDataScripts(byte[] Plain, string Digest, string Packed)
{
    private static readonly ConcurrentDictionary<(string Role, string Cloud), UserDataScripts> Made = new();

    /// <summary>One that is being worked on is not packed yet.</summary>
    private readonly Lazy<byte[]> _compressed = new(() => EmbeddedFiles.Find(Packed) ?? Gzip.Member(Plain));

    public ReadOnlySpan<byte> Compressed => _compressed.Value;

    public static UserDataScripts Of(string role, string cloud) => Made.GetOrAdd((role, cloud), static of =>
    {
        var files = MachineFiles.For(of.Role, of.Cloud);
        var text = Templates.Render("cloud-init/scripts.yaml.scriban", new ScriptObject
        {
            ["files"] = files.Select(f => new ScriptObject
            {
                ["path"] = $"{MachineFiles.Directory}/{f.Name}",
                ["mode"] = f.Mode,
                ["content"] = f.Content,
            }).ToArray(),
        });
        return new UserDataScripts(
            Encoding.UTF8.GetBytes(text), Fingerprint.Of(32, files.SelectMany(f => new[] { f.Name, f.Content })), $"cloud-init/packed/{of.Cloud}-{of.Role}-{Fingerprint.Of(12, text)}.gz");
    });
}
