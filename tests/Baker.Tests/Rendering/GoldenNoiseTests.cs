using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Baker.Embedded;
using Baker.Machine;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Rendering;

/// <summary>A changed line of a script is reviewed where it stands, and nothing else moves. What is wrong stays in view all the same.</summary>
public sealed partial class GoldenNoiseTests(RenderedExamples examples, GoldenNoiseTests.Changed changed) : IClassFixture<GoldenNoiseTests.Changed>
{
    /// <summary>Most goldens that a changed line of a script may change.</summary>
    private const int Most = 3;

    private static readonly ImmutableArray<(string Name, string Text)> Goldens = [.. Golden.Names().Select(name => (name, File.ReadAllText(Golden.Folder(name))))];

    public static TheoryData<string> Examples => [.. Checkout.Examples];

    public static TheoryData<string> Scripts => [.. ChangedProgram.Scripts];

    [Theory, MemberData(nameof(Examples))]
    public async Task A_changed_line_in_every_script_at_once_changes_no_golden_of_an_example(string example)
    {
        var folder = changed.FolderOf(example);
        // Else nothing would have been shown.
        Assert.Empty(Digests(examples.FolderOf(example)).Intersect(Digests(folder)));
        var view = ExampleView.Of(folder, changed.FolderOf(ExampleView.Whole(File.ReadAllText(Path.Combine(folder, "plan.json")))));
        view.Add("plan.txt", ScriptWords.Of(folder).In((await changed.Program.RunAsync("plan", $"examples/{example}.yaml")).Out));
        var moved = view.Where(file => file.Value != File.ReadAllText(Golden.Folder("examples", example, file.Key))).Select(file => file.Key);
        Assert.Empty(moved);
    }

    /// <summary>
    /// The goldens that have the script or one of its longer lines, and the one of what is made from all scripts. Those of examples have
    /// nothing of it, which the changed program has shown.
    /// </summary>
    [Theory, MemberData(nameof(Scripts))]
    public void A_changed_line_of_a_script_changes_three_goldens_at_most(string script)
    {
        var text = EmbeddedFiles.Read(script);
        var onMachine = Lines(Encoding.UTF8.GetString(MachineFiles.WithoutComments(EmbeddedFiles.Bytes(script)).Span)).ToArray();
        var entry = string.Concat(onMachine.Select(line => line.Length == 0 ? "\n" : $"   {line}\n"));
        string[] marks = [text, entry, .. onMachine.Where(line => line.Length > 60)];
        var holding = Goldens.Where(golden => marks.Any(golden.Text.Contains)).Select(golden => golden.Name).ToArray();
        if (script.StartsWith("machine/", StringComparison.Ordinal))
            Assert.Contains($"scripts/{script.Split('/')[1]}.yaml", holding);
        Assert.InRange(holding.Append("scripts/packed.txt").Distinct().Count(), 1, Most);
    }

    [Theory]
    [InlineData("packer/gitlab.pkr.hcl", "fingerprint of gitlab", "fingerprint of gateway")]
    [InlineData("packer/ollama.pkr.hcl", "fingerprint of ollama", "fingerprint of gitlab")]
    [InlineData("plan.json", "fingerprint of gateway", "fingerprint of ollama")]
    [InlineData("README.md", "fingerprint of gitlab", "digest of gitlab")]
    [InlineData("README.md", "digest of gateway", "digest of ollama")]
    [InlineData("README.md", "bundle of gitlab", "digest of gitlab")]
    [InlineData("cloud-init/gitlab.yaml", "bundle of gitlab", "digest of gitlab")]
    [InlineData("cloud-init/gitlab.yaml", "digest of gitlab", "digest of gateway")]
    public void A_wrong_digest_stays_in_view(string file, string right, string wrong)
    {
        var values = DigestsByName(examples.FolderOf("aws"));
        foreach (var other in new[] { values[wrong], "0123456789ab", values[right][..11], values[right] + "0" })
            AssertSeen(file, values[right], other);
    }

