using System.Text.Json.Nodes;
using Baker.Language.Values;
using Baker.Stack.Roles.Ollama;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Language.Values;

/// <summary>Names of models as Ollama reads them: types/model/name.go and internal/modelref/modelref.go, 0.32.7.</summary>
public class ModelNameTests
{
    private static readonly string Long = new('x', 80);

    [Theory]
    [InlineData("mistral", "mistral:latest"), InlineData("mistral:instruct", "mistral:instruct"), InlineData("library/mistral:instruct", "mistral:instruct")]
    [InlineData("registry.ollama.ai/library/mistral", "mistral:latest"), InlineData("Registry.Ollama.AI/Library/Mistral:Instruct", "mistral:instruct")]
    [InlineData("registry.ollama.ai/someone/model:7b", "someone/model:7b"), InlineData("hf.co/Some-One/Model.X-GGUF:Q4_K_M", "hf.co/some-one/model.x-gguf:q4_k_m")]
    [InlineData("hf.co/library/model", "hf.co/library/model:latest"), InlineData("registry.test:5000/a/b:c", "registry.test:5000/a/b:c"), InlineData("_x/_y:_z", "_x/_y:_z")]
    public void A_name_is_listed_without_what_Ollama_takes_by_default(string text, string listed)
    {
        Assert.Null(ModelName.Format.Problem(text));
        Assert.Equal(listed, ModelName.Parse(text).Listed);
        Assert.True(ModelName.Parse(listed).IsSame(ModelName.Parse(text)));
    }

    [Fact]
    public void The_registry_is_asked_in_the_letters_that_were_written() => Assert.Equal("hf.co/Some-One/Model-GGUF:Q4_K_M", ModelName.Parse("hf.co/Some-One/Model-GGUF:Q4_K_M").Name);

    [Fact]
    public void Each_part_has_80_characters_at_most()
    {
        Assert.Null(ModelName.Format.Problem($"hf.co/{Long}/{Long}:{Long}@sha256:{new string('a', 64)}"));
        Assert.All([$"{Long}x", $"{Long}x/a", $"a:{Long}x", $"hf.co/{Long}x/a"], name => Assert.Contains("80 characters", ModelName.Format.Problem(name), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("my.registry/model:7b", "my.registry/library/model:7b"), InlineData("localhost:5000/model", "localhost:5000/library/model")]
    public void A_namespace_with_a_dot_was_meant_as_a_host(string text, string instead) => Assert.Contains(instead, ModelName.Format.Problem(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("a/b/c/d"), InlineData("-x"), InlineData(".x"), InlineData("x:"), InlineData("x:.y"), InlineData("/x"), InlineData("a//b"), InlineData("h.test:70000/a/b"), InlineData("a..b/c/d"),
     InlineData("x:local"), InlineData("https://h.test/a/b"), InlineData("../x"), InlineData("a/../b"), InlineData("x:8b:cloud")]
    public void What_Ollama_would_not_take_is_not_taken(string text) => Assert.NotNull(ModelName.Format.Problem(text));

    [Theory]
    [InlineData("gpt-oss:cloud", true), InlineData("gpt-oss:120b-cloud", true), InlineData("someone/x:8B-Cloud", true), InlineData("cloud:8b", false), InlineData("x-cloud:8b", false), InlineData("x:cloudy", false)]
    public void Models_that_run_elsewhere_are_refused(string name, bool isCloud)
    {
        Assert.Equal(isCloud, ModelName.Parse(name).IsCloud);
        Assert.Equal(isCloud, Report.Of(SampleSpec.Local(ollama: $"{{ models: ['{name}'] }}")).Codes.Contains("BKR618"));
    }

    [Fact]
    public void One_model_of_two_names_is_one_everywhere()
    {
        var spec = SampleSpec.Local(ollama: "{ models: ['registry.ollama.ai/library/Mistral:Instruct', llama3.1] }").Replace("duo: {", "duo: { model: 'library/mistral:instruct',", StringComparison.Ordinal);
        Assert.Empty(Report.Of(spec).Errors);
        Assert.Contains("BKR619", Report.Of(SampleSpec.Local(ollama: "{ models: [mistral, 'mistral:latest'] }")).Codes);
    }

    [Fact]
    public async Task Where_models_come_from_is_what_the_plan_says()
    {
        Assert.Equal([new Uri(OllamaRole.DefaultStorage).Host, "hf.co", "registry.ollama.ai"], await HostsAsync("[mistral:instruct, 'HF.co/a/b', 'hf.co/c/d']", ""));
        Assert.Equal(["hf.co"], await HostsAsync("['hf.co/a/b']", ""));
        // The scheme may be written as browsers take it, and there may be a path.
        Assert.Equal(["models.test"], await HostsAsync("[mistral:instruct]", "mirrors: { models: 'HTTPS://models.test/some/path/' }"));

        static async Task<string[]> HostsAsync(string models, string rest)
        {
            using var folder = new TemporaryFolder();
            folder.File("baker.yaml", SampleSpec.Local(ollama: $"{{ models: {models} }}", rest: rest));
            var run = await BakerRun.InAsync(folder.Path, "", "plan", "baker.yaml", "--json");
            return [.. JsonNode.Parse(run.Out)!["egress"]!.AsArray().Where(e => (string)e!["role"]! == "ollama" && ((string)e["why"]!).Contains("models", StringComparison.Ordinal))
                .Select(e => (string)e!["host"]!).Order(StringComparer.Ordinal)];
        }
    }
}
