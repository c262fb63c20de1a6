using System.Collections.Concurrent;
using System.Text;
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
internal sealed record UserDataScripts(byte[] Plain, string Digest)
{
    private static readonly ConcurrentDictionary<(string Role, string Cloud), UserDataScripts> Made = new();

    private readonly Lazy<byte[]> _compressed = new(() => Gzip.Member(Plain));

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
        return new UserDataScripts(Encoding.UTF8.GetBytes(text), Fingerprint.Of(32, files.SelectMany(f => new[] { f.Name, f.Content })));
    });
}
