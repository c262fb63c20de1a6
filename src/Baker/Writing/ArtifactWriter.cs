using System.Collections.Immutable;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Baker.Planning;
using Baker.Rendering;

namespace Baker.Writing;

/// <summary>What a write came to.</summary>
/// <param name="Refusals">Why nothing was written; empty when it was.</param>
public sealed record WriteOutcome(IReadOnlyList<string> Refusals, int Changed, int Removed);

/// <summary>
/// Writes artifacts into a folder it shares with others. A list of what it owns lies in the folder; files that are not in the
/// list are never touched, files that somebody edited are not overwritten unasked, and while the folder is being changed the
/// list says so: a folder that was left half-written cannot be mistaken for a whole one. The folder may come from anybody, so no
/// link in it is followed.
/// </summary>
/// <param name="above">A folder above, from which on no part of the way may be a link either; null: the folder itself.</param>
/// <param name="setMode">How a file gets its rights; null: by the system. A test brings one that refuses, as some file systems do.</param>
public sealed class ArtifactWriter(string folder, string? above = null, Action<string, UnixFileMode>? setMode = null)
{
    /// <summary>The list of owned files, inside the folder.</summary>
    public const string ListName = ".baker.json";

    /// <summary>Where a bake writes down what was said, below the folder that it bakes from.</summary>
    public const string LogFolder = "logs";

    private const string Unfinished = ".baker-new-";

    private const int UnfinishedLength = 16;

    private readonly LinkCheck _links = new(above ?? folder);

    /// <exception cref="IOException">The disk refused; the list then says that the folder is incomplete.</exception>
    public WriteOutcome Write(ImmutableArray<Artifact> artifacts, bool force)
    {
        if (Links(artifacts.Select(a => a.Path).Append(ListName)) is { Length: > 0 } links)
            return new WriteOutcome([.. links.Select(l =>
                $"{l} is a link, and what is written there would land elsewhere; remove it or choose another --out")], 0, 0);
        var before = ReadList();
        var after = new OwnedFiles(true, artifacts.ToImmutableSortedDictionary(a => a.Path, a =>
            Fingerprint.Of(a.Bytes.Span), StringComparer.Ordinal));
        // Each file is read once.
        var found = after.Files.Keys.Union(before.Files.Keys).ToDictionary(p => p, FoundSum, StringComparer.Ordinal);
        var changed = artifacts.Where(a => found[a.Path] != after.Files[a.Path] || !IsRunnable(a)).ToArray();
        // What lies behind a link is not ours, whatever the list says.
        var leftOver = before.Files.Keys.Where(p => !after.Files.ContainsKey(p) && _links.Find(Full(p)) is null).ToArray();
        var refusals = Refusals(changed, leftOver, before, found, force);
        if (refusals.Count > 0)
            return new WriteOutcome(refusals, 0, 0);
        if (changed.Length == 0 && leftOver.Length == 0 && before.IsComplete && before.Files.Count == after.Files.Count)
            return new WriteOutcome([], 0, 0);

        // From here to the last line the folder is marked; the mark names everything old and new, so that the next run owns it all.
        Directory.CreateDirectory(folder);
        WriteList(new OwnedFiles(false, before.Files.AddRange(after.Files.Where(f => !before.Files.ContainsKey(f.Key)))));
        RemoveUnfinished(changed.Select(a => a.Path).Append(ListName));
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
        if (Links(artifacts.Select(a => a.Path).Append(ListName)) is { Length: > 0 } links)
            return [.. links.Select(l => $"a link: {l}")];
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
        // Whoever runs what lies in such a folder, as Packer does, runs these too.
        lines.AddRange(wanted.Where(p => p.Contains('/', StringComparison.Ordinal)).Select(p => p.Split('/')[0]).Distinct()
            .Order(StringComparer.Ordinal)
            .SelectMany(Found).Where(p => !wanted.Contains(p) && !list.Files.ContainsKey(p)).Select(p => $"not made by baker: {p}"));
        return lines;
    }

    /// <summary>Everything below one of the folders that artifacts lie in, but the logs of builds.</summary>
    private IEnumerable<string> Found(string below) =>
        !Directory.Exists(Full(below)) ? [] : Directory.EnumerateFileSystemEntries(Full(below)).Order(StringComparer.Ordinal)
        .SelectMany(entry =>
        {
            var path = $"{below}/{Path.GetFileName(entry)}";
            return LinkCheck.IsLink(entry) || !Directory.Exists(entry) ? [path] : path.EndsWith($"/{LogFolder}", StringComparison.Ordinal)
                ? [] : Found(path);
        });

    private string[] Links(IEnumerable<string> paths) =>
        [.. paths.Select(p => _links.Find(Full(p))).OfType<string>().Distinct()
            .Select(l => l.StartsWith(folder + "/", StringComparison.Ordinal) ? l[(folder.Length + 1)..] : l)];

    private List<string> Refusals(
        Artifact[] changed, string[] leftOver, OwnedFiles before, Dictionary<string, string?> found, bool force)
    {
        // After an interrupted write nobody can say whose bytes those are: they are ours or older ones of ours.
        bool IsEdited(string path) => !force && before.IsComplete && before.Files.TryGetValue(path, out var sum) && found[path] is { } now
            && now != sum;
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
        // Nobody can put something there before: the name is not known, and what exists is not opened.
        var temporary = $"{full}{Unfinished}{RandomNumberGenerator.GetHexString(UnfinishedLength)}";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
                file.Write(bytes);
            if (isExecutable && !OperatingSystem.IsWindows())
                MakeRunnable(temporary, path);
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    [UnsupportedOSPlatform("windows")]
    private void MakeRunnable(string file, string path)
    {
        const UnixFileMode Run = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var mode = File.GetUnixFileMode(file);
        // Some mounts give every file the same rights, and may give it this one.
        if (mode.HasFlag(Run))
            return;
        try
        {
            (setMode ?? File.SetUnixFileMode)(file, mode | Run);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new IOException($"{path} is a script, and the file system of {folder} refuses to make it one that runs, as FAT and some "
                + "network mounts do; choose a folder on another with --out", e);
        }
    }

    /// <summary>What a write that was killed has left beside these files.</summary>
    private void RemoveUnfinished(IEnumerable<string> paths)
    {
        foreach (var parent in paths.Select(p => Path.GetDirectoryName(Full(p))!).Distinct().Where(Directory.Exists))
        {
            foreach (var file in Directory.EnumerateFiles(parent, $"*{Unfinished}{new string('?', UnfinishedLength)}"))
                File.Delete(file);
        }
    }

    private void Remove(string path)
    {
        if (File.Exists(Full(path)))
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
            return JsonSerializer.Deserialize(File.ReadAllBytes(Full(ListName)),
                OwnedFilesContext.Default.OwnedFiles) is { Files: { } files } list
                && files.All(f => IsOwn(f.Key) && f.Value is not null) ? list : OwnedFiles.None;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return OwnedFiles.None;
        }
    }

    // The list is a file like any other and may have been tampered with; it never names anything outside the folder, nor one file by two
    // names: the other one would be left over, and removed.
    private bool IsOwn(string path) => path.Length > 0 && !path.Contains('\0', StringComparison.Ordinal)
        && Full(path) == Path.Join(folder, path) && path != ListName;

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
