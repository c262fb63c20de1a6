using System.Text.Json.Nodes;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Stack.Duo;

/// <summary>What GitLab's console is made to do: in order, once, with the right sentence when it cannot.</summary>
public class DuoConsoleTests
{
    private const string Fresh = "setting token known settings create map map map person seat status check revoke";

    [Fact]
    public async Task A_fresh_GitLab_is_set_up_in_order()
    {
        var (run, asked) = await DuoVm.RunAsync(licence: "an-activation-code");
        Assert.Equal("licensed\nleft", run.Require().Replace(" ", "", StringComparison.Ordinal).Trim());
        Assert.Equal(Fresh.Replace("token", "token activate", StringComparison.Ordinal), DuoVm.Names(asked));
        Assert.Equal("""{"code":"an-activation-code"}""", DuoVm.Variables(asked, "activate").Single().GetRawText());
        Assert.Equal("""{"input":{"aiGatewayUrl":"http://10.77.1.20:5052","aiGatewayTimeoutSeconds":300}}""", DuoVm.Variables(asked, "settings").Single().GetRawText());
        Assert.Equal(
            """{"input":{"name":"mistral:instruct on eu-central-1","model":"MISTRAL","endpoint":"http://10.77.1.30:11434/v1","identifier":"custom_openai/mistral:instruct","provider":"API","apiToken":"ollama"}}""",
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
        { """{"errors":{"activate":["CONNECTIVITY_ERROR"]}}""", 6, "duo: the licence portal is not reached\ngitlab: CONNECTIVITY_ERROR", "setting token activate revoke" },
        { """{"errors":{"activate":["INVALID_CODE"]}}""", 3, "duo: the licence portal does not take this activation code\ngitlab: INVALID_CODE", "setting token activate revoke" },
        { """{"errors":{"activate":["an-activation-code is used up"]}}""", 3, "gitlab: [secret] is used up", "setting token activate revoke" },
        { """{"refuses":{"settings":"You don't have permission"}}""", 5, "duo: GitLab refuses `settings`\ngitlab: You don't have permission", "setting token activate known settings revoke" },
        { """{"errors":{"map":["CODE_GENERATIONS is incompatible"]}}""", 5, "is incompatible", "setting token activate known settings create map revoke" },
        { """{"errors":{"seat":["NO_SEATS_AVAILABLE"]}}""", 4, "duo: no seat is free\ngitlab: root: NO_SEATS_AVAILABLE", "setting token activate known settings create map map map person seat status check revoke" },
        { """{"errors":{"seat":["INVALID_USER_MEMBERSHIP"]}}""", 4, "duo: GitLab gives somebody no seat\ngitlab: root: INVALID_USER_MEMBERSHIP", "setting token activate known settings create map map map person seat status check revoke" },
        { """{"answers_at":9}""", 8, "gitlab: Net::ReadTimeout", "setting token activate known settings create map map map person seat status check sleep check sleep check sleep check sleep check revoke" },
        { """{"lost_token":true}""", 7, "duo: GitLab answers HTTP 401 to `activate`", "setting token activate revoke" },
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

    [Theory]
    [InlineData("{}", "no licence is in use", true)]
    [InlineData("""{"plan":"premium","offline":true,"add_ons":["DUO_CORE"]}""", "premium, offline, add-ons: DUO_CORE. An offline licence needs GitLab Duo Enterprise or GitLab Duo Agent Platform Self-Hosted")]
    [InlineData("""{"plan":"starter","add_ons":[]}""", "starter, add-ons: none. It needs Premium or Ultimate")]
    public async Task A_licence_is_too_small_only_where_GitLab_says_so(string scenario, string sentence, bool hasExpired = false)
    {
        var gitLab = JsonNode.Parse(scenario)!.AsObject();
        (gitLab["not_allowed"], gitLab["expired"]) = (true, hasExpired);
        var (run, asked) = await DuoVm.RunAsync(gitLab);
        Assert.Equal((3, "setting token known revoke"), (run.Code, DuoVm.Names(asked)));
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("licensed", run.Out, StringComparison.Ordinal);
    }

    /// <summary>Seats: only with an add-on that has any, the larger one where there are two.</summary>
    [Theory]
    [InlineData("""["DUO_CORE","GITLAB_CREDITS"]""", "")]
    [InlineData("""["SELF_HOSTED_DAP"]""", "")]
    [InlineData("""[]""", "")]
    [InlineData("""["CODE_SUGGESTIONS","DUO_CORE"]""", "CODE_SUGGESTIONS")]
    [InlineData("""["CODE_SUGGESTIONS","DUO_ENTERPRISE"]""", "DUO_ENTERPRISE")]
    public async Task A_licence_without_seats_is_as_good(string addOns, string expected)
    {
        var (run, asked) = await DuoVm.RunAsync(new() { ["add_ons"] = JsonNode.Parse(addOns) });
        run.Require();
        Assert.Equal(expected.Length == 0 ? Fresh.Replace("person seat ", "", StringComparison.Ordinal) : Fresh, DuoVm.Names(asked));
        Assert.Equal(expected.Length == 0 ? [] : [$"gid://gitlab/GitlabSubscriptions::AddOnPurchase/{expected.Length}"], DuoVm.Variables(asked, "seat").Select(v => v.GetProperty("addOn").GetString()!));
    }

    [Fact]
    public async Task A_person_who_is_not_there_yet_is_a_note_and_holds_up_nothing()
    {
        var (run, asked) = await DuoVm.RunAsync(others: ("duo_seats", "alice root bob"));
        Assert.EndsWith("left alice bob\n", run.Require(), StringComparison.Ordinal);
        Assert.Contains("duo: note: no user yet: alice bob. They get a seat when they have signed in", run.Error, StringComparison.Ordinal);
        Assert.Equal("setting token known settings create map map map person person seat person status check revoke", DuoVm.Names(asked));
    }

    [Fact]
    public async Task Seats_are_left_alone_where_the_spec_says_so()
    {
        var (run, asked) = await DuoVm.RunAsync(spec: DuoVm.Spec.Replace("duo: {", "duo: { seats: from_gitlab,", StringComparison.Ordinal));
        run.Require();
        Assert.Equal(Fresh.Replace("person seat ", "", StringComparison.Ordinal), DuoVm.Names(asked));
    }

    private const string Portal = """{"name":"host_probe","success":false,"message":"","errors":["customers.gitlab.com connection failed"]}""";
    private const string Runner = """{"name":"compatible_runner_probe","success":false,"message":"No instance runner with the 'gitlab--duo' tag is registered."}""";
    private const string Cloud = """{"name":"duo_agent_platform_probe","success":false,"message":"The cloud-connected GitLab Duo Agent Platform service at a:443 is not reachable."}""";
    private const string Own = """{"name":"duo_agent_platform_probe","success":false,"message":"The self-hosted GitLab Duo Agent Platform service at 10.77.1.20:50052 is not reachable."}""";
    private const string Older = """{"name":"duo_agent_platform_probe","success":false,"message":"GitLab Duo Workflow Service at 10.77.1.20:50052 is not operational."}""";
    private const string Unknown = """{"name":"unheard_of_probe","success":false,"message":"Unheard of.","errors":[]}""";
    private const string Licence = """{"name":"code_suggestions_license_probe","success":false,"message":"License does not provide access to Code Suggestions."}""";

    /// <summary>GitLab's own check: by name and kind, and what nobody knows is a note.</summary>
    [Theory]
    [InlineData("[" + Portal + "," + Runner + "," + Cloud + "," + Unknown + "]", "mistral:instruct", 0)]
    [InlineData("[" + Own + "]", "mistral:instruct", 0)]
    [InlineData("[" + Runner + "," + Own + "]", "gpt-oss:20b", 5)]
    [InlineData("[" + Older + "]", "gpt-oss:20b", 5)]
    [InlineData("[" + Runner + "," + Cloud + "," + Unknown + "]", "gpt-oss:20b", 0)]
    [InlineData("[" + Licence + "]", "mistral:instruct", 5)]
    [InlineData("""[{"name":"host_probe","success":false,"message":"10.77.1.20 connection failed: no route."}]""", "mistral:instruct", 5)]
    [InlineData("""[{"name":"ai_gateway_url_presence_probe","success":false,"message":"not set"}]""", "mistral:instruct", 5)]
    public async Task Probes_count_where_the_stack_needs_what_they_look_at(string probes, string model, int code)
    {
        var list = JsonNode.Parse(probes)!.AsArray();
        var spec = SampleSpec.Aws(ollama: $"{{ models: [\"{model}\"] }}");
        if (model.StartsWith("gpt", StringComparison.Ordinal))
            spec = spec.Replace("duo: {", "duo: { features: [code_completions, duo_agent_platform],", StringComparison.Ordinal);
        var (run, _) = await DuoVm.RunAsync(new() { ["status"] = new JsonObject { ["success"] = false, ["probeResults"] = list } }, spec: spec);
        Assert.Equal(code, run.Code);
        foreach (var probe in list)
            Assert.Contains((string)probe!["name"]!, run.Error, StringComparison.Ordinal);
        if (code == 0)
            Assert.Equal(list.Count, run.Error.Split("duo: note: GitLab's own check, not needed here: ").Length - 1);
        else
            Assert.Contains("duo: GitLab's own check of Duo fails\ngitlab: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seat_that_root_has_not_got_is_no_trouble_of_the_licence()
    {
        var status = JsonNode.Parse($$"""{"success":false,"probeResults":[{{Licence}}]}""");
        (await DuoVm.RunAsync(new() { ["status"] = status, ["add_ons"] = new JsonArray("SELF_HOSTED_DAP") })).Run.Require();
    }

    [Theory]
    [InlineData("17.9", "CODE_COMPLETIONS DUO_CHAT", "review_merge_request_dap duo_agent_platform")]
    [InlineData("18.9", "CODE_COMPLETIONS DUO_CHAT DUO_AGENT_PLATFORM", "review_merge_request_dap")]
    [InlineData("19.4", "CODE_COMPLETIONS DUO_CHAT,REVIEW_MERGE_REQUEST_DAP DUO_AGENT_PLATFORM", null)]
    [InlineData("newer", "CODE_COMPLETIONS DUO_CHAT,REVIEW_MERGE_REQUEST_DAP DUO_AGENT_PLATFORM", null)]
    public async Task Features_that_this_version_lacks_are_a_note(string schema, string mapped, string? unknown)
    {
        var (run, asked) = await DuoVm.RunAsync(schema: schema, others: [("duo_features", "CODE_COMPLETIONS DUO_CHAT REVIEW_MERGE_REQUEST_DAP DUO_AGENT_PLATFORM"), ("duo_only_self_hosted", "false")]);
        run.Require();
        var sent = DuoVm.Variables(asked, "map").Select(v => v.GetProperty("input")).Select(i => i.TryGetProperty("feature", out var one) ? one.GetString() : string.Join(',', i.GetProperty("features").EnumerateArray().Select(f => f.GetString())));
        Assert.Equal(mapped, string.Join(' ', sent));
        Assert.Equal(unknown is not null, run.Error.Contains($"duo: note: this GitLab does not know: {unknown}\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("duo_features", "SECURITY_REVIEW", "duo: this GitLab knows none of security_review: duo.features needs others")]
    [InlineData("duo_model", """'{"name":"a","model":"QWEN","endpoint":"b"}'""", "duo: this GitLab knows no models of family qwen: write another in duo.family, of claude_3 codegemma")]
    public async Task What_this_version_has_nothing_of_is_said_with_what_it_has(string name, string value, string sentence)
    {
        var (run, _) = await DuoVm.RunAsync(schema: "18.9", others: (name, value.Trim('\'')));
        Assert.Equal(5, run.Code);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agents_that_the_licence_does_not_cover_are_about_the_licence()
    {
        var (run, _) = await DuoVm.RunAsync(new() { ["refuses_for"] = "DUO_AGENT_PLATFORM" }, others: ("duo_features", "CODE_COMPLETIONS DUO_AGENT_PLATFORM"));
        Assert.Equal(3, run.Code);
        Assert.Contains("duo: GitLab does not let agents use this model. An offline licence needs GitLab Duo Agent Platform Self-Hosted", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_licence_file_brings_its_add_ons_at_once_and_is_entered_once()
    {
        var file = new string('x', 400);
        var (run, asked) = await DuoVm.RunAsync(licence: file + "\n");
        run.Require();
        Assert.StartsWith("setting licence token known", DuoVm.Names(asked), StringComparison.Ordinal);
        foreach (var provision in new[] { "AddOns", "Duo" })
        {
            (run, asked) = await DuoVm.RunAsync(new() { ["licences"] = new JsonArray(file + "\n"), ["provision"] = provision }, file);
            run.Require();
            Assert.StartsWith("setting provision token known", DuoVm.Names(asked), StringComparison.Ordinal);
        }
        // A name that neither has is no trouble: GitLab does it at night.
        (run, _) = await DuoVm.RunAsync(new() { ["licences"] = new JsonArray(file + "\n"), ["provision"] = "Another" }, file);
        run.Require();
        (run, asked) = await DuoVm.RunAsync(new() { ["bad_file"] = true }, file);
        Assert.Equal((3, "setting licence"), (run.Code, DuoVm.Names(asked)));
        Assert.Contains("duo: GitLab does not take this licence file\ngitlab: This license has expired", run.Error, StringComparison.Ordinal);
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

    /// <summary>Before 19.3 GitLab's check needs completions: without them it proves nothing.</summary>
    [Theory]
    [InlineData(true, "DUO_CHAT", 0)]
    [InlineData(true, "CODE_COMPLETIONS", 8)]
    [InlineData(false, "DUO_CHAT", 8)]
    public async Task Without_completions_an_older_GitLab_cannot_check_the_model(bool blind, string features, int code)
    {
        var (run, asked) = await DuoVm.RunAsync(new() { ["answers_at"] = 9, ["blind"] = blind }, others: ("duo_features", features));
        Assert.Equal((code, code == 0), (run.Code, run.Error.Contains("duo: note: this GitLab cannot check a model", StringComparison.Ordinal)));
        Assert.DoesNotContain(asked, a => a.StartsWith("probe", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("17.9", """{"aiGatewayUrl":"http://10.77.1.20:5052"}""")]
    [InlineData("18.9", """{"aiGatewayUrl":"http://10.77.1.20:5052","aiGatewayTimeoutSeconds":300,"duoAgentPlatformServiceUrl":"10.77.1.20:50052"}""")]
    [InlineData("19.4", """{"aiGatewayUrl":"http://10.77.1.20:5052","aiGatewayTimeoutSeconds":300,"duoAgentPlatformServiceUrl":"10.77.1.20:50052","selfHostedDuoAgentPlatformServiceSecure":false}""")]
    public async Task Fields_that_this_version_lacks_are_not_sent(string schema, string sent)
    {
        var spec = SampleSpec.Aws(ollama: "{ models: [\"gpt-oss:20b\"] }").Replace("duo: {", "duo: { features: [code_completions, duo_agent_platform],", StringComparison.Ordinal);
        var (run, asked) = await DuoVm.RunAsync(spec: spec, schema: schema);
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
