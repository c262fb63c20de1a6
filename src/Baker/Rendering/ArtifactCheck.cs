using System.Collections.Immutable;
using Baker.Machine;
using YamlDotNet.RepresentationModel;

namespace Baker.Rendering;

/// <summary>Reads back what was rendered, with the parser and not with the eye: every file must come out of the YAML as it went in.</summary>
public static class ArtifactCheck
{
    /// <exception cref="InvalidOperationException">A template is wrong; no spec can cause this.</exception>
    public static void UserData(string text, ImmutableArray<MachineFile> files, string values)
    {
        Require(text.StartsWith("#cloud-config\n", StringComparison.Ordinal), "the header is missing");
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        var root = (YamlMappingNode)yaml.Documents.Single().RootNode;
        var written = ((YamlSequenceNode)root["write_files"]).Cast<YamlMappingNode>()
            .ToDictionary(f => ((YamlScalarNode)f["path"]).Value!, f => ((YamlScalarNode)f["content"]).Value!);
        Require(written.GetValueOrDefault(MachineFiles.ValuesPath) == values, "the values file was changed");
        foreach (var file in files)
            Require(written.GetValueOrDefault($"{MachineFiles.Directory}/{file.Name}") == file.Content, $"{file.Name} was changed");
        Require(written.Count == files.Length + 1, "two files have the same name");
        Require(((YamlSequenceNode)root["runcmd"]).Children.Count == 1, "exactly one command runs at boot");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException($"user-data: {otherwise}");
    }
}
