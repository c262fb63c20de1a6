using Xunit;

namespace Baker.Tests.Machine;

/// <summary>Duo on a GitLab VM: it waits for licence and gateway, says what is wrong, goes on by itself, and makes nothing twice.</summary>
public class GitLabDuoTests
{
    internal const string Code = "LAB-c4nary-1";
    private const string Stamp = "/var/lib/baker/steps/duo";
    private const string Database = "/var/opt/gitlab/postgresql/data/gitlabhq_production.json";
    private const string Log = "/var/log/baker-duo.log";
    private const string Faults = "/var/lib/gitlab-lab/faults";

    internal const string State = """
        d = Gitlab::Rails.database
        puts [d.rows('licenses').size, d.rows('add_on_assignments').size, d.rows('self_hosted_models').map { |m| m['identifier'] }.join,
              d.rows('feature_settings').select { |f| f['provider'] == 'self_hosted' }.map { |f| f['feature'] }.sort.join(','),
              d.rows('feature_settings').select { |f| f['provider'] == 'disabled' }.map { |f| f['feature'] }.sort.join(','),
              d.rows('ai_settings').first.values_at('aiGatewayTimeoutSeconds').join, d.rows('personal_access_tokens').count { |t| !t['revoked'] },
              ApplicationSetting.current.disabled_direct_code_suggestions].join(' ')
        """;

    internal const string SetUp =
        "1 custom_openai/mistral:instruct code_completions,code_generations,duo_chat "
        + "duo_agent_platform,duo_agent_platform_agentic_chat,duo_developer,feature_discovery_search,resolve_dependency_bump,review_merge_request,review_merge_request_dap,security_review 300 0 true";

    [Fact]
    public async Task It_is_set_up_as_soon_as_it_can_be()
    {
        await using var vm = await GitLabVm.StartAsync();
        var machine = vm.Machine;
        await vm.BootAsync(vm.Spec("  license: { activation_code: { vm_file: /root/licence } }\n"));

        await machine.UntilAsync(s => s is { State: "waiting", Reason: "licence" }, 300);
        // The gateway needs no more than this, and must not wait for it.
        Assert.EndsWith("\n200", (await vm.PageAsync("/oauth/discovery/keys")).Require(), StringComparison.Ordinal);
        await vm.PutAsync("/root/licence", "NOT-A-CODE\n");
        await machine.UntilAsync(s => s is { State: "waiting", Reason: "gateway" });
        await GatewayDouble.StartAsync(machine);
        await machine.UntilAsync(s => s is { State: "failed", Reason: "licence" });

        await machine.HeardAsync("\"note\":\"INVALID_CODE");

        (await machine.FeedAsync("LAB-STARTER\n", "baker-activate")).Require();
        await machine.UntilAsync(s => s is { State: "failed", Reason: "licence" } && machine.Read(Database).Contains("STARTER", StringComparison.Ordinal));
        Assert.Contains("duo: this licence does not allow models of one's own: starter, add-ons: none. It needs Premium or Ultimate", machine.Read(Log), StringComparison.Ordinal);
        Assert.Equal("600\n", (await machine.RunAsync("stat", "-c", "%a", Log)).Require());
        (await machine.RunAsync("sh", "-c", $"mkdir -p {Path.GetDirectoryName(Faults)} && echo portal-down >{Faults}")).Require();
        (await machine.FeedAsync(Code + "\n", "baker-activate")).Require();
        await machine.UntilAsync(s => s is { State: "retrying", Reason: "network" });
        (await machine.RunAsync("rm", Faults)).Require();
        await machine.ReadyAsync();
        Assert.Equal($"2 {SetUp}", await vm.RubyAsync(State));
        Assert.StartsWith("sha256:", machine.Read("/etc/gitlab/baker-licence"), StringComparison.Ordinal);
        Assert.DoesNotContain(Code, machine.Console + machine.Read(Log), StringComparison.Ordinal);
        Assert.Contains("duo: note: GitLab's own check, not needed here: compatible_runner_probe: No instance runner", machine.Read(Log), StringComparison.Ordinal);
        Assert.DoesNotContain(Code, (await machine.RunAsync("journalctl", "--no-pager")).Out, StringComparison.Ordinal);

        // The model is not there for a while; then all of it once more.
        await vm.PutAsync("/tmp/no-model", "");
        (await machine.RunAsync("sh", "-c", $"echo {Code} >/root/licence; rm {Stamp}; systemctl restart baker")).Require();
        await machine.UntilAsync(s => s is { State: "retrying", Reason: "model-server" }, 300);
        await machine.HeardAsync("\"note\":\"The self-hosted model server returned code 404");
        (await machine.RunAsync("rm", "/tmp/no-model")).Require();
        await machine.ReadyAsync();
        Assert.Equal($"2 {SetUp}", await vm.RubyAsync(State));
    }
}
