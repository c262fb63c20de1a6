using System.Collections.Immutable;
using Baker.Rendering;
using Baker.Tests.Support;
using Baker.Writing;
using CsCheck;
using Xunit;

namespace Baker.Tests.Writing;

/// <summary>Whatever somebody has done to the folder and to its list: nothing outside is touched, what is refused changes nothing, and what is written is whole.</summary>
public sealed class ArtifactWriterFuzzTests
{
    private static readonly string[] Paths = ["README.md", "plan.json", "cloud-init/gitlab.yaml", "cloud-init/ollama.yaml", "packer/a/b", "packer/a", "packer", "policy/launch.json"];

    private static readonly string[] Elsewhere =
        ["", ".", "..", "../outside/kept", "../outside", "/baker-nowhere/x", "a\0b", "cloud-init", "cloud-init/../../outside/kept", "./README.md", "cloud-init//gitlab.yaml", ".baker.json", "\n", " ", new('x', 300), "notes.txt"];

    private static readonly Gen<(string, string)[]> Made = Gen.Select(Gen.OneOf(Paths), Gen.OneOf(["a", "b", ""])).Array[0, 6]
        .Select(all => Sound([.. all.DistinctBy(a => a.Item1)]));

    /// <summary>One after the other: what a render makes, or what somebody does to the folder before the next.</summary>
    private static readonly Gen<Step> Steps = Gen.OneOf<Step>(
        Gen.Select(Made, Gen.Bool).Select((made, force) => new Step($"write {string.Join(' ', made)}{(force ? " with force" : "")}", folder => Write(folder, made, force))),
        Gen.OneOf(Paths).Select(path => new Step($"edit {path}", folder => Quietly(folder, path, at => File.AppendAllText(at, "edited")))),
        Gen.OneOf(Paths).Select(path => new Step($"remove {path}", folder => Quietly(folder, path, File.Delete))),
        Gen.OneOf(Paths).Select(path => new Step($"folder {path}", folder => Quietly(folder, path, at => Directory.CreateDirectory(at)))),
        Gen.Select(Gen.OneOf(Paths), Gen.OneOf(["outside", "outside/kept", "nowhere"])).Select((path, to) =>
            new Step($"link {path} to {to}", folder => Quietly(folder, path, at => File.CreateSymbolicLink(at, Path.Combine(folder, "..", to))))),
        Gen.Select(Gen.OneOf(Elsewhere), Gen.Bool).Select((path, whole) => new Step($"list names {path}", folder => Quietly(folder, ArtifactWriter.ListName, at => File.WriteAllText(at,
            new System.Text.Json.Nodes.JsonObject { ["is_complete"] = whole, ["files"] = new System.Text.Json.Nodes.JsonObject { [path] = "0123", ["README.md"] = null } }.ToJsonString())))),
        Gen.Int[0, int.MaxValue].Select(seed => new Step($"list broken by {seed}", folder => Quietly(folder, ArtifactWriter.ListName,
            at => File.WriteAllText(at, new AnswerMutation(seed).Of(File.ReadAllText(at)))))));

    [Fact]
    public void Whatever_was_done_to_the_folder_before() => Steps.Array[1, 10].Try(3_000, steps =>
    {
        using var temporary = new TemporaryFolder();
        var kept = temporary.File("outside/kept", "kept");
        temporary.File("out/notes.txt", "mine");
        var folder = Path.Combine(temporary.Path, "out");
        foreach (var step in steps)
        {
            step.Do(folder);
            Assert.Equal("kept", File.ReadAllText(kept));
            Assert.Equal([kept], Directory.GetFileSystemEntries(Path.Combine(temporary.Path, "outside")));
        }
        Assert.Equal(["out", "outside"], Directory.GetFileSystemEntries(temporary.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }, steps => string.Join("; ", steps.Select(s => s.Says)));

    private sealed record Step(string Says, Action<string> Do);

    private static void Write(string folder, (string, string)[] made, bool force)
    {
        var artifacts = made.Select(m => Artifact.Text(m.Item1, m.Item2)).ToImmutableArray();
        var writer = new ArtifactWriter(folder);
        var before = Seen(folder);
        WriteOutcome outcome;
        try
        {
            outcome = writer.Write(artifacts, force);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder stands where a file is to be, or the other way round: the command says so.
            return;
        }
        if (outcome.Refusals.Count > 0)
        {
            Assert.Equal(before, Seen(folder));
            return;
        }
        Assert.All(made, m => Assert.Equal(m.Item2, File.ReadAllText(Path.Combine(folder, m.Item1))));
        Assert.DoesNotContain(writer.Differences(artifacts), d => !d.StartsWith("not made by baker", StringComparison.Ordinal));
        Assert.Equal(new WriteOutcome([], 0, 0), writer.Write(artifacts, force) with { Refusals = [] });
    }

    private static string[] Seen(string folder) =>
        [.. Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => new FileInfo(f) is { LinkTarget: null, Exists: true } file ? $"{f} {File.ReadAllText(file.FullName)}" : f)];

    /// <summary>No file where another one's folder is: no render makes that.</summary>
    private static (string, string)[] Sound((string Path, string)[] all) => [.. all.Where(a => !all.Any(b => b.Path.StartsWith(a.Path + "/", StringComparison.Ordinal)))];

    /// <summary>By hand, and never through a link of an earlier step: what lies behind it would be changed by the test itself.</summary>
    private static void Quietly(string folder, string path, Action<string> what)
    {
        for (var at = path; at.Length > 0; at = Path.GetDirectoryName(at)!)
        {
            if (new FileInfo(Path.Combine(folder, at)).LinkTarget is not null)
                return;
        }
        try
        {
            what(Path.Combine(folder, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be done to this folder is not done.
        }
    }
}
