using System.Text.Json;
using Baker.Rendering;
using Baker.Tests.Judges;
using Baker.Tests.Support;
using CsCheck;
using Xunit;

namespace Baker.Tests.Rendering;

public class HclQuoterTests
{
    [Fact]
    public Task A_value_is_read_back_by_Packer() => AwkwardText.Any.Array[1_000].SampleAsync(ComesBackAsync, iter: 1, print: ReadBack.Count);

    [Fact]
    public Task Half_a_surrogate_pair_becomes_the_replacement_character() => AwkwardText.Broken.Array[100].SampleAsync(ComesBackAsync, iter: 1, print: ReadBack.Count);

    [Theory]
    [InlineData("${x}", "\"$${x}\"")]
    [InlineData("$${x}", "\"$$${x}\"")]
    [InlineData("%{if}", "\"%%{if}\"")]
    [InlineData("{{ x }}", "\"{{`{{`}} x }}\"")]
    [InlineData("${{x", "\"$${{`{{`}}x\"")]
    [InlineData("a\"b\\c\n", "\"a\\\"b\\\\c\\n\"")]
    public void What_begins_a_template_in_HCL_or_in_Packer_begins_none(string text, string quoted) => Assert.Equal(quoted, Quoting.Hcl(text));

    private static async Task ComesBackAsync(string[] texts)
    {
        // HCL's strings are in normal form C, whatever the file has.
        var written = (await NormalAsync(texts.Select(Utf8.Whole))).Zip(texts).DistinctBy(t => t.First).ToArray();
        var read = await ReadAsync(written.Select(t => t.Second));
        ReadBack.Same(written.Select(t => t.First).Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
    }

    // These tests run without the tables of Unicode (InvariantGlobalization); Python brings its own.
    private static async Task<string[]> NormalAsync(IEnumerable<string> texts)
    {
        const string Script = "import json, sys, unicodedata; json.dump([unicodedata.normalize('NFC', t) for t in json.load(sys.stdin.buffer)], sys.stdout)";
        var python = Tool.Wanted("python3", "python3") with { Input = JsonSerializer.Serialize(texts) };
        return JsonSerializer.Deserialize<string[]>((await python.RunAsync("-c", Script)).Require())!;
    }

    // As names of a map, which Packer expands once as it does the arguments of builders; it expands the map's values twice.
    private static async Task<IEnumerable<string>> ReadAsync(IEnumerable<string> texts)
    {
        var packer = await OldPacker.WantedAsync();
        using var folder = new TemporaryFolder();
        var template = $$"""
            source "null" "x" {
              communicator = "none"
            }
            build {
              sources = ["source.null.x"]
              post-processor "manifest" {
                output = "manifest.json"
                custom_data = {
            {{string.Join('\n', texts.Select(t => $"      {Templates.Quoters["hcl"](t)} = \"x\""))}}
                }
              }
            }

            """;
        (await (packer with { Directory = folder.Path }).RunAsync("build", folder.File("x.pkr.hcl", template))).Require();
        return JsonDocument.Parse(folder.Read("manifest.json")).RootElement.GetProperty("builds")[0].GetProperty("custom_data").EnumerateObject().Select(p => p.Name).ToArray();
    }
}
