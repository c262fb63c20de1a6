using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>Two services are in the container, and it outlives either. Each is ended alone, or hangs: it comes back, and the console says what was wrong.</summary>
[Collection(RunningGateway.Name)]
public class GatewayServicesTests(RunningGateway running)
{
    private const string Agents = "duo: { family: gpt, features: [code_completions, duo_chat, duo_agent_platform] }";

    [Theory]
    [InlineData("serve", "KILL", 5052)]
    [InlineData("agent", "KILL", 50052)]
    public async Task A_service_that_ends_alone_comes_back(string service, string signal, int port)
    {
        var gateway = await running.ReadyAsync();
        await gateway.BecomeAsync(gateway.Spec(more: Agents));
        Assert.Equal(["agent", "serve"], await ServicesAsync(gateway));
        Assert.Equal("", (await gateway.ShellAsync(Health)).Require());

        var said = gateway.Machine.Said.Count();
        (await gateway.ShellAsync($"kill -{signal} $({Process(service)})")).Require();
        Assert.StartsWith($"{port} ", (await gateway.ShellAsync(Health)).Out, StringComparison.Ordinal);
        // The container goes on.
        Assert.Equal("true", (await gateway.Machine.RunAsync("docker", "inspect", "-f", "{{.State.Running}}", "gitlab-aigw")).Out.Trim());
        await gateway.Machine.UntilAsync(s => s is { Step: "health", State: "waiting", Reason: "gateway" } && s.Done.StartsWith($"port {port} ", StringComparison.Ordinal), 300);
        await gateway.Machine.ReadyAsync(300);

        Assert.Equal("", (await gateway.ShellAsync(Health)).Require());
        Assert.Equal(["agent", "serve"], await ServicesAsync(gateway));
        Assert.Equal("200 \"mistral:instruct answers\"", await gateway.CheckAsync(await gateway.TokenAsync("first")));
        Assert.Contains($"restarted, as a service does not answer: port {port} ", (await gateway.Machine.RunAsync("journalctl", "-u", "ai-gateway", "-o", "cat")).Out, StringComparison.Ordinal);
        Assert.NotEqual(said, gateway.Machine.Said.Count());
        await gateway.BecomeAsync(gateway.Spec());
    }

    /// <summary>Each look at it waits until its limit, three times.</summary>
    [Fact, Trait("tier", "all")]
    public Task One_that_hangs_alone_comes_back() => A_service_that_ends_alone_comes_back("agent", "STOP", 50052);

    [Fact]
    public async Task Without_agents_their_service_does_not_run_and_the_other_one_ends_the_container()
    {
        var gateway = await running.ReadyAsync();
        Assert.Equal(["serve"], await ServicesAsync(gateway));
        var before = (await gateway.Machine.RunAsync("docker", "inspect", "-f", "{{.Id}}", "gitlab-aigw")).Require();

        // A look of the watch that the test before has caused may start it anew just now.
        (await gateway.ShellAsync($"for i in {{1..300}}; do kill -KILL $({Process("serve")}) && exit; /usr/bin/sleep 0.2; done; exit 1")).Require();
        (await gateway.ShellAsync($"for i in {{1..300}}; do [[ $(docker inspect -f '{{{{.Id}}}}' gitlab-aigw 2>&1) != {before.Trim()} ]] && exit; /usr/bin/sleep 0.2; done; exit 1")).Require();
        await gateway.HealthyAsync();
        Assert.Equal("200 \"mistral:instruct answers\"", await gateway.CheckAsync(await gateway.TokenAsync("first")));
    }

    [Fact]
    public async Task What_the_container_is_given_the_gateway_takes()
    {
        var gateway = await running.ReadyAsync();
        await gateway.BecomeAsync(gateway.Spec(license: "activation_code: { local_file: ./code }", more: Agents));
        async Task<string[]> EnvironmentAsync(string of) =>
            (await gateway.Machine.RunAsync("docker", "inspect", "-f", "{{range .Config.Env}}{{printf \"%s\\x00\" .}}{{end}}", of)).Require().TrimEnd('\n').Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var given = (await EnvironmentAsync("gitlab-aigw")).Except(await EnvironmentAsync(gateway.Image)).Select(e => e.Split('=', 2)).ToArray();

        Assert.True(given.Length > 10);
        Assert.All(given, e => GatewayEnvironment.Accepts(e[0], e[1]));
        Assert.Contains(given, e => e is ["AIGW_DUO_CHAT__MODEL_REQUEST_TIMEOUT", "300"]);
        await gateway.BecomeAsync(gateway.Spec());
    }

    private const string Health = "/usr/local/lib/baker/ai-gateway health";

    private static async Task<string[]> ServicesAsync(GatewayLab gateway) =>
        [.. (await gateway.ShellAsync($"[[ -z $({Process("agent")}) ]] || echo agent; [[ -z $({Process("serve")}) ]] || echo serve")).Require().TrimEnd().Split('\n')];

    // By a pattern that does not match the words that look for it.
    private static string Process(string service) => $"grep -la '[{service[0]}]{service[1..]}[.]py' /proc/[0-9]*/cmdline 2>/dev/null | cut -d / -f 3";
}
