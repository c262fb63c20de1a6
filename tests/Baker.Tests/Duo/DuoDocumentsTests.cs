using System.Text.Json;
using Baker.Verifying.Asking;
using GraphQL;
using Xunit;

namespace Baker.Tests.Duo;

/// <summary>The GraphQL that a GitLab VM sends is GitLab's, with the variables that it is sent with.</summary>
public class DuoDocumentsTests
{
    private const string Model = """{"name":"a","model":"MISTRAL","endpoint":"http://10.77.1.30:11434/v1","identifier":"custom_openai/mistral:instruct","apiToken":"ollama"}""";

    private static readonly Dictionary<string, string> Examples = new()
    {
        ["known"] = "{}",
        ["person"] = """{"name":"root"}""",
        ["status"] = "{}",
        ["activate"] = """{"code":"x"}""",
        ["settings"] = """{"input":{"aiGatewayUrl":"http://10.77.1.20:5052","aiGatewayTimeoutSeconds":300,"duoAgentPlatformServiceUrl":"10.77.1.20:50052"}}""",
        ["seat"] = """{"addOn":"gid://gitlab/GitlabSubscriptions::AddOnPurchase/1","user":"gid://gitlab/User/1"}""",
        ["create"] = "{\"input\":" + Model + "}",
        ["update"] = "{\"input\":" + Model[..^1] + ",\"id\":\"gid://gitlab/Ai::SelfHostedModel/1\"}}",
        ["map"] = """{"input":{"features":["CODE_COMPLETIONS"],"provider":"SELF_HOSTED","aiSelfHostedModelId":"gid://gitlab/Ai::SelfHostedModel/1"}}""",
        ["check"] = "{\"input\":" + Model + "}",
    };

    public static TheoryData<string> Names => [.. DuoDocuments.ByName.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task GitLab_understands_it(string name) => Assert.Empty(await ComplaintsAsync(DuoDocuments.ByName[name], Examples[name]));

    [Theory]
    [InlineData("me", "{}")]
    [InlineData("ask", """{"question":"why?","user":"gid://gitlab/User/1"}""")]
    [InlineData("said", """{"requests":["a"],"roles":["ASSISTANT"],"thread":"gid://gitlab/Ai::Conversation::Thread/1"}""")]
    public async Task GitLab_understands_a_question(string name, string variables)
    {
        Assert.Empty(await ComplaintsAsync(ChatDocuments.Of(name), variables));
        Assert.NotEmpty(await ComplaintsAsync(ChatDocuments.Of(name).Replace("answer: ", "answer: not", StringComparison.Ordinal), variables));
        Assert.Equal(["ask", "me", "said"], ChatDocuments.Names.Order());
    }

    [Fact]
    public void Every_operation_has_an_example_here_and_none_is_left_over() => Assert.Equal(Examples.Keys.Order(), DuoDocuments.ByName.Keys.Order());

    [Fact]
    public async Task What_the_console_really_sends_is_understood()
    {
        var (run, asked) = await DuoVm.RunAsync(licence: "an-activation-code");
        run.Require();
        var sent = asked.Select(a => (Name: a.Split(' ')[0], Variables: a[(a.IndexOf(' ') + 1)..])).Where(a => DuoDocuments.ByName.ContainsKey(a.Name)).ToArray();
        Assert.True(sent.Length > 8);
        foreach (var (name, variables) in sent)
            Assert.Empty(await ComplaintsAsync(DuoDocuments.ByName[name], variables));
    }

    [Theory]
    [InlineData("person", "username", "login", """{"name":"root"}""")]
    [InlineData("status", "cloudConnectorStatus", "cloudConnectorState", "{}")]
    [InlineData("map", "errors", "errors { text }", """{"input":{"features":["CODE_COMPLETIONS"],"provider":"SELF_HOSTED"}}""")]
    [InlineData("map", "map", "map", """{"input":{"features":["CODE"],"provider":"SELF_HOSTED"}}""")]
    [InlineData("settings", "settings", "settings", """{"input":{"gatewayUrl":"x"}}""")]
    [InlineData("create", "create", "create", """{"input":{"name":"a"}}""")]
    public async Task A_mistake_is_noticed(string name, string right, string wrong, string variables) =>
        Assert.NotEmpty(await ComplaintsAsync(DuoDocuments.ByName[name].Replace(right, wrong, StringComparison.Ordinal), variables));

    internal static async Task<string[]> ComplaintsAsync(string text, string variables) =>
        await DuoDocuments.ComplaintsAsync(text, new Inputs(Plain(JsonDocument.Parse(variables).RootElement)));

    private static Dictionary<string, object?> Plain(JsonElement at) => at.EnumerateObject().ToDictionary(p => p.Name, p => Value(p.Value));

    private static object? Value(JsonElement at) => at.ValueKind switch
    {
        JsonValueKind.Object => Plain(at),
        JsonValueKind.Array => at.EnumerateArray().Select(Value).ToList(),
        JsonValueKind.Number => at.GetInt32(),
        JsonValueKind.String => at.GetString(),
        JsonValueKind.Null => null,
        _ => at.GetBoolean(),
    };
}
