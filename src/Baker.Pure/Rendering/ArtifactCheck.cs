using System.Collections.Immutable;
using Baker.Machine;
using YamlDotNet.RepresentationModel;

namespace Baker.Rendering;

/// <summary>
/// Reads back what was rendered, with the parser and not with the eye: whatever a spec put in must come out of the YAML as it
/// went in. The scripts, which no spec can change, are read back by a test.
/// </summary>
public static class ArtifactCheck
{
    /// <param name="text">User-data up to the scripts.</param>
    /// <exception cref="InvalidOperationException">A template is wrong; no spec can cause this.</exception>
    public static void UserData(string text, string values, ImmutableArray<string> sshKeys)
    {
        Require(text.StartsWith("#cloud-config\n", StringComparison.Ordinal), "the header is missing");
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        var root = (YamlMappingNode)yaml.Documents.Single().RootNode;
        var file = (YamlMappingNode)((YamlSequenceNode)root["write_files"]).Children.Single();
        Require(Text(file["path"]) == MachineFiles.ValuesPath && Text(file["content"]) == values, "the values file was changed");
        Require(((YamlSequenceNode)root["runcmd"]).Children.Count == 1, "exactly one command runs at boot");
        var keys = root.Children.TryGetValue("ssh_authorized_keys", out var list) ? ((YamlSequenceNode)list).Select(Text) : [];
        Require(keys.SequenceEqual(sshKeys), "the SSH keys were changed");
    }

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException($"user-data: {otherwise}");
    }
}
