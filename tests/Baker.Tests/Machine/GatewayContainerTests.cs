using System.Text.Json.Nodes;
using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>The container: when it starts, what it is started with, whom it believes, and what starts it anew.</summary>
[Collection(RunningGateway.Name)]
public class GatewayContainerTests(RunningGateway running)
{
    private const string Container = "gitlab-aigw";

    [Fact]
    public async Task It_is_held_back_until_GitLab_has_keys_and_the_model_is_listed()
    {
        await running.ReadyAsync();

        Assert.Equal([("gitlab", false), ("gitlab", false), ("model-server", false)], running.Waits);
    }

    [Fact]
    public async Task A_token_that_GitLab_signed_gets_an_answer_of_the_model_and_no_other_does()
    {
        var gateway = await running.ReadyAsync();

        Assert.Equal("200 \"mistral:instruct answers\"", await gateway.CheckAsync(await gateway.TokenAsync("first")));
        Assert.Equal("""401 {"error": "Forbidden by auth provider"}""", await gateway.CheckAsync(await gateway.TokenAsync("stranger")));
        Assert.Equal("""421 {"detail": "404: Not Found"}""", await gateway.CheckAsync(await gateway.TokenAsync("first"), $"http://{GatewayLab.Models}:11434"));
    }

    [Fact]
    public async Task An_offline_licence_sends_it_nowhere_but_to_GitLab()
    {
        var gateway = await running.ReadyAsync();
        var environment = (await InspectAsync(gateway, "{{range .Config.Env}}{{println .}}{{end}}")).Split('\n');

        Assert.Contains("AIGW_GITLAB_URL=https://gitlab.lab.test", environment);
        Assert.Contains("AIGW_GITLAB_API_URL=https://gitlab.lab.test/api/v4/", environment);
        Assert.Contains("AIGW_CUSTOMER_PORTAL_URL=https://gitlab.lab.test", environment);
        Assert.Contains("DUO_WORKFLOW_AUTH__OIDC_CUSTOMER_PORTAL_URL=https://gitlab.lab.test", environment);
        Assert.DoesNotContain(environment, e => e.StartsWith("AIGW_AUTH__BYPASS", StringComparison.Ordinal));
        Assert.DoesNotContain(await gateway.Machine.LogAsync(), r => r.Site == "portal");
    }

