using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Baker.Machine;

namespace Baker.Rendering;

/// <summary>
/// A role's scripts as entries of <c>write_files</c>. The build makes the same bytes, to compress them (src/Baker.Packing).
/// </summary>
internal static class ScriptEntries
{
    /// <summary>Of a file's lines, in blanks: one more than the key above them has. EC2 has no room for a fourth.</summary>
    private static ReadOnlySpan<byte> Indent => "   "u8;

    /// <summary>What cloud-init gives a file that says nothing else.</summary>
    private const string UsualMode = "0644";

    /// <summary>One after the other, in UTF-8.</summary>
    public static ReadOnlyMemory<byte> Of(ImmutableArray<MachineFile> files)
    {
        // A third more than the files: what an entry adds to one is little, and blanks for each line.
        var entries = new ArrayBufferWriter<byte>(files.Sum(f => f.Bytes.Length) * 4 / 3);
        foreach (var file in files)
            Write(entries, $"{MachineFiles.Directory}/{file.Name}", file.Mode, file.Bytes.Span);
        return entries.WrittenMemory;
    }

    /// <summary>
    /// One script, its lines in a literal block. That carries a text which begins with no blank, ends with its last line and has nothing
    /// unprintable. No script is otherwise: a test reads every one of them back.
    /// </summary>
    public static void Write(ArrayBufferWriter<byte> to, string path, string mode, ReadOnlySpan<byte> script)
    {
        Encoding.UTF8.GetBytes($"- path: {Quoting.Yaml(path)}\n{(mode == UsualMode ? "" : $"  permissions: {Quoting.Yaml(mode)}\n")}  "
            + "content: |\n", to);
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
