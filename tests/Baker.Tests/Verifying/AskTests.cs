using System.Text.Json;
using System.Text.Json.Nodes;
using Baker.Cli;
using Xunit;

namespace Baker.Tests.Verifying;

/// <summary>A question in a user's name: asked once, answered or explained, and the token stays where it belongs.</summary>
public sealed class AskTests
{
    private const string Permission = "The resource that you are attempting to access does not exist or you don't have permission to perform this action";

    [Fact]
    public async Task A_question_is_asked_once_and_its_answer_printed()
    {
        var gitLab = new ChattyGitLab();
        await using var rig = await RigAsync(gitLab);
        var run = await rig.RunAsync("--ask", "What is a merge request?");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.EndsWith("✓ question              asked as root, answered\n\nA merge request proposes changes.\n", run.Out, StringComparison.Ordinal);
        Assert.Equal(["me", "ask", "said", "said", "said"], gitLab.Operations.Select(o => o.Split(' ')[0]));
        Assert.Equal("""ask {"question":"What is a merge request?","user":"gid://gitlab/User/1"}""", gitLab.Operations[1]);
        Assert.Equal("""said {"requests":["a3f1"],"roles":["ASSISTANT"],"thread":"gid://gitlab/Ai::Conversation::Thread/7"}""", gitLab.Operations[2]);
        // Whoever only looks needs no token.
        Assert.All(rig.Site.Asked.Where(r => !r.Line.Contains("/api/", StringComparison.Ordinal)), r => Assert.DoesNotContain(ChattyGitLab.Token, r.Head, StringComparison.Ordinal));
        var json = JsonDocument.Parse((await rig.RunAsync("--json", "--ask", "Why?")).Out).RootElement;
        Assert.Equal("A merge request proposes changes.", json.GetProperty("answer").GetString());
    }

