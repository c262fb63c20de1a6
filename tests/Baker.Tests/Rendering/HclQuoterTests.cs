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
    public Task A_value_is_read_back_by_Packer() => ComeBackAsync(AwkwardText.Any.Where(IsOfAssignedPlanes).Array[1_000]);

    [Fact]
    public Task Half_a_surrogate_pair_becomes_the_replacement_character() => ComeBackAsync(AwkwardText.Broken.Where(IsOfAssignedPlanes).Array[100]);

    [Theory]
    [InlineData("${x}", "\"$${x}\"")]
    [InlineData("$${x}", "\"$$${x}\"")]
    [InlineData("%{if}", "\"%%{if}\"")]
    [InlineData("{{ x }}", "\"{{`{{`}} x }}\"")]
    [InlineData("${{x", "\"$${{`{{`}}x\"")]
    [InlineData("a\"b\\c\n", "\"a\\\"b\\\\c\\n\"")]
    public void What_begins_a_template_in_HCL_or_in_Packer_begins_none(string text, string quoted) => Assert.Equal(quoted, Quoting.Hcl(text));

    /// <summary>The tables of Packer 1.6 take a character of the others for one of the first plane, and may join it with an accent that follows.</summary>
    private static bool IsOfAssignedPlanes(string text) => text.EnumerateRunes().All(r => r.Plane is < 4 or > 13);

    private static async Task ComeBackAsync(Gen<string[]> samples)
    {
        var (packer, python) = (await OldPacker.WantedAsync(), Tool.Wanted("python3", "python3"));
        await samples.SampleAsync(async texts =>
        {
            // HCL's strings are in normal form C, whatever the file has.
            var written = (await NormalAsync(python, texts.Select(Utf8.Whole))).Zip(texts).DistinctBy(t => t.First).ToArray();
            var read = await ReadAsync(packer, written.Select(t => t.Second));
            ReadBack.Same(written.Select(t => t.First).Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
        }, iter: 1, print: ReadBack.Count);
    }

    // These tests run without the tables of Unicode (InvariantGlobalization); Python brings its own.
    private static async Task<string[]> NormalAsync(Tool python, IEnumerable<string> texts)
    {
        const string Script = "import json, sys, unicodedata; json.dump([unicodedata.normalize('NFC', t) for t in json.load(sys.stdin.buffer)], sys.stdout)";
        return JsonSerializer.Deserialize<string[]>((await (python with { Input = JsonSerializer.Serialize(texts) }).RunAsync("-c", Script)).Require())!;
    }

    // As names of a map, which Packer expands once as it does the arguments of builders; it expands the map's values twice.
    private static async Task<IEnumerable<string>> ReadAsync(Tool packer, IEnumerable<string> texts)
    {
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
