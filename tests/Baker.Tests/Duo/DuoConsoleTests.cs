using System.Text.Json.Nodes;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Duo;

/// <summary>What GitLab's console is made to do: in order, once, with the right sentence when it cannot.</summary>
public class DuoConsoleTests
{
    private const string Fresh = "setting token known settings create map map map person seat status check revoke";

    [Fact]
    public async Task A_fresh_GitLab_is_set_up_in_order()
    {
        var (run, asked) = await DuoVm.RunAsync(licence: "an-activation-code");
        Assert.Equal("licensed", run.Require().Trim());
        Assert.Equal(Fresh.Replace("token", "token activate", StringComparison.Ordinal), DuoVm.Names(asked));
        Assert.Equal("""{"code":"an-activation-code"}""", DuoVm.Variables(asked, "activate").Single().GetRawText());
        Assert.Equal("""{"input":{"aiGatewayUrl":"http://10.77.1.20:5052","aiGatewayTimeoutSeconds":300}}""", DuoVm.Variables(asked, "settings").Single().GetRawText());
        Assert.Equal(
            """{"input":{"name":"mistral:instruct on eu-central-1","model":"MISTRAL","endpoint":"http://10.77.1.30:11434/v1","identifier":"custom_openai/mistral:instruct","apiToken":"ollama"}}""",
            DuoVm.Variables(asked, "create").Single().GetRawText());
        Assert.Equal(
            ["[\"CODE_COMPLETIONS\"] SELF_HOSTED", "[\"CODE_GENERATIONS\",\"DUO_CHAT\"] SELF_HOSTED", "[\"REVIEW_MERGE_REQUEST\"] DISABLED"],
            DuoVm.Variables(asked, "map").Select(v => v.GetProperty("input")).Select(i => $"{i.GetProperty("features").GetRawText()} {i.GetProperty("provider").GetString()}"));
        Assert.Contains("""token Baker: setting up Duo ["api"] 1""", asked);
        Assert.Contains("""setting {"disabled_direct_code_suggestions":true}""", asked);
    }

    [Fact]
    public async Task Repeated_it_changes_what_is_there_and_makes_nothing_new()
    {
        var (run, asked) = await DuoVm.RunAsync(new()
        {
            ["models"] = new JsonArray("another", "mistral:instruct on eu-central-1"),
            ["tokens"] = new JsonArray("glpat-left-by-a-power-cut"),
            ["mapped"] = new JsonObject { ["review_merge_request"] = "disabled" },
        });
        run.Require();
        Assert.Equal("revoke setting token known settings update map map person seat status check revoke", DuoVm.Names(asked));
        Assert.Equal("revoke glpat-left-by-a-power-cut", asked[0]);
        Assert.Equal("gid://gitlab/Ai::SelfHostedModel/7", DuoVm.Variables(asked, "update").Single().GetProperty("input").GetProperty("id").GetString());
        Assert.Equal("gid://gitlab/Ai::SelfHostedModel/7", DuoVm.Variables(asked, "map")[0].GetProperty("input").GetProperty("aiSelfHostedModelId").GetString());
    }

    public static TheoryData<string, int, string, string> Troubles => new()
    {
        { """{"errors":{"activate":["CONNECTIVITY_ERROR"]}}""", 6, "CONNECTIVITY_ERROR", "setting token activate revoke" },
        { """{"errors":{"activate":["INVALID_CODE"]}}""", 3, "INVALID_CODE", "setting token activate revoke" },
        { """{"add_ons":["DUO_CORE"]}""", 3, "does not cover GitLab Duo Enterprise", "setting token activate known revoke" },
        { """{"errors":{"seat":["NO_SEATS_AVAILABLE"]}}""", 4, "NO_SEATS_AVAILABLE", "setting token activate known settings create map map map person seat revoke" },
        { """{"refuses":{"settings":"You don't have permission"}}""", 5, "You don't have permission", "setting token activate known settings revoke" },
        { """{"errors":{"map":["CODE_GENERATIONS is incompatible"]}}""", 5, "is incompatible", "setting token activate known settings create map revoke" },
        { """{"status":{"success":false,"probeResults":[{"name":"host_probe","success":false,"message":"no route"}]}}""", 5, "no route", "setting token activate known settings create map map map person seat status revoke" },
        { """{"answers_at":9}""", 8, "the model does not answer", "setting token activate known settings create map map map person seat status check sleep check sleep check sleep check sleep check revoke" },
        { """{"lost_token":true}""", 7, "401", "setting token activate revoke" },
        { """{"down":true}""", 7, "onnection refused", "setting token revoke" },
        { """{"no_root":true}""", 7, "there is no user root", "" },
    };

