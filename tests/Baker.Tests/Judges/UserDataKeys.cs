using YamlDotNet.RepresentationModel;

namespace Baker.Tests.Judges;

/// <summary>cloud-init before 23.4 takes a misspelt key for nothing at all; this does not.</summary>
public static class UserDataKeys
{
    private static readonly string[] InUse = ["write_files", "runcmd", "ssh_authorized_keys"];

    private static readonly string[] OfFiles = ["path", "permissions", "content"];

    /// <summary>The keys that Baker does not mean to write.</summary>
    public static IEnumerable<string> Unknown(string userData)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(userData));
        var root = (YamlMappingNode)yaml.Documents.Single().RootNode;
        var files = root.Children.TryGetValue("write_files", out var list) ? ((YamlSequenceNode)list).Cast<YamlMappingNode>() : [];
        return Names(root).Except(InUse).Concat(files.SelectMany(Names).Except(OfFiles));
    }

    private static IEnumerable<string> Names(YamlMappingNode map) => map.Children.Keys.Select(key => ((YamlScalarNode)key).Value!);
}
