using System.Text.Json;
using System.Text.Json.Nodes;
using Baker.Verifying.Asking;
using GraphQL;
using Xunit;

namespace Baker.Tests.Stack.Duo;

/// <summary>The GraphQL that a GitLab VM sends is GitLab's, with the variables that it is sent with.</summary>
public class DuoDocumentsTests
{
    public static TheoryData<string> Schemas => [.. GitLabSchema.Names()];

    /// <summary>The documents, and the variables that the plan and the script on the VM make for this very schema.</summary>
    [Theory, MemberData(nameof(Schemas))]
    public async Task What_the_console_sends_is_what_the_schema_takes(string schema)
    {
        string[] specs = [DuoVm.Spec, DuoVm.Agents];
        foreach (var (spec, models) in specs.SelectMany(spec => new[] { (spec, new JsonArray()), (spec, new JsonArray(DuoVm.Values(spec)["duo_model"].Split('"')[3])) }))
        {
            var (run, asked) = await DuoVm.RunAsync(new() { ["models"] = models }, "an-activation-code", spec, schema);
            run.Require();
            var sent = asked.Select(a => (Name: a.Split(' ')[0], Variables: a[(a.IndexOf(' ') + 1)..])).Where(a => DuoDocuments.ByName.ContainsKey(a.Name)).ToArray();
            foreach (var (name, variables) in sent)
                Assert.Empty(await ComplaintsAsync(schema, DuoDocuments.ByName[name], variables));
            // Nothing is left over that is never sent.
            Assert.Equal(DuoDocuments.ByName.Keys.Except([models.Count > 0 ? "create" : "update"]).Order(), sent.Select(s => s.Name).Distinct().Order());
        }
    }

    [Theory]
    [InlineData("me", "{}")]
    [InlineData("ask", """{"question":"why?","user":"gid://gitlab/User/1"}""")]
    [InlineData("said", """{"requests":["a"],"roles":["ASSISTANT"],"thread":"gid://gitlab/Ai::Conversation::Thread/1"}""")]
    public async Task A_question_is_what_every_schema_takes(string name, string variables)
    {
        foreach (var schema in GitLabSchema.Names())
        {
            Assert.Empty(await ComplaintsAsync(schema, ChatDocuments.Of(name), variables));
            Assert.NotEmpty(await ComplaintsAsync(schema, ChatDocuments.Of(name).Replace("answer: ", "answer: not", StringComparison.Ordinal), variables));
        }
        Assert.Equal(["ask", "me", "said"], ChatDocuments.Names.Order());
    }

    [Theory]
    [InlineData("person", "username", "login", """{"name":"root"}""")]
    [InlineData("status", "cloudConnectorStatus", "cloudConnectorState", "{}")]
    [InlineData("map", "errors", "errors { text }", """{"input":{"features":["CODE_COMPLETIONS"],"provider":"SELF_HOSTED"}}""")]
    [InlineData("map", "map", "map", """{"input":{"features":["CODE"],"provider":"SELF_HOSTED"}}""")]
    [InlineData("settings", "settings", "settings", """{"input":{"gatewayUrl":"x"}}""")]
    [InlineData("create", "create", "create", """{"input":{"name":"a"}}""")]
    [InlineData("check", "check", "check", """{"input":{"name":"a","model":"MISTRAL","endpoint":"http://10.77.1.30:11434/v1"}}""")]
    public async Task A_mistake_is_noticed(string name, string right, string wrong, string variables) =>
        Assert.NotEmpty(await ComplaintsAsync(GitLabSchema.Default, DuoDocuments.ByName[name].Replace(right, wrong, StringComparison.Ordinal), variables));

    internal static async Task<string[]> ComplaintsAsync(string schema, string text, string variables) =>
        await DuoDocuments.ComplaintsAsync(schema, text, new Inputs(Plain(JsonDocument.Parse(variables).RootElement)));

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