    [Theory, MemberData(nameof(Troubles))]
    public async Task Trouble_ends_it_with_a_sentence_and_without_a_token(string scenario, int code, string sentence, string asked)
    {
        var (run, seen) = await DuoVm.RunAsync(JsonNode.Parse(scenario)!.AsObject(), "an-activation-code");
        Assert.Equal(code, run.Code);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.Equal(asked, DuoVm.Names(seen));
        Assert.DoesNotContain("an-activation-code", run.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("glpat", run.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_who_is_not_there_yet_keeps_nobody_else_from_Duo()
    {
        var (run, asked) = await DuoVm.RunAsync(others: ("duo_seats", "root alice"));
        Assert.Equal((4, true), (run.Code, run.Error.Contains("there is no user alice", StringComparison.Ordinal)));
        Assert.Equal("setting token known settings create map map map person seat person revoke", DuoVm.Names(asked));
    }

    [Fact]
    public async Task A_licence_file_brings_its_add_ons_at_once_and_is_entered_once()
    {
        var file = new string('x', 400);
        var (run, asked) = await DuoVm.RunAsync(licence: file + "\n");
        run.Require();
        Assert.StartsWith("setting licence provision token known", DuoVm.Names(asked), StringComparison.Ordinal);
        (run, asked) = await DuoVm.RunAsync(new() { ["licences"] = new JsonArray(file + "\n") }, file);
        run.Require();
        Assert.StartsWith("setting provision token known", DuoVm.Names(asked), StringComparison.Ordinal);
        (run, asked) = await DuoVm.RunAsync(new() { ["bad_file"] = true }, file);
        Assert.Equal((3, "setting licence"), (run.Code, DuoVm.Names(asked)));
        Assert.Contains("This license has expired", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("needed", false, 9, "setting")]
    [InlineData("needed", true, 0, Fresh)]
    [InlineData("accepted", true, 0, Fresh)]
    [InlineData("accepted", false, 0, "setting accept token known settings create map map map person seat status check revoke")]
    public async Task Terms_are_accepted_only_by_the_explicit_key_and_once(string terms, bool done, int code, string asked)
    {
        var (run, seen) = await DuoVm.RunAsync(new() { ["terms"] = done }, others: ("duo_terms", terms));
        Assert.Equal((code, asked), (run.Code, DuoVm.Names(seen)));
    }

    [Theory]
    [InlineData(200, 0)]
    [InlineData(421, 8)]
    public async Task On_processors_the_gateway_is_asked_without_the_three_seconds(int said, int code)
    {
        var spec = SampleSpec.Aws(ollama: "{ models: [\"mistral:instruct\"], machine: m6i.xlarge, gpu: none }");
        var (run, asked) = await DuoVm.RunAsync(new() { ["answers_at"] = 9, ["probe"] = said }, spec: spec);
        Assert.Equal(code, run.Code);
        Assert.Equal(
            """
            probe http://10.77.1.20:5052/v1/prompts/model_configuration%2Fcheck {"Authorization":"Bearer of-gitlab"} {"stream":false,"inputs":{},"model_metadata":{"endpoint":"http://10.77.1.30:11434/v1","identifier":"custom_openai/mistral:instruct","name":"mistral","provider":"openai","api_key":"ollama"}} 180 true
            """,
            asked.Single(a => a.StartsWith("probe", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("aiGatewayUrl", """{"aiGatewayUrl":"http://10.77.1.20:5052"}""")]
    [InlineData("aiGatewayUrl aiGatewayTimeoutSeconds duoAgentPlatformServiceUrl", """{"aiGatewayUrl":"http://10.77.1.20:5052","aiGatewayTimeoutSeconds":300,"duoAgentPlatformServiceUrl":"10.77.1.20:50052"}""")]
    [InlineData("aiGatewayUrl aiGatewayTimeoutSeconds duoAgentPlatformServiceUrl selfHostedDuoAgentPlatformServiceSecure another", """{"aiGatewayUrl":"http://10.77.1.20:5052","aiGatewayTimeoutSeconds":300,"duoAgentPlatformServiceUrl":"10.77.1.20:50052","selfHostedDuoAgentPlatformServiceSecure":false}""")]
    public async Task Fields_that_this_version_lacks_are_not_sent(string fields, string sent)
    {
        var spec = SampleSpec.Aws(ollama: "{ models: [\"gpt-oss:20b\"] }").Replace("duo: {", "duo: { features: [code_completions, duo_agent_platform],", StringComparison.Ordinal);
        var (run, asked) = await DuoVm.RunAsync(new() { ["fields"] = new JsonArray([.. fields.Split(' ').Select(f => JsonValue.Create(f))]) }, spec: spec);
        run.Require();
        Assert.Equal($$"""{"input":{{sent}}}""", DuoVm.Variables(asked, "settings").Single().GetRawText());
    }

    [Fact]
    public async Task Others_stay_as_they_are_where_the_spec_lets_them()
    {
        var (run, asked) = await DuoVm.RunAsync(others: ("duo_only_self_hosted", "false"));
        run.Require();
        Assert.All(DuoVm.Variables(asked, "map"), v => Assert.Equal("SELF_HOSTED", v.GetProperty("input").GetProperty("provider").GetString()));
    }

    [Fact]
    public void Old_versions_are_left_to_a_person() => Assert.Equal(("false", "true"), (
        DuoVm.Values(DuoVm.Spec.Replace("  tls:", "  version: 17.7.0\n  tls:", StringComparison.Ordinal) + "gateway: { image: gitlab/model-gateway:self-hosted-v17.7.0-ee }\n")["duo"],
        DuoVm.Values(DuoVm.Spec)["duo"]));
}
