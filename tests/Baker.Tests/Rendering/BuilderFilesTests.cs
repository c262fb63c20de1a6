using Baker.Tests.Support;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Baker.Tests.Rendering;

/// <summary>What a builder gets where no Packer tells it what to do.</summary>
public class BuilderFilesTests(RenderedExamples examples)
{
    public static TheoryData<string> Roles => ["gitlab", "gateway", "ollama"];

    [Theory, MemberData(nameof(Roles))]
    public void A_builder_has_what_installs_and_seals_and_nothing_of_one_stacks_VM(string role)
    {
        var files = Files(role);
        foreach (var script in new[] { "upgrade.sh", "seal.sh" })
            Assert.Equal(Checkout.Read("templates", "packer", script), files[$"/var/lib/baker-bake/{script}"]);
        Assert.Equal(Checkout.Read("templates", "builder", "bake.sh"), files["/var/lib/baker-bake/bake.sh"]);
        Assert.Contains("/usr/local/lib/baker/run", files.Keys);
        Assert.Contains("/usr/local/lib/baker/install.sh", files.Keys);
        Assert.DoesNotContain("/usr/local/lib/baker/configure.sh", files.Keys);
        // Addresses, names and references to secrets are the VM's own.
        var values = files["/etc/baker/values"];
        Assert.Contains($"role='{role}'\n", values, StringComparison.Ordinal);
        Assert.DoesNotContain("10.77.", values, StringComparison.Ordinal);
        Assert.DoesNotContain("gitlab.desk.test", values, StringComparison.Ordinal);
        Assert.DoesNotContain("local_file", values, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_Packer_makes_the_images_there_are_none() => Assert.False(Directory.Exists(Path.Combine(examples.FolderOf("aws"), "bake")));

    private Dictionary<string, string> Files(string role)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(examples.Builders("local").Single(p => Path.GetFileName(p) == $"{role}.yaml"))));
        return ((YamlSequenceNode)yaml.Documents[0].RootNode["write_files"]).ToDictionary(f => ((YamlScalarNode)f["path"]).Value!, f => ((YamlScalarNode)f["content"]).Value!);
    }
}
