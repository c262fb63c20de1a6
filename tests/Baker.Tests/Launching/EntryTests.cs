using System.Text;
using Baker.Cli;
using Baker.Tests.Clouds.Live.Aws;
using Baker.Tests.Clouds.Live.Google;
using Baker.Tests.Rendering;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>The ways in that a cloud guards itself: opened by the spec, told by the page and by <c>status</c>, and gone with the stack.</summary>
public class EntryTests
{
    private const string Profiles = "gateway: { instance_profile: duo-gateway }\nollama: { instance_profile: duo-ollama }\n";

    [Fact]
    public async Task Identity_Aware_Proxy_has_a_rule_of_the_stack_for_each_VM()
    {
        using var account = new GoogleAccountFake();
        var empty = account.Inventory;
        var spec = account.Spec + "ssh: { iap: true }\n";
        await DoneAsync(account, spec, "launch", "--yes", "--no-wait");
        string[] Rules() => [.. account.Google.Compute.Things.Where(t => t.Kind == "firewalls" && t.Body.ToJsonString().Contains("35.235.240.0/20", StringComparison.Ordinal)).Select(t => t.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(["duo-gateway-22", "duo-gitlab-22", "duo-ollama-22"], Rules());
        Assert.Matches("into duo-gitlab by Identity-Aware Proxy: gcloud compute ssh --project my-project --zone asia-northeast1-[a-c] --tunnel-through-iap duo-gitlab\n", (await account.RunAsync(spec, "status")).Out);
        await DoneAsync(account, account.Spec, "launch", "--yes", "--no-wait");
        Assert.Empty(Rules());
        Assert.DoesNotContain("into duo-gitlab", (await account.RunAsync(account.Spec, "status")).Out, StringComparison.Ordinal);
        await DoneAsync(account, spec, "launch", "--yes", "--no-wait");
        await DoneAsync(account, spec, "destroy", "--yes", "--delete-data", "--release-address");
        Assert.Equal(empty, account.Inventory);
    }

    [Fact]
    public async Task Session_Manager_opens_no_port_and_is_told_for_each_VM()
    {
        using var account = new AwsFakeAccount();
        foreach (var profile in new[] { "duo-gateway", "duo-ollama" })
            account.Iam.Plant(profile);
        var spec = account.Spec + Profiles + "ssh: { session_manager: true }\n";
        await DoneAsync(account, spec, "launch", "--yes", "--no-wait");
        Assert.Matches("into duo-ollama by Session Manager: aws ssm start-session --region ap-northeast-1 --target i-[0-9a-f]+\n", (await account.RunAsync(spec, "status")).Out);
        Assert.DoesNotContain(ReviewMutationTests.Rendered("aws", Profiles + "ssh: { session_manager: true }").Plan.Access, a => a.Port == 22);
    }

    [Fact]
    public void The_page_has_the_policy_for_every_role_and_what_the_agent_calls()
    {
        var (_, artifacts) = ReviewMutationTests.Rendered("aws", Profiles + "ssh: { session_manager: true }");
        var page = Encoding.UTF8.GetString(artifacts.Files.Single(f => f.Path == "README.md").Bytes.Span);
        foreach (var role in new[] { "gitlab", "gateway", "ollama" })
        {
            Assert.Contains($"put-role-policy --role-name 'duo-{role}' --policy-name baker-session --policy-document '{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":[\"ssmmessages:", page, StringComparison.Ordinal);
            Assert.Contains($"| {role} | `ssmmessages.ap-northeast-1.amazonaws.com` | 443/tcp | always | Session Manager, by its agent on the VM |", page, StringComparison.Ordinal);
        }
        // Who reads no secret gets no policy for secrets.
        Assert.Contains("--role-name 'duo-gitlab' --policy-name baker-secrets", page, StringComparison.Ordinal);
        Assert.DoesNotContain("--role-name 'duo-ollama' --policy-name baker-secrets", page, StringComparison.Ordinal);
    }

    /// <summary>The agent knows no proxy of the spec: its way out is made.</summary>
    [Theory, InlineData("", false), InlineData("ssh: { session_manager: true }", true)]
    public void Its_agent_gets_a_way_out_that_no_proxy_is(string ssh, bool needsNat) =>
        Assert.Equal(needsNat, ReviewMutationTests.Rendered("aws", $"{Profiles}mirrors: {{ proxy: 'http://10.77.0.200:3128' }}\n{ssh}").Plan.Network.NeedsNat);

    private static async Task DoneAsync(FakeAccount account, string spec, params string[] command)
    {
        var run = await account.RunAsync(spec, command);
        Assert.True(run.Code == ExitCode.Done, run.Error);
    }
}
