using Baker.Tests.Support;
using NJsonSchema;
using Xunit;
using YamlDotNet.Serialization;

namespace Baker.Tests.Language.Shapes;

/// <summary>The schema that editors use, held against a validator that knows nothing of Baker.</summary>
public class JsonSchemaTests
{
    private static readonly Task<JsonSchema> Schema = ReadAsync();

    public static TheoryData<string> Files =>
        [.. Checkout.Examples.Select(e => $"examples/{e}.yaml"), "templates/init/aws.yaml", "templates/init/gcp.yaml", "templates/init/local.yaml"];

    public static TheoryData<string> Manual => [.. ManualSpec.All.Select(s => s.Place)];

    [Fact]
    public async Task The_schema_is_as_checked_in() =>
        Golden.Check((await BakerRun.Async("schema")).Out, "schema.json");

    [Theory, MemberData(nameof(Files))]
    public async Task Examples_fit(string file) => Assert.Empty(await ProblemsAsync(Checkout.Read(file)));

    [Theory, MemberData(nameof(Manual))]
    public async Task Specs_of_the_manual_fit(string place) =>
        Assert.Empty(await ProblemsAsync(ManualSpec.All.Single(s => s.Place == place).Text));

    [Theory]
    [InlineData("colour: blue", "colour")]
    [InlineData("version: 2", "version")]
    [InlineData("name: Duo", "name")]
    [InlineData("cloud: { aws: { region: ap-northeast-1 }, local: {} }", "cloud")]
    [InlineData("cloud: { azure: {} }", "cloud.azure")]
    [InlineData("gitlab: { modle: x }", "gitlab.modle")]
    [InlineData("gitlab: { data_gb: 5 }", "gitlab.data_gb")]
    [InlineData("gitlab: { license: { activation_code: ABC123 } }", "gitlab.license.activation_code")]
    [InlineData("gitlab: { root_password: hunter2 }", "gitlab.root_password")]
    [InlineData("gateway: { auth: none }", "gateway.auth")]
    [InlineData("ollama: { models: [] }", "ollama.models")]
    [InlineData("ollama: { models: [a, a] }", "ollama.models")]
    [InlineData("ollama: { gpu: { count: 2 } }", "ollama.gpu")]
    [InlineData("duo: { features: [poetry] }", "duo.features[0]")]
    [InlineData("images: fresh", "images")]
    public async Task Mistakes_do_not(string fragment, string where)
    {
        var problems = await ProblemsAsync(ManualSpec.Over("aws", fragment));
        Assert.Contains(problems, p => p.StartsWith($"#/{where}:", StringComparison.Ordinal));
    }

    private static async Task<JsonSchema> ReadAsync() => await JsonSchema.FromJsonAsync((await BakerRun.Async("schema")).Out);

    private static async Task<string[]> ProblemsAsync(string yaml)
    {
        var value = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<object>(yaml);
        var json = new SerializerBuilder().JsonCompatible().Build().Serialize(value);
        return [.. (await Schema).Validate(json).Select(p => $"{p.Path}: {p.Kind}")];
    }
}
