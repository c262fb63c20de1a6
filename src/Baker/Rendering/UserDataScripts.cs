using System.Collections.Concurrent;
using System.Text;
using Baker.Embedded;
using Baker.Machine;
using Baker.Planning;

namespace Baker.Rendering;

/// <summary>
/// The end of a role's user-data: its scripts as entries of <c>write_files</c>. They are the same for every stack of a cloud, so they are
/// rendered and compressed once.
/// </summary>
/// <param name="Plain">The entries in UTF-8.</param>
/// <param name="Digest">Names these bytes.</param>
/// <param name="Packed">
/// Under this name the program carries them compressed by zopfli, which takes seconds and makes them smaller by a twentieth: EC2 has
/// room for so little. A test makes those files and holds them against the scripts.
/// </param>
internal sealed record UserDataScripts(byte[] Plain, string Digest, string Packed)
{
    private static readonly ConcurrentDictionary<(string Role, string Cloud), UserDataScripts> Made = new();

    /// <summary>The roles share most of their files, and every one of them is there once.</summary>
    private static readonly ConcurrentDictionary<MachineFile, byte[]> Entries = new(ReferenceEqualityComparer.Instance);

    /// <summary>Of a file's lines, in blanks: one more than the key above them has. EC2 has no room for a fourth.</summary>
    private const int Depth = 3;

    /// <summary>One that is being worked on is not packed yet.</summary>
    private readonly Lazy<byte[]> _compressed = new(() => EmbeddedFiles.Find(Packed) ?? Gzip.Member(Plain));

    public ReadOnlySpan<byte> Compressed => _compressed.Value;

    public static UserDataScripts Of(string role, string cloud) => Made.GetOrAdd((role, cloud), static of =>
    {
        var entries = MachineFiles.For(of.Role, of.Cloud).Select(f => Entries.GetOrAdd(f, Entry)).ToArray();
        var plain = new byte[entries.Sum(e => e.Length)];
        var end = 0;
        foreach (var entry in entries)
        {
            entry.CopyTo(plain, end);
            end += entry.Length;
        }
        var digest = Fingerprint.Of(plain);
        return new UserDataScripts(plain, digest, $"cloud-init/packed/{of.Cloud}-{of.Role}-{digest[..12]}.gz");
    });

    /// <summary>One file as an entry of <c>write_files</c>.</summary>
    public static string Entry(string path, string mode, string content) =>
        $"- path: {Quoting.Yaml(path)}\n  permissions: {Quoting.Yaml(mode)}\n  content: {Quoting.YamlBlock(content, Depth)}\n";

    private static byte[] Entry(MachineFile file) => Encoding.UTF8.GetBytes(Entry($"{MachineFiles.Directory}/{file.Name}", file.Mode, file.Content));
}
