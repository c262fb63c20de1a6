using System.Collections.Immutable;
using Baker.Rendering;
using Baker.Tests.Support;
using Baker.Writing;
using Xunit;

namespace Baker.Tests.Writing;

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

    /// <summary>chmod(2): EPERM on a file system that keeps no rights; Linux, Documentation/filesystems/vfat.rst: without its option quiet.</summary>
    [Fact]
    public void A_folder_where_no_script_can_be_made_runnable_is_named_and_nothing_unfinished_stays()
    {
        var writer = new ArtifactWriter(_folder.Path, null, (_, _) => throw new UnauthorizedAccessException("Operation not permitted"));
        ImmutableArray<Artifact> artifacts = [.. Artifacts(("README.md", "a")), Artifacts(("packer/install.sh", "b"))[0] with { IsExecutable = true }];
        var refused = Assert.Throws<IOException>(() => writer.Write(artifacts, force: false));
        Assert.Contains($"packer/install.sh is a script, and the file system of {_folder.Path} refuses", refused.Message, StringComparison.Ordinal);
        Assert.Equal([".baker.json", "README.md"], Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        // The same folder later, where it can be.
        Assert.Empty(Writer.Write(artifacts, force: false).Refusals);
        Assert.True(File.GetUnixFileMode(Path.Combine(_folder.Path, "packer/install.sh")).HasFlag(UnixFileMode.UserExecute));
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
        // A file in the place of a folder makes the write fail in the middle.
        _folder.File("packer", "mine");
        Assert.ThrowsAny<Exception>(() => Write(("README.md", "c"), ("packer/values", "d")));
        Assert.Contains("incomplete: the last render did not finish", Writer.Differences(Artifacts(("README.md", "c"), ("plan.json", "d"))));
        _folder.File("README.md.baker-new-0123456789ABCDEF", "what a killed write leaves");
        Assert.Empty(Write(("README.md", "e"), ("plan.json", "f")).Refusals);
        Assert.Empty(Writer.Differences(Artifacts(("README.md", "e"), ("plan.json", "f"))));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.baker-new*"));
    }

    // A checkout may bring any of these along. Each led out of the folder once.
    [Theory]
    [InlineData("out/duo", "out/duo")]
    [InlineData("out", "out")]
    [InlineData("out/duo/packer", "packer")]
    [InlineData("out/duo/packer/install.sh", "packer/install.sh")]
    [InlineData("out/duo/README.md", "README.md")]
    [InlineData("out/duo/.baker.json", ".baker.json")]
    public void A_link_anywhere_on_the_way_is_refused_and_nothing_behind_it_changes(string link, string named)
    {
        var victim = Directory.CreateDirectory(Path.Combine(_folder.Path, "victim")).FullName;
        _folder.File("victim/duo/keep.txt", "keep");
        foreach (var target in new[] { victim, Path.Combine(victim, "nowhere"), _folder.File("victim/file", "keep") })
        {
            var at = Path.Combine(_folder.Path, link);
            Directory.CreateDirectory(Path.GetDirectoryName(at)!);
            File.CreateSymbolicLink(at, target);
            var before = Names();
            var writer = new ArtifactWriter(Path.Combine(_folder.Path, "out/duo"), _folder.Path);
            var artifacts = Artifacts(("README.md", "a"), ("packer/install.sh", "b"));
            var refusal = Assert.Single(writer.Write(artifacts, force: true).Refusals);
            Assert.EndsWith($"{named} is a link, and what is written there would land elsewhere; remove it or choose another --out", refusal, StringComparison.Ordinal);
            Assert.EndsWith(named, Assert.Single(writer.Differences(artifacts)), StringComparison.Ordinal);
            Assert.Equal(before, Names());
            File.Delete(at);
        }
    }

    [Fact]
    public void What_the_list_names_behind_a_link_stays()
    {
        var precious = _folder.File("victim/precious.txt", "keep");
        _folder.File("out/duo/.baker.json", """{"is_complete":false,"files":{"extra/precious.txt":"0"}}""");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "out/duo/extra"), Path.GetDirectoryName(precious)!);
        new ArtifactWriter(Path.Combine(_folder.Path, "out/duo")).Write(Artifacts(("README.md", "a")), force: true);
        Assert.Equal("keep", File.ReadAllText(precious));
    }

    [Fact]
    public void Nobody_can_wait_at_a_temporary_name()
    {
        var victim = _folder.File("victim", "keep");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "README.md.baker-new"), victim);
        Assert.Empty(Write(("README.md", "a")).Refusals);
        Assert.Equal("keep", File.ReadAllText(victim));
    }

    [Fact]
    public void Check_reports_what_others_put_where_programs_run_what_they_find()
    {
        Write(("README.md", "a"), ("packer/gitlab.pkr.hcl", "b"));
        _folder.File("notes.txt", "mine");
        _folder.File("packer/logs/gitlab.log", "said");
        _folder.File("packer/aaa.pkr.hcl", "mine");
        _folder.File("packer/deep/er.sh", "mine");
        Assert.Equal(["not made by baker: packer/aaa.pkr.hcl", "not made by baker: packer/deep/er.sh"], Writer.Differences(Artifacts(("README.md", "a"), ("packer/gitlab.pkr.hcl", "b"))));
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

    private string Names() => string.Join('\n', Directory.EnumerateFileSystemEntries(_folder.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Order(StringComparer.Ordinal));

    private string Stamps() => string.Join('\n', Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(p => $"{p} {File.GetLastWriteTimeUtc(p):O} {File.ReadAllText(p)}"));
}
