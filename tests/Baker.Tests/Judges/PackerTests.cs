using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Judges;

/// <summary>Packer itself on every folder that it would get; none is rendered for a cloud without a builder, which another test holds fast.</summary>
public class PackerTests(RenderedExamples examples)
{
    public static TheoryData<string> Examples => [.. Checkout.Examples];

    [Theory, MemberData(nameof(Examples))]
    public async Task Files_are_formatted_as_Packer_formats_them(string example)
    {
        var packer = await OldPacker.WantedAsync();
        if (examples.Packer(example) is not [var first, ..])
            return;
        var run = await packer.RunAsync("fmt", "-check", "-diff", Path.GetDirectoryName(first)!);
        Assert.True(run is { Code: 0, Words: "" }, run.Words);
    }

    [Theory, MemberData(nameof(Examples))]
    public async Task Packer_validates_what_it_can_know(string example)
    {
        var packer = await OldPacker.WantedAsync();
        if (examples.Packer(example) is not [var first, ..])
            return;
        var run = await ValidateAsync(packer, Path.GetDirectoryName(first)!, text => text);
        Assert.True(run is { Code: 0, Error: "" }, run.Words);
    }

    [Theory]
    [InlineData("amazon-ebs", "aws", "  ssh_timeout ", "  ssh_timeuot ", "ssh_timeuot")]
    [InlineData("googlecompute", "gcp", "install.sh\"", "instal.sh\"", "instal.sh")]
    [InlineData("googlecompute", "gcp", "path.root", "path.rot", "rot")]
    public async Task A_wrong_file_is_noticed(string builder, string example, string right, string wrong, string complaint)
    {
        var packer = await OldPacker.WantedAsync();
        var file = examples.Packer(example).First(f => Path.GetFileName(f) == "gateway.pkr.hcl");
        var text = File.ReadAllText(file);
        Assert.Contains($"\"{builder}\"", text, StringComparison.Ordinal);
        Assert.Contains(right, text, StringComparison.Ordinal);
        var run = await ValidateAsync(packer, Path.GetDirectoryName(file)!, t => t == text ? t.Replace(right, wrong, StringComparison.Ordinal) : t.StartsWith("variable", StringComparison.Ordinal) ? t : "");
        Assert.NotEqual(0, run.Code);
        Assert.Contains(complaint, run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_formatted_differently_is_noticed_among_others()
    {
        using var folder = new TemporaryFolder();
        folder.File("a.pkr.hcl", "source \"null\" \"a\" {\n  communicator = \"none\"\n}\n");
        folder.File("x.pkr.hcl", "source \"null\" \"x\" {\n    communicator=\"none\"\n}\n");
        var run = await (await OldPacker.WantedAsync()).RunAsync("fmt", "-check", "-diff", folder.Path);
        Assert.NotEqual(0, run.Code);
        Assert.Contains("x.pkr.hcl", run.Words, StringComparison.Ordinal);
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

    // A copy of the folder that Packer would get, less what this Packer cannot know.
    private static async Task<ToolRun> ValidateAsync(Tool packer, string rendered, Func<string, string> change)
    {
        using var folder = new TemporaryFolder();
        foreach (var script in Directory.EnumerateFiles(rendered, "*.sh"))
            File.Copy(script, Path.Combine(folder.Path, Path.GetFileName(script)));
        foreach (var role in Directory.EnumerateDirectories(rendered))
            Directory.CreateSymbolicLink(Path.Combine(folder.Path, Path.GetFileName(role)), role);
        foreach (var file in Directory.EnumerateFiles(rendered, "*.pkr.hcl").Where(f => Path.GetFileName(f) != "plugins.pkr.hcl"))
            folder.File(Path.GetFileName(file), OldPacker.WithoutTooNew(change(File.ReadAllText(file))));
        return await (packer with { Directory = folder.Path }).RunAsync("validate", ".");
    }
}