    [Fact]
    public async Task Characters_that_steer_a_terminal_are_left_out_of_an_answer()
    {
        await using var rig = await RigAsync(new ChattyGitLab { Messages = Said("one\u001b]0;title\u0007\n\ttwo\u202e three\r\n") });
        var run = await rig.RunAsync("--ask", "Why?");
        Assert.EndsWith("\n\none]0;title\n\ttwo three\n", run.Out, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string, string> Refusals => new()
    {
        // Which request, what it gets, what is said, what to do.
        { "graphql", """401 {"errors":[{"message":"Invalid token"}]}""", "does not accept the token", "Access tokens" },
        { "graphql", """403 {"error":"insufficient_scope","error_description":"The request requires higher privileges"}""", "The request requires higher privileges", "scope api" },
        { "graphql", "200 <html>Welcome</html>", "not in JSON", "own URL" },
        { "graphql", "302 ", "sends elsewhere", "own URL" },
        { "graphql", "502 <html>Bad Gateway</html>", "HTTP 502", "the row of the GitLab VM" },
        { "graphql", """429 {"message":"Too many"}""", "asked too often", "wait a minute" },
        { "currentUser", """200 {"data":{"answer":null}}""", "does not accept the token", "Access tokens" },
        { "aiAction", $$$"""200 {"errors":[{"message":"{{{Permission}}}"}],"data":{"answer":null}}""", "you don't have permission", "duo.seats" },
        { "aiAction", """200 {"errors":[{"message":"Field 'aiAction' doesn't exist on type 'Mutation'"}]}""", "doesn't exist on type", "gitlab.version" },
        { "aiAction", """200 {"data":{"answer":{"requestId":null,"threadId":null,"errors":["This endpoint has been requested too many times."]}}}""", "too many times", "gitlab-ctl tail" },
        { "aiMessages", """200 {"data":{"answer":{"nodes":[{"content":"","errors":["A1003: the stream broke"]}]}}}""", "A1003", "ask once more" },
        { "aiMessages", """200 {"data":{"answer":{"nodes":[{"content":"I'm sorry, I can't generate a response. Please try again. Error code: [A1001](https://docs.example)","errors":[]}]}}}""", "A1001", "journalctl -u ai-gateway" },
    };

    [Theory, MemberData(nameof(Refusals))]
    public async Task A_refusal_is_said_with_its_cause_and_what_to_do(string request, string reply, string says, string next)
    {
        var gitLab = new ChattyGitLab();
        var (status, body) = (int.Parse(reply[..3], System.Globalization.CultureInfo.InvariantCulture), reply[4..]);
        gitLab.Instead[request] = new SiteReply(status, body, Location: status == 302 ? "https://elsewhere.test/" : null);
        await using var rig = await RigAsync(gitLab);
        var run = await rig.RunAsync("--ask", "Why?");
        Assert.Equal(ExitCode.Refused, run.Code);
        var row = run.Out[run.Out.IndexOf("✗ question", StringComparison.Ordinal)..];
        Assert.Contains(says, row, StringComparison.Ordinal);
        Assert.Contains(next, row, StringComparison.Ordinal);
        Assert.DoesNotContain(ChattyGitLab.Token, run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_never_comes_is_given_up_and_asked_for_no_second_time()
    {
        var gitLab = new ChattyGitLab { AnswersAtLook = int.MaxValue };
        await using var rig = await RigAsync(gitLab);
        var run = await rig.RunAsync("--ask", "Why?");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("no answer within 330 s", run.Out, StringComparison.Ordinal);
        Assert.Single(gitLab.Operations, o => o.StartsWith("ask ", StringComparison.Ordinal));
        Assert.Equal(165, gitLab.Operations.Count(o => o.StartsWith("said ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("unknown authority")]
    [InlineData("other name")]
    [InlineData("expired")]
    [InlineData("nobody there")]
    public async Task The_token_goes_to_nobody_whose_certificate_is_not_good(string site)
    {
        await using var rig = await VerifyRig.StartAsync();
        rig.Variables["GITLAB_TOKEN"] = ChattyGitLab.Token;
        if (site != "nobody there")
        {
            rig.Serve(new ChattyGitLab().AnswerAsync, certificate: site switch
            {
                "other name" => rig.Authority.Issue("shop.example.com"),
                "expired" => rig.Authority.Issue(VerifyRig.Host, until: rig.Time.GetUtcNow().AddDays(-1)),
                _ => null,
            });
        }
        var run = await rig.RunAsync(trusts: site != "unknown authority", "--ask", "Why?", "--create-group");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("✗ question              not asked: the token is sent over a good certificate only", run.Out, StringComparison.Ordinal);
        Assert.Contains("✗ test group            not asked", run.Out, StringComparison.Ordinal);
        if (site != "nobody there")
            Assert.All(rig.Site.Asked, r => Assert.DoesNotContain(ChattyGitLab.Token, r.Head + r.Body, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\r\nX-Evil: 1")]
    public async Task Without_a_token_nothing_is_looked_at_and_it_is_said_how_to_make_one(string? token)
    {
        await using var rig = await VerifyRig.StartAsync();
        if (token is not null)
            rig.Variables["GITLAB_TOKEN"] = token;
        var run = await rig.RunAsync("--ask", "Why?");
        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Out));
        Assert.Contains("personal access token in GITLAB_TOKEN", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_question_is_no_question()
    {
        await using var rig = await VerifyRig.StartAsync();
        Assert.Equal(ExitCode.Usage, (await rig.RunAsync("--ask", " ")).Code);
    }

    [Fact]
    public async Task A_test_group_is_made_once_and_only_when_it_is_asked_for()
    {
        var gitLab = new ChattyGitLab();
        await using var rig = await RigAsync(gitLab);
        Assert.Equal(ExitCode.Done, (await rig.RunAsync()).Code);
        Assert.Empty(gitLab.Operations);
        Assert.Contains("✓ test group            https://gitlab.example.com/groups/baker-test: made", (await rig.RunAsync("--create-group")).Out, StringComparison.Ordinal);
        var again = await rig.RunAsync("--create-group");
        Assert.Equal(ExitCode.Done, again.Code);
        Assert.Contains("groups/baker-test: is there", again.Out, StringComparison.Ordinal);
        Assert.Single(gitLab.Operations, o => o.StartsWith("POST", StringComparison.Ordinal));
        // Not to be seen by this user, and there all the same.
        gitLab.Instead["GET /api/v4/groups"] = new SiteReply(404, """{"message":"404 Group Not Found"}""");
        var hidden = await rig.RunAsync("--create-group");
        Assert.Equal(ExitCode.Refused, hidden.Code);
        Assert.Contains("has already been taken", hidden.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_a_server_repeats_the_token_is_never_printed()
    {
        const string Token = ChattyGitLab.Token;
        // As it is, and with every character escaped as JSON may.
        foreach (var text in new[] { Token, string.Concat(Token.Select(c => $"\\u{(int)c:x4}")), new string('x', 290) + Token })
        {
            foreach (var (request, body) in new[]
            {
                ("graphql", $$$$"""{"errors":[{"message":"{{{{text}}}}"}]}"""), ("graphql", $$$$"""{"errors":["{{{{text}}}}"]}"""), ("graphql", $"\"{text}\""), ("graphql", text),
                ("graphql", $$$$"""{"message":"{{{{text}}}}","error_description":{"a":["{{{{text}}}}"]}}"""), ("currentUser", $$$$"""{"data":{"answer":{"id":"1","username":"{{{{text}}}}"}}}"""),
                ("aiAction", $$$$"""{"data":{"answer":{"requestId":"{{{{text}}}}","errors":["{{{{text}}}}"]}}}"""),
                ("aiMessages", $$$$"""{"data":{"answer":{"nodes":[{"content":"{{{{text}}}}","errors":[]}]}}}"""), ("aiMessages", $$$$"""{"data":{"answer":{"nodes":[{"content":"","errors":["{{{{text}}}}"]}]}}}"""),
                ("groups", $$$$"""{"web_url":"{{{{text}}}}"}"""), ("groups", $$$$"""{"message":{"path":["{{{{text}}}} taken"]}}"""),
            })
            {
                foreach (var status in new[] { 200, 403 })
                {
                    var gitLab = new ChattyGitLab { AnswersAtLook = 1 };
                    gitLab.Instead[request] = new SiteReply(status, body);
                    await using var rig = await RigAsync(gitLab, launched: false);
                    foreach (var form in status == 200 ? new[] { Array.Empty<string>(), ["--json"] } : [[]])
                    {
                        var run = await rig.RunAsync([.. form, "--ask", "Why?", "--create-group"]);
                        var printed = run.Out + run.Error;
                        Assert.DoesNotContain(Token, printed, StringComparison.Ordinal);
                        Assert.DoesNotContain("c4nary", printed, StringComparison.Ordinal);
                        Assert.True(run.Code is ExitCode.Done or ExitCode.Refused, printed);
                    }
                }
            }
        }
    }

    private static JsonArray Said(string content) => [new JsonObject { ["content"] = content, ["errors"] = new JsonArray() }];

    private static async Task<VerifyRig> RigAsync(ChattyGitLab gitLab, bool launched = true)
    {
        var rig = await VerifyRig.StartAsync(launched: launched);
        rig.Variables["GITLAB_TOKEN"] = ChattyGitLab.Token;
        rig.Serve(gitLab.AnswerAsync);
        return rig;
    }
}
