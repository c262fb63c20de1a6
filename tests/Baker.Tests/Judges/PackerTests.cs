using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Judges;

/// <summary>Packer itself on every file that it would get.</summary>
public class PackerTests(RenderedExamples examples)
{
    public static TheoryData<string> Examples => [.. Checkout.Examples];

    [Theory, MemberData(nameof(Examples))]
    public async Task Files_are_formatted_as_Packer_formats_them(string example)
    {
        var packer = await OldPacker.WantedAsync();
        foreach (var file in examples.Packer(example))
        {
            var run = await packer.RunAsync("fmt", "-check", "-diff", file);
            Assert.True(run is { Code: 0, Words: "" }, run.Words);
        }
    }

    [Theory, MemberData(nameof(Examples))]
    public async Task Packer_validates_what_it_can_know(string example)
    {
        var packer = await OldPacker.WantedAsync();
        foreach (var file in examples.Packer(example).Where(f => Path.GetFileName(f) != "plugins.pkr.hcl"))
        {
            var run = await ValidateAsync(packer, file, File.ReadAllText(file));
            Assert.True(run is { Code: 0, Error: "" }, run.Words);
        }
    }

    [Theory]
    [InlineData("amazon-ebs", "aws", "  ssh_timeout ", "  ssh_timeuot ", "ssh_timeuot")]
    [InlineData("googlecompute", "gcp", "install.sh\"", "instal.sh\"", "instal.sh")]
    [InlineData("googlecompute", "gcp", "path.root", "path.rot", "rot")]
    public async Task A_wrong_file_is_noticed(string builder, string example, string right, string wrong, string complaint)
    {
        var packer = await OldPacker.WantedAsync();
        var file = examples.Packer(example)[0];
        var text = File.ReadAllText(file);
        Assert.Contains($"\"{builder}\"", text, StringComparison.Ordinal);
        Assert.Contains(right, text, StringComparison.Ordinal);
        var run = await ValidateAsync(packer, file, text.Replace(right, wrong, StringComparison.Ordinal));
        Assert.NotEqual(0, run.Code);
        Assert.Contains(complaint, run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_formatted_differently_is_noticed()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("x.pkr.hcl", "source \"null\" \"x\" {\n    communicator=\"none\"\n}\n");
        Assert.NotEqual(0, (await (await OldPacker.WantedAsync()).RunAsync("fmt", "-check", "-diff", file)).Code);
    }

    [Fact]
    public void Only_what_is_really_written_and_really_known_is_cut_out()
    {
        var sources = Checkout.Examples.SelectMany(examples.Packer).SelectMany(f => HclReader.Read(File.ReadAllText(f)).Blocks).Where(b => b.Type == "source").ToArray();
        foreach (var (builder, name) in OldPacker.TooNew)
        {
            Assert.True(PackerArguments.Has(builder, name), $"{builder} has no {name}");
            Assert.Contains(sources, s => s.Labels[0] == builder && (s.Arguments.Any(a => a.Name == name) || s.Blocks.Any(b => b.Type == name)));
        }
    }

    // In a folder of its own, so that Packer reads one file; the scripts beside it are the rendered ones.
    private static async Task<ToolRun> ValidateAsync(Tool packer, string file, string text)
    {
        using var folder = new TemporaryFolder();
        var rendered = Path.GetDirectoryName(file)!;
        foreach (var script in Directory.EnumerateFiles(rendered, "*.sh"))
            File.Copy(script, Path.Combine(folder.Path, Path.GetFileName(script)));
        foreach (var role in Directory.EnumerateDirectories(rendered))
            Directory.CreateSymbolicLink(Path.Combine(folder.Path, Path.GetFileName(role)), role);
        folder.File(Path.GetFileName(file), OldPacker.WithoutTooNew(text));
        return await (packer with { Directory = folder.Path }).RunAsync("validate", ".");
    }
}
