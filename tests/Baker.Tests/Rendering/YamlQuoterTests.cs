using System.Text.Json;
using Baker.Rendering;
using Baker.Tests.Support;
using CsCheck;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Baker.Tests.Rendering;

public class YamlQuoterTests
{
    // As user-data has them, with something behind that a broken scalar would swallow.
    private const string Reader = """
        import json, sys, yaml
        entries = yaml.safe_load(sys.stdin.buffer)
        assert all(e["after"] == "here" for e in entries)
        json.dump([[e["quoted"], e["block"]] for e in entries], sys.stdout)
        """;

    [Fact]
    public void A_quoted_text_is_read_back_by_a_yaml_parser() =>
        AwkwardText.Any.Sample(text => Read(Entry(text)).Quoted == text, iter: 5_000);

    [Fact]
    public void A_block_is_read_back_by_a_yaml_parser() =>
        AwkwardText.Any.Sample(text => Read(Entry(text)).Block == text, iter: 5_000);

    [Fact]
    public void A_quoted_text_is_read_back_by_a_json_parser() =>
        AwkwardText.Any.Sample(text => JsonSerializer.Deserialize<string>(Templates.Quoters["json"](text)) == text, iter: 5_000);

    [Fact]
    public async Task Both_are_read_back_by_the_parser_that_cloud_init_uses()
    {
        var python = await PythonWithYaml.WantedAsync();
        await AwkwardText.Any.Array[1_000].SampleAsync(texts => ComeBackAsync(python, texts), iter: 1, print: ReadBack.Count);
    }

    [Fact]
    public void A_file_of_several_lines_is_a_block_that_people_can_read() =>
        Assert.Equal("|\n    #!/bin/bash\n\n      x='y'", Quoting.YamlBlock("#!/bin/bash\n\n  x='y'\n", 4));

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character() => AwkwardText.Broken.Sample(text =>
    {
        var whole = Utf8.Whole(text);
        var read = Read(Entry(text));
        return read.Quoted == whole && read.Block == whole && JsonSerializer.Deserialize<string>(Quoting.Yaml(text)) == whole;
    }, iter: 1_000);

    [Fact]
    public void Even_NUL_is_read_back() => Assert.Equal(("a\0b", "a\0b"), Read(Entry("a\0b")));

    private static async Task ComeBackAsync(Tool python, string[] texts)
    {
        var read = JsonSerializer.Deserialize<string[][]>((await (python with { Input = string.Concat(texts.Select(Entry)) }).RunAsync("-c", Reader)).Require())!;
        ReadBack.Same(texts, read.Select(r => r[0]));
        ReadBack.Same(texts, read.Select(r => r[1]));
    }

    private static string Entry(string text) =>
        $"- quoted: {Templates.Quoters["yaml"](text)}\n  block: {Templates.Quoters["yaml_block"](text)}\n  after: here\n";

    private static (string? Quoted, string? Block) Read(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var entry = (YamlMappingNode)((YamlSequenceNode)stream.Documents.Single().RootNode).Children.Single();
        Assert.Equal("here", ((YamlScalarNode)entry["after"]).Value);
        return (((YamlScalarNode)entry["quoted"]).Value, ((YamlScalarNode)entry["block"]).Value);
    }
}
