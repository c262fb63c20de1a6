using System.Collections.Concurrent;
using Baker.Embedded;
using Baker.Planning;

namespace Baker.Rendering;

/// <summary>
/// The end of a role's user-data: its scripts as entries of <c>write_files</c>. They are the same for every stack of a cloud, so they are
/// rendered once.
/// </summary>
/// <param name="Plain">The entries in UTF-8.</param>
/// <param name="Digest">Names these bytes.</param>
/// <param name="Packed">
/// Under this name the program carries them compressed, where the cloud has little room: by the build, which takes its time over them
/// (src/Baker.Packing) and makes them smaller by a thirtieth.
/// </param>
internal sealed record UserDataScripts(ReadOnlyMemory<byte> Plain, string Digest, string? Packed)
{
    private const string Folder = "packed/";

    private static readonly ConcurrentDictionary<(string Role, string Cloud), UserDataScripts> Made = new();

    private readonly Lazy<byte[]> _compressed = new(() => Packed is null ? Gzip.Member(Plain.Span) : EmbeddedFiles.Bytes(Packed));

    public ReadOnlySpan<byte> Compressed => _compressed.Value;

    public static UserDataScripts Of(string role, string cloud) => Made.GetOrAdd((role, cloud), static of =>
    {
        var plain = ScriptEntries.Of(of.Role, of.Cloud);
        var isPacked = EmbeddedFiles.Names.Any(name => name.StartsWith($"{Folder}{of.Cloud}-", StringComparison.Ordinal));
        return new UserDataScripts(plain, Fingerprint.Of(plain.Span), isPacked ? $"{Folder}{of.Cloud}-{of.Role}.gz" : null);
    });
}
