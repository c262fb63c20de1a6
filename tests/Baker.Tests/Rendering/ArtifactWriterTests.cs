using System.Collections.Immutable;
using Baker.Rendering;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Rendering;

public sealed class ArtifactWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private ArtifactWriter Writer => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_of_others_stay_as_they_are()
    {
        _folder.File("notes.txt", "mine");
        _folder.File("cloud-init/local.yaml", "mine too");
        Write(("README.md", "a"), ("cloud-init/gitlab.yaml", "b"));
        Write(("README.md", "a"));
        Assert.Equal("mine", _folder.Read("notes.txt"));
        Assert.Equal("mine too", _folder.Read("cloud-init/local.yaml"));
    }

    [Fact]
    public void A_file_of_the_same_name_that_somebody_else_wrote_is_not_overwritten_even_with_force()
    {
        _folder.File("README.md", "mine");
        var outcome = Writer.Write(Artifacts(("README.md", "a"), ("plan.json", "b")), force: true);
        Assert.Equal(["README.md was not written by baker; move it away or choose another --out"], outcome.Refusals);
        Assert.Equal("mine", _folder.Read("README.md"));
        Assert.False(File.Exists(Path.Combine(_folder.Path, "plan.json")), "nothing is written when something is refused");
    }

    [Fact]
    public void What_is_no_longer_made_is_removed_with_the_folders_it_leaves_empty()
    {
        Write(("packer/gitlab/values", "a"), ("plan.json", "b"));
        var outcome = Write(("plan.json", "b"));
        Assert.Equal(1, outcome.Removed);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "packer")));
    }

    [Fact]
    public void An_edited_file_is_kept_unless_forced()
    {
        Write(("README.md", "a"), ("plan.json", "b"));
        _folder.File("README.md", "edited");
        var refused = Write(("README.md", "c"), ("plan.json", "d"));
        Assert.Single(refused.Refusals);
        Assert.Equal("edited", _folder.Read("README.md"));
        Assert.Equal("b", _folder.Read("plan.json"));
        Assert.Empty(Writer.Write(Artifacts(("README.md", "c"), ("plan.json", "d")), force: true).Refusals);
        Assert.Equal("c", _folder.Read("README.md"));
    }

    [Fact]
    public void An_edited_file_that_is_no_longer_made_is_kept_unless_forced()
    {
        Write(("README.md", "a"), ("packer/old.pkr.hcl", "b"));
        _folder.File("packer/old.pkr.hcl", "edited");
        Assert.Single(Write(("README.md", "a")).Refusals);
        Assert.Equal("edited", _folder.Read("packer/old.pkr.hcl"));
        Assert.Equal(1, Writer.Write(Artifacts(("README.md", "a")), force: true).Removed);
    }

    [Fact]
    public void Writing_the_same_again_touches_nothing()
    {
        Write(("README.md", "a"), ("plan.json", "b"));
        var before = Stamps();
        var outcome = Write(("README.md", "a"), ("plan.json", "b"));
        Assert.Equal((0, 0), (outcome.Changed, outcome.Removed));
        Assert.Equal(before, Stamps());
    }

    [Fact]
    public void A_write_that_was_cut_off_is_seen_and_mended()
    {
        Write(("README.md", "a"), ("plan.json", "b"));
        // A folder in the place of a file's temporary name makes the second write fail in the middle.
        Directory.CreateDirectory(Path.Combine(_folder.Path, "plan.json.baker-new"));
        Assert.ThrowsAny<Exception>(() => Write(("README.md", "c"), ("plan.json", "d")));
        Assert.Contains("incomplete: the last render did not finish", Writer.Differences(Artifacts(("README.md", "c"), ("plan.json", "d"))));
        Directory.Delete(Path.Combine(_folder.Path, "plan.json.baker-new"));
        Assert.Empty(Write(("README.md", "e"), ("plan.json", "f")).Refusals);
        Assert.Empty(Writer.Differences(Artifacts(("README.md", "e"), ("plan.json", "f"))));
    }

    [Theory]
    [InlineData("""{"is_complete":true,"files":{"../outside.txt":"00"}}""")]
    [InlineData("""{"is_complete":true,"files":{"/etc/hostname":"00"}}""")]
    [InlineData("""{"is_complete":true}""")]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    public void A_list_that_somebody_tampered_with_never_reaches_outside_the_folder(string list)
    {
        var inner = Path.Combine(_folder.Path, "inner");
        var outside = _folder.File("outside.txt", "keep");
        _folder.File($"inner/{ArtifactWriter.ListName}", list);
        Assert.Empty(new ArtifactWriter(inner).Write(Artifacts(("README.md", "a")), force: true).Refusals);
        Assert.Equal("keep", File.ReadAllText(outside));
    }

    [Fact]
    public void Check_names_every_kind_of_difference_and_writes_nothing()
    {
        Write(("a", "1"), ("b", "2"), ("gone", "3"));
        _folder.File("b", "edited");
        File.Delete(Path.Combine(_folder.Path, "a"));
        var before = Stamps();
        Assert.Equal(["missing: a", "changed: b", "left over: gone"], Writer.Differences(Artifacts(("a", "1"), ("b", "2"))));
        Assert.Equal(before, Stamps());
    }

    [Fact]
    public void A_folder_in_the_place_of_a_file_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "plan.json"));
        Assert.Equal(["plan.json is a folder; move it away or choose another --out"], Write(("plan.json", "a")).Refusals);
    }

    [Fact]
    public void Scripts_can_be_run()
    {
        Writer.Write([Artifact.Text("packer/seal.sh", "#!/bin/sh\n") with { IsExecutable = true }], force: false);
        Assert.True(File.GetUnixFileMode(Path.Combine(_folder.Path, "packer", "seal.sh")).HasFlag(UnixFileMode.UserExecute));
    }

    private WriteOutcome Write(params (string Path, string Text)[] files) => Writer.Write(Artifacts(files), force: false);

    private static ImmutableArray<Artifact> Artifacts(params (string Path, string Text)[] files) => [.. files.Select(f => Artifact.Text(f.Path, f.Text))];

    private string Stamps() => string.Join('\n', Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(p => $"{p} {File.GetLastWriteTimeUtc(p):O} {File.ReadAllText(p)}"));
}
