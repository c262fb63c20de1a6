using Baker.Clouds.Live.Local.Files;

namespace Baker.Clouds.Live.Local;

/// <summary>Secrets as files that only their owner may read. They reach a machine on a disk of their own.</summary>
internal sealed class LocalSecrets(Desk desk) : ISecretStore
{
    public static byte[] Read(StackFolder stack, string name)
    {
        var path = PathOf(stack, name);
        return File.Exists(path) ? File.ReadAllBytes(path)
            : throw new CloudException(CloudFailure.Refused, $"reading the secret {name}", $"{path} is not there",
                "`baker launch` makes it");
    }

    public Task<bool> ExistsAsync(StackOwner owner, string location, CancellationToken cancel) =>
        Guarded.RunAsync($"looking for the secret {location}", () => File.Exists(PathOf(desk.Folder(owner), location)));

    public Task PutAsync(StackOwner owner, string location, ReadOnlyMemory<byte> value, CancellationToken cancel) =>
        Guarded.RunAsync($"storing the secret {location}", () =>
    {
        var stack = desk.Folder(owner);
        PrivateFiles.MakeFolder(stack.Secrets);
        PrivateFiles.Write(PathOf(stack, location), value.Span);
    });

    /// <summary>Nobody sets a limit here.</summary>
    public int MostBytes => int.MaxValue;

    public Task<GivenState> CompareAsync(StackOwner owner, string location, ReadOnlyMemory<byte>? value, CancellationToken cancel) =>
        Guarded.RunAsync($"looking for the secret {location}", () => PathOf(desk.Folder(owner), location) is var path
            && !File.Exists(path) ? GivenState.Missing
            : value is { } held && !held.Span.SequenceEqual(File.ReadAllBytes(path)) ? GivenState.Older : GivenState.Same);

    public Task PutGivenAsync(StackOwner owner, string location, ReadOnlyMemory<byte> value, CancellationToken cancel) =>
        PutAsync(owner, location, value, cancel);

    public Task DeleteAsync(StackOwner owner, string location, CancellationToken cancel) =>
        Guarded.RunAsync($"deleting the secret {location}", () =>
    {
        var stack = desk.Folder(owner);
        if (Directory.Exists(stack.Secrets))
            File.Delete(PathOf(stack, location));
        stack.Prune();
    });

    public string ReadCommand(StackOwner owner, string location) =>
        $"cat '{PathOf(desk.Folder(owner), location).Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string PathOf(StackFolder stack, string name) =>
        name.Length > 0 && name is not ("." or "..") && !name.Contains('/', StringComparison.Ordinal) ? Path.Combine(stack.Secrets, name)
            : throw new CloudException(CloudFailure.Refused, "finding a secret", $"\"{name}\" cannot be the name of a file");
}