    [Theory, InlineData("cloud-init/gitlab.yaml", "| gitlab | "), InlineData("cloud-init/gitlab.yaml.gz", " | "), InlineData("bundle/gitlab.yaml", "| gitlab | ")]
    public void A_wrong_size_stays_in_view(string file, string before)
    {
        var size = new FileInfo(Path.Combine(examples.FolderOf("aws"), file)).Length;
        AssertSeen("README.md", $"{before}{size:N0}", $"{before}{size + 1:N0}");
    }

    /// <summary>A part that no command stores, one that does not exist, and one that is stored in another's place.</summary>
    [Theory, InlineData("/2'", ""), InlineData("/1'", "/99'"), InlineData("/2'", "/3'")]
    public void A_wrong_part_stays_in_view(string part, string other)
    {
        var command = File.ReadLines(Path.Combine(examples.FolderOf("aws"), "README.md")).Single(l => l.Contains("put-parameter", StringComparison.Ordinal)
            && l.EndsWith($"file://bundle/gitlab{part}", StringComparison.Ordinal));
        AssertSeen("README.md", command + "\n", other.Length == 0 ? "" : command.Replace($"file://bundle/gitlab{part}", $"file://bundle/gitlab{other}", StringComparison.Ordinal) + "\n");
    }

    [Fact]
    public void A_lost_part_stays_in_view() => AssertSeen(copy => File.Delete(Path.Combine(copy.Path, "bundle", "gitlab", "2")));

    private void AssertSeen(string file, string right, string wrong) => AssertSeen(copy =>
    {
        var text = copy.Read(file);
        Assert.Contains(right, text, StringComparison.Ordinal);
        copy.File(file, text.Replace(right, wrong, StringComparison.Ordinal));
    });

    private void AssertSeen(Action<TemporaryFolder> change)
    {
        using var copy = new TemporaryFolder();
        foreach (var path in Directory.EnumerateFiles(examples.FolderOf("aws"), "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy.Path, Path.GetRelativePath(examples.FolderOf("aws"), path));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(path, to);
        }
        var view = ExampleView.Of(examples.FolderOf("aws"), examples.FolderOf("aws"));
        Assert.Equal(view, ExampleView.Of(copy.Path, copy.Path));
        change(copy);
        Assert.NotEqual(view, ExampleView.Of(copy.Path, copy.Path));
    }

    private static string[] Lines(string text) => text.TrimEnd('\n').Split('\n');

    private static string[] Digests(string folder) => [.. DigestsByName(folder).Values];

    private static Dictionary<string, string> DigestsByName(string folder)
    {
        var found = new Dictionary<string, string>();
        foreach (var row in Row().Matches(File.ReadAllText(Path.Combine(folder, "README.md"))).Cast<Match>())
        {
            found.Add($"digest of {row.Groups["role"].Value}", row.Groups["digest"].Value);
            found.Add($"fingerprint of {row.Groups["role"].Value}", row.Groups["fingerprint"].Value);
        }
        foreach (var row in BundleRow().Matches(File.ReadAllText(Path.Combine(folder, "README.md"))).Cast<Match>())
            found.Add($"bundle of {row.Groups["role"].Value}", row.Groups["digest"].Value);
        return found;
    }

    [GeneratedRegex("^\\| (?<role>[a-z]+) \\|.*\\| `(?<digest>[0-9a-f]{12})` \\| `(?<fingerprint>[0-9a-f]{12})` \\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("^\\| (?<role>[a-z]+) \\|.*/(?<digest>[0-9a-f]{64})` \\|$", RegexOptions.Multiline)]
    private static partial Regex BundleRow();

    /// <summary>Every example as the changed program renders it.</summary>
    public sealed class Changed : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal ChangedProgram Program { get; } = new();

        public string FolderOf(string example) => Path.Combine(_folder.Path, example);

        public async ValueTask InitializeAsync()
        {
            foreach (var example in Checkout.Examples)
            {
                var run = await Program.RunAsync("render", $"examples/{example}.yaml", "--out", FolderOf(example));
                Assert.True(run.Code == 0, run.Error);
            }
        }

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
