using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Immutable;
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
internal sealed record UserDataScripts(ReadOnlyMemory<byte> Plain, string Digest, string Packed)
{
    private static readonly ConcurrentDictionary<(string Role, string Cloud, bool HasAuthority), UserDataScripts> Made = new();

    /// <summary>Of a file's lines, in blanks: one more than the key above them has. EC2 has no room for a fourth.</summary>
    private static ReadOnlySpan<byte> Indent => "   "u8;

    /// <summary>What cloud-init gives a file that says nothing else.</summary>
    private const string UsualMode = "0644";

    /// <summary>One that is being worked on is not packed yet.</summary>
    private readonly Lazy<byte[]> _compressed = new(() => EmbeddedFiles.Find(Packed) ?? Gzip.Member(Plain.Span));

    public ReadOnlySpan<byte> Compressed => _compressed.Value;

    public static UserDataScripts Of(string role, string cloud, bool hasAuthority = false) => Made.GetOrAdd((role, cloud, hasAuthority), static of =>
    {
        var files = Files(of.Role, of.Cloud, of.HasAuthority);
        // A third more than the files: what an entry adds to one is little, and blanks for each line.
        var entries = new ArrayBufferWriter<byte>(files.Sum(f => f.Bytes.Length) * 4 / 3);
        foreach (var file in files)
            Write(entries, $"{MachineFiles.Directory}/{file.Name}", file.Mode, file.Bytes.Span);
        var plain = entries.WrittenMemory;
        var digest = Fingerprint.Of(plain.Span);
        return new UserDataScripts(plain, digest, $"cloud-init/packed/{of.Cloud}-{of.Role}-{digest[..12]}.gz");
    });

    public static ImmutableArray<MachineFile> Files(string role, string cloud, bool hasAuthority) =>
        hasAuthority ? MachineFiles.WithAuthority(role, cloud) : MachineFiles.For(role, cloud);

    /// <summary>
    /// One script as an entry of <c>write_files</c>, its lines in a literal block. That carries a text which begins with no blank, ends with
    /// its last line and has nothing unprintable. No script is otherwise: a test reads every one of them back.
    /// </summary>
    public static void Write(ArrayBufferWriter<byte> to, string path, string mode, ReadOnlySpan<byte> script)
    {
        Encoding.UTF8.GetBytes($"- path: {Quoting.Yaml(path)}\n{(mode == UsualMode ? "" : $"  permissions: {Quoting.Yaml(mode)}\n")}  content: |\n", to);
        var lines = script[..^1];
        foreach (var line in lines.Split((byte)'\n'))
        {
            if (!lines[line].IsEmpty)
                to.Write(Indent);
            to.Write(lines[line]);
            to.Write("\n"u8);
        }
    }
}
