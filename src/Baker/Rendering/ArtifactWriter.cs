using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Baker.Planning;

namespace Baker.Rendering;

/// <summary>What a write came to.</summary>
/// <param name="Refusals">Why nothing was written; empty when it was.</param>
public sealed record WriteOutcome(IReadOnlyList<string> Refusals, int Changed, int Removed);

/// <summary>
/// Writes artifacts into a folder it shares with others. A list of what it owns lies in the folder; files that are not in the
/// list are never touched, files that somebody edited are not overwritten unasked, and while the folder is being changed the
/// list says so: a folder that was left half-written cannot be mistaken for a whole one.
/// </summary>
public sealed class ArtifactWriter(string folder)
{
    /// <summary>The list of owned files, inside the folder.</summary>
    public const string ListName = ".baker.json";

    /// <exception cref="IOException">The disk refused; the list then says that the folder is incomplete.</exception>
    public WriteOutcome Write(ImmutableArray<Artifact> artifacts, bool force)
    {
        var before = ReadList();
        var after = new OwnedFiles(true, artifacts.ToImmutableSortedDictionary(a => a.Path, a => Fingerprint.Of(a.Bytes.Span), StringComparer.Ordinal));
        // Each file is read once.
        var found = after.Files.Keys.Union(before.Files.Keys).ToDictionary(p => p, FoundSum, StringComparer.Ordinal);
        var changed = artifacts.Where(a => found[a.Path] != after.Files[a.Path] || !IsRunnable(a)).ToArray();
        var leftOver = before.Files.Keys.Where(p => !after.Files.ContainsKey(p)).ToArray();
        var refusals = Refusals(changed, leftOver, before, found, force);
        if (refusals.Count > 0)
            return new WriteOutcome(refusals, 0, 0);
        if (changed.Length == 0 && leftOver.Length == 0 && before.IsComplete && before.Files.Count == after.Files.Count)
            return new WriteOutcome([], 0, 0);

        // From here to the last line the folder is marked; the mark names everything old and new, so that the next run owns it all.
        Directory.CreateDirectory(folder);
        WriteList(new OwnedFiles(false, before.Files.AddRange(after.Files.Where(f => !before.Files.ContainsKey(f.Key)))));
        foreach (var artifact in changed)
            WriteFile(artifact.Path, artifact.Bytes.Span, artifact.IsExecutable);
        foreach (var path in leftOver)
            Remove(path);
        WriteList(after);
        return new WriteOutcome([], changed.Length, leftOver.Length);
    }

    /// <summary>One line per difference between the folder and the artifacts; empty when the folder is up to date.</summary>
    public IReadOnlyList<string> Differences(ImmutableArray<Artifact> artifacts)
    {
        var list = ReadList();
        var lines = new List<string>();
        if (!list.IsComplete && list.Files.Count > 0)
            lines.Add("incomplete: the last render did not finish");
        foreach (var artifact in artifacts)
        {
            if (!File.Exists(Full(artifact.Path)))
                lines.Add($"missing: {artifact.Path}");
            else if (!IsSame(artifact))
                lines.Add($"changed: {artifact.Path}");
        }
        var wanted = artifacts.Select(a => a.Path).ToHashSet(StringComparer.Ordinal);
        lines.AddRange(list.Files.Keys.Where(p => !wanted.Contains(p) && File.Exists(Full(p))).Select(p => $"left over: {p}"));
        return lines;
    }

    private List<string> Refusals(
        Artifact[] changed, string[] leftOver, OwnedFiles before, Dictionary<string, string?> found, bool force)
    {
        // After an interrupted write nobody can say whose bytes those are: they are ours or older ones of ours.
        bool IsEdited(string path) => !force && before.IsComplete && before.Files.TryGetValue(path, out var sum) && found[path] is { } now && now != sum;
        var refusals = new List<string>();
        foreach (var path in changed.Select(a => a.Path))
        {
            if (Directory.Exists(Full(path)))
                refusals.Add($"{path} is a folder; move it away or choose another --out");
            else if (found[path] is not null && !before.Files.ContainsKey(path))
                refusals.Add($"{path} was not written by baker; move it away or choose another --out");
            else if (IsEdited(path))
                refusals.Add($"{path} was edited since baker wrote it; move the change into the spec, or overwrite it with --force");
        }
        refusals.AddRange(leftOver.Where(IsEdited)
            .Select(p => $"{p} is no longer made, but was edited since baker wrote it; move it away, or remove it with --force"));
        return refusals;
    }

    private bool IsSame(Artifact artifact) => FoundSum(artifact.Path) == Fingerprint.Of(artifact.Bytes.Span) && IsRunnable(artifact);

    /// <summary>False when a script has lost its right to run.</summary>
    private bool IsRunnable(Artifact artifact) => !artifact.IsExecutable || OperatingSystem.IsWindows()
        || File.GetUnixFileMode(Full(artifact.Path)).HasFlag(UnixFileMode.UserExecute);

    private string? FoundSum(string path)
    {
        if (!File.Exists(Full(path)))
            return null;
        // In pieces, of whatever size the file is, and without a buffer of its own.
        using var found = new FileStream(Full(path), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return Fingerprint.Of(found);
    }

    private void WriteFile(string path, ReadOnlySpan<byte> bytes, bool isExecutable = false)
    {
        var full = Full(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var temporary = full + ".baker-new";
        File.WriteAllBytes(temporary, bytes);
        if (isExecutable && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(temporary, File.GetUnixFileMode(temporary) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        File.Move(temporary, full, overwrite: true);
    }

    private void Remove(string path)
    {
        File.Delete(Full(path));
        for (var parent = Path.GetDirectoryName(Full(path))!;
             parent.Length > folder.Length && Directory.Exists(parent) && !Directory.EnumerateFileSystemEntries(parent).Any();
             parent = Path.GetDirectoryName(parent)!)
            Directory.Delete(parent);
    }

    private OwnedFiles ReadList()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Full(ListName)), OwnedFilesContext.Default.OwnedFiles) is { Files: { } files } list
                && files.Keys.All(IsInside) ? list : OwnedFiles.None;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return OwnedFiles.None;
        }
    }

    // The list is a file like any other and may have been tampered with; it never names anything outside the folder.
    private bool IsInside(string path) => Full(path).StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    private void WriteList(OwnedFiles list) =>
        WriteFile(ListName, JsonSerializer.SerializeToUtf8Bytes(list, OwnedFilesContext.Default.OwnedFiles));

    private string Full(string path) => Path.GetFullPath(path, folder);
}

/// <param name="IsComplete">False while a write is under way or was cut off.</param>
/// <param name="Files">Path and hash (XXH3, 128 bit) of what was written.</param>
internal sealed record OwnedFiles(bool IsComplete, ImmutableSortedDictionary<string, string> Files)
{
    public static readonly OwnedFiles None = new(false, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OwnedFiles))]
internal sealed partial class OwnedFilesContext : JsonSerializerContext;