    [Fact]
    public async Task Systemd_alone_starts_it_and_its_log_has_a_limit()
    {
        var gateway = await running.ReadyAsync();

        Assert.Equal("no local [no-new-privileges] aigateway false", await InspectAsync(gateway,
            "{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.LogConfig.Type}} {{.HostConfig.SecurityOpt}} {{.Config.User}} {{.HostConfig.Privileged}}"));
        Assert.Contains("\"log-opts\":{\"max-size\":\"10m\",\"max-file\":\"3\"}", gateway.Machine.Read("/etc/docker/daemon.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_has_no_capability_and_cannot_take_all_memory_or_processes_of_the_machine()
    {
        var gateway = await running.ReadyAsync();

        // What the kernel holds its first process to, and what Docker was told.
        var process = (await InspectAsync(gateway, "{{.State.Pid}}")).Trim();
        var status = gateway.Machine.Read($"/proc/{process}/status").Split('\n');
        Assert.All(["CapPrm", "CapEff", "CapBnd", "CapAmb"], set => Assert.Contains($"{set}:\t0000000000000000", status));
        Assert.Contains("NoNewPrivs:\t1", status);
        // The lab's kernel has no controller of memory and processes in its control groups: what Docker is told is what can be seen.
        var told = (await gateway.ShellAsync("tr '\\0' ' ' </proc/$(systemctl show -P MainPID ai-gateway)/cmdline")).Require();
        var all = long.Parse(gateway.Machine.Read("/proc/meminfo").Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains($"--pids-limit 2048 --memory {all * 7 / 8}k --memory-swap {all * 7 / 8}k ", told, StringComparison.Ordinal);
        Assert.Equal("200 \"mistral:instruct answers\"", await gateway.CheckAsync(await gateway.TokenAsync("first")));
    }

    [Fact]
    public async Task Other_keys_of_GitLab_start_it_anew_and_a_silent_GitLab_does_not()
    {
        var gateway = await running.ReadyAsync();
        var before = await InspectAsync(gateway, "{{.Id}}");
        await gateway.Machine.FaultAsync("gitlab", "*", "status", times: -1);
        (await gateway.Machine.RunAsync("systemctl", "start", "baker-jwks")).Require();
        Assert.Equal(before, await InspectAsync(gateway, "{{.Id}}"));

        await gateway.Machine.ClearAsync();
        await gateway.Machine.SetAsync(new() { ["gitlab_keys"] = new JsonArray("second") });
        (await gateway.Machine.RunAsync("systemctl", "start", "baker-jwks")).Require();
        await AnotherAsync(gateway, before);

        Assert.Equal("200 \"mistral:instruct answers\"", await gateway.CheckAsync(await gateway.TokenAsync("second")));
        Assert.StartsWith("401 ", await gateway.CheckAsync(await gateway.TokenAsync("first")), StringComparison.Ordinal);
        await BackAsync(gateway);
    }

    [Fact]
    public async Task A_container_that_ends_or_loses_its_power_comes_back_and_believes_GitLab()
    {
        var gateway = await running.ReadyAsync();
        var before = await InspectAsync(gateway, "{{.Id}}");
        await gateway.Machine.RunAsync("docker", "kill", Container);
        await AnotherAsync(gateway, before);

        await gateway.Machine.CrashAsync();
        var now = (await gateway.Machine.RunAsync("cat", "/proc/sys/kernel/random/boot_id")).Require().Trim();
        await gateway.Machine.UntilAsync(s => s.State == "ready" && s.Boot == now, 180);
        Assert.Equal("200 \"mistral:instruct answers\"", await gateway.CheckAsync(await gateway.TokenAsync("first")));
    }

    [Fact]
    public async Task A_second_start_of_the_runner_leaves_it_alone()
    {
        var gateway = await running.ReadyAsync();
        var before = await InspectAsync(gateway, "{{.Id}}");
        var stamps = await StampsAsync(gateway);
        await gateway.BecomeAsync(gateway.Spec());

        Assert.Equal(before, await InspectAsync(gateway, "{{.Id}}"));
        Assert.Equal(stamps, await StampsAsync(gateway));
    }

    [Fact]
    public async Task Another_image_runs_its_steps_alone_and_the_one_before_is_removed()
    {
        var gateway = await running.ReadyAsync();
        var stamps = await StampsAsync(gateway);
        await gateway.BecomeAsync(gateway.Spec($":{GatewayLab.OlderTag}@{gateway.DigestOf(GatewayLab.OlderTag)}"));
        var after = await StampsAsync(gateway);

        Assert.Equal(gateway.ImageOf(GatewayLab.OlderTag), await InspectAsync(gateway, "{{.Config.Image}}"));
        Assert.Equal(gateway.DigestOf(GatewayLab.OlderTag), (await gateway.Machine.RunAsync("docker", "image", "ls", "--digests", "--format", "{{.Digest}}")).Require().Trim());
        Assert.Equal(["container", "gateway-image", "unused-images"], after.Except(stamps).Select(s => s.Split(' ')[0]));

        await gateway.BecomeAsync(gateway.Spec());
        Assert.Equal(gateway.Image, await InspectAsync(gateway, "{{.Config.Image}}"));
    }

    private static async Task<string> InspectAsync(GatewayLab gateway, string format) =>
        (await gateway.Machine.RunAsync("docker", "inspect", "-f", format, Container)).Require().Trim();

    private static async Task<string[]> StampsAsync(GatewayLab gateway) =>
        (await gateway.Machine.RunAsync("bash", "-c", "cd /var/lib/baker/steps && for s in *; do echo \"$s $(tr '\\n' ' ' <$s)\"; done")).Require().TrimEnd().Split('\n');

    // As it was for whoever comes next.
    private static async Task BackAsync(GatewayLab gateway)
    {
        await gateway.Machine.SetAsync(new() { ["gitlab_keys"] = new JsonArray("first") });
        (await gateway.Machine.RunAsync("systemctl", "restart", "ai-gateway")).Require();
        await gateway.HealthyAsync();
    }

    private static async Task AnotherAsync(GatewayLab gateway, string before)
    {
        for (var i = 0; i < 300 && (await gateway.Machine.RunAsync("docker", "inspect", "-f", "{{.Id}}", Container)).Out.Trim() is var id && (id.Length == 0 || id == before); i++)
            await Task.Delay(200, TestContext.Current.CancellationToken);
        await gateway.HealthyAsync();
        Assert.NotEqual(before, await InspectAsync(gateway, "{{.Id}}"));
    }
}
