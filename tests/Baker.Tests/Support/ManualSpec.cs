using Baker.Language.Shapes;
using Baker.Stack;
using YamlDotNet.RepresentationModel;

namespace Baker.Tests.Support;

/// <summary>
/// A spec in the manual. A block marked <c>yaml</c> is a whole spec. A block marked <c>yaml fragment</c>, optionally followed by a
/// cloud, is laid over that cloud's example: sections with known keys key by key, everything else as a whole.
/// </summary>
/// <param name="Place">File and line.</param>
/// <param name="Text">The whole spec.</param>
public sealed record ManualSpec(string Place, string Text)
{
    public static IEnumerable<ManualSpec> All =>
        ManualPage.All.SelectMany(page => page.Fences()).Where(f => f.Language == "yaml").Select(Of);

    /// <summary>A whole spec out of a fragment.</summary>
    public static string Over(string example, string fragment)
    {
        var (whole, part) = (Map(Checkout.Read("examples", $"{example}.yaml")), Map(fragment));
        foreach (var (key, value) in part)
        {
            if (HasKnownKeys(key) && whole.Children.TryGetValue(key, out var under) && value is YamlMappingNode over)
            {
                foreach (var (name, inner) in over)
                    ((YamlMappingNode)under).Children[name] = inner;
            }
            else
                whole.Children[key] = value;
        }
        using var text = new StringWriter();
        new YamlStream(new YamlDocument(whole)).Save(text, assignAnchors: false);
        return text.ToString();
    }

    private static ManualSpec Of(Fence fence) => new(fence.Place, fence.Info.Split(' ') switch
    {
        ["yaml"] => fence.Text,
        ["yaml", "fragment"] => Over("aws", fence.Text),
        ["yaml", "fragment", var cloud] => Over(cloud, fence.Text),
        _ => throw new InvalidOperationException($"{fence.Place}: `{fence.Info}` is none of: yaml, yaml fragment, yaml fragment <cloud>"),
    });

    private static bool HasKnownKeys(YamlNode key) => SpecShape.Root.Keys.Any(k => k.Name == key.ToString() && k.Shape is MapShape);

    private static YamlMappingNode Map(string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }
}
