using Xunit;

namespace Baker.Tests.Machine;

/// <summary>Steps of the gateway that are killed anywhere, again and again.</summary>
[Collection(RunningGateway.Name)]
public class GatewayKilledTests(RunningGateway running)
{
    // Each step, and how to take away what it made: killed before it began is then the same as never run.
    [Theory]
    [InlineData("docker-daemon", "systemctl stop docker.socket docker; rm /etc/docker/daemon.json")]
    [InlineData("gateway-image", "systemctl stop ai-gateway; docker image ls -q | xargs docker image rm -f")]
    [InlineData("authority", "rm /usr/local/share/ca-certificates/baker-gitlab.crt; update-ca-certificates --fresh")]
    [InlineData("keys", "rm -r /etc/baker/gateway")]
    [InlineData("firewall", "iptables -F BAKER; iptables -D DOCKER-USER -j BAKER")]
    [InlineData("container", "systemctl disable -q --now ai-gateway baker-jwks.timer; rm /etc/systemd/system/{ai-gateway.service,baker-jwks.timer}; systemctl daemon-reload")]
    public async Task A_step_killed_before_in_the_middle_and_after_ends_as_if_it_never_was(string step, string undo)
    {
        var gateway = await running.ReadyAsync();
        (await gateway.Machine.RunAsync("systemctl", "stop", "baker")).Require();
        await gateway.ShellAsync($"{undo}; rm -f /var/lib/baker/steps/{step}");
        foreach (var after in new[] { "0.02", "0.1", "0.3", "0.7" })
            await gateway.ShellAsync($"setsid /usr/local/lib/baker/run step {step} & /usr/bin/sleep {after}; kill -9 -- -$!; wait");
        // To its end, and killed before it was written down.
        (await gateway.StepAsync(step)).Require();
        await gateway.BecomeAsync(gateway.Spec());

        Assert.Equal("200 \"mistral:instruct answers\"", await gateway.CheckAsync(await gateway.TokenAsync("first")));
        Assert.Empty((await gateway.ShellAsync("find /etc /usr/local -name '*.baker-new*' -o -name '*.baker' -type f")).Out);
    }
}
