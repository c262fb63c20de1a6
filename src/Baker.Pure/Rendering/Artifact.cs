using System.Text;

namespace Baker.Rendering;

/// <summary>One file of the output.</summary>
/// <param name="Path">Relative, with slashes.</param>
/// <param name="IsExecutable">Whether people and Packer run it as it is.</param>
public sealed record Artifact(string Path, ReadOnlyMemory<byte> Bytes, bool IsExecutable = false)
{
    public static Artifact Text(string path, string text) => new(path, Encoding.UTF8.GetBytes(text));
}
