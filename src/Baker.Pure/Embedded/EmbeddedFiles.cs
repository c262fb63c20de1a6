using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;

namespace Baker.Embedded;

/// <summary>
/// The files under <c>templates/</c> and <c>tables/</c>, and the manual of the VMs, which the program carries inside itself. Names use
/// slashes, as in the checkout.
/// </summary>
public static class EmbeddedFiles
{
    private static readonly ConcurrentDictionary<string, string> Contents = new(StringComparer.Ordinal);

    /// <summary>Every file's name, in ordinal order.</summary>
    public static ImmutableArray<string> Names { get; } =
        [.. typeof(EmbeddedFiles).Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal)];

    /// <exception cref="FileNotFoundException">No such template: a mistake in the program, not in the spec.</exception>
    public static string Read(string name) => Contents.GetOrAdd(name, static name => Encoding.UTF8.GetString(Bytes(name)));

    /// <exception cref="FileNotFoundException">No such file: a mistake in the program, not in the spec.</exception>
    public static byte[] Bytes(string name) => Find(name) ?? throw new FileNotFoundException($"the program carries no template {name}");

    /// <returns>The file's bytes; null when there is no such file.</returns>
    public static byte[]? Find(string name)
    {
        using var stream = typeof(EmbeddedFiles).Assembly.GetManifestResourceStream(name);
        if (stream is null)
            return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
