using System.Collections.Concurrent;
using System.Collections.Immutable;
using Baker.Embedded;
using Baker.Machine;
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

    private static readonly ConcurrentDictionary<(string Role, string Cloud, bool HasAuthority), UserDataScripts> Made = new();

    private readonly Lazy<byte[]> _compressed = new(() => Packed is null ? Gzip.Member(Plain.Span) : EmbeddedFiles.Bytes(Packed));

    public ReadOnlySpan<byte> Compressed => _compressed.Value;

    /// <summary>
    /// True where the usual scripts alone are more than the cloud takes, compressed: the build has packed them for a bundle then.
    /// </summary>
    public static bool FitOnlyBundle(string role, string cloud) => EmbeddedFiles.Names.Contains(PackedForBundle(role, cloud));

    /// <summary>As a bundle brings them.</summary>
    /// <param name="files">What <see cref="MachineFiles.InBundle"/> returns.</param>
    public static UserDataScripts InBundle(string role, string cloud, bool hasAuthority, ImmutableArray<MachineFile> files)
    {
        var plain = ScriptEntries.Of(files);
        return new UserDataScripts(plain, Fingerprint.Of(plain.Span),
            !hasAuthority && FitOnlyBundle(role, cloud) ? PackedForBundle(role, cloud) : null);
    }

    private static string PackedForBundle(string role, string cloud) => $"{Folder}{cloud}-{role}.bundle.gz";

    public static UserDataScripts Of(string role, string cloud, bool hasAuthority = false) =>
        Made.GetOrAdd((role, cloud, hasAuthority), static of =>
    {
        var plain = ScriptEntries.Of(Files(of.Role, of.Cloud, of.HasAuthority));
        var packed = $"{Folder}{of.Cloud}-{of.Role}.gz";
        // Of the few that have more than the usual scripts none is packed: what does not fit then is a bundle.
        return new UserDataScripts(plain, Fingerprint.Of(plain.Span),
            !of.HasAuthority && EmbeddedFiles.Names.Contains(packed) ? packed : null);
    });

    public static ImmutableArray<MachineFile> Files(string role, string cloud, bool hasAuthority) =>
        hasAuthority ? MachineFiles.WithAuthority(role, cloud) : MachineFiles.For(role, cloud);
}
