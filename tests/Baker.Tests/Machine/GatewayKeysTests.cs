using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>The gateway's four keys: made on the machine, kept, and seen by nobody.</summary>
[Collection(RunningGateway.Name)]
public class GatewayKeysTests(RunningGateway running)
{
    private static readonly string[] Names =
    [
        "AIGW_SELF_SIGNED_JWT__SIGNING_KEY", "AIGW_SELF_SIGNED_JWT__VALIDATION_KEY", "DUO_WORKFLOW_SELF_SIGNED_JWT__SIGNING_KEY", "DUO_WORKFLOW_SELF_SIGNED_JWT__VALIDATION_KEY",
    ];

    [Fact]
    public async Task They_are_four_RSA_keys_of_2048_bits_that_only_root_reads()
    {
        var gateway = await running.ReadyAsync();
        var listed = await gateway.ShellAsync("cd /etc/baker/gateway && stat -c '%a %U' . && for k in *; do echo $(stat -c '%a %U' $k) $k $(openssl rsa -in $k -noout -text 2>/dev/null | head -n 1); done");

        Assert.Equal(["700 root", .. Names.Select(n => $"600 root {n} Private-Key: (2048 bit, 2 primes)")], listed.Require().TrimEnd().Split('\n'));
        Assert.Equal(4, (await KeysAsync(gateway)).Distinct().Count());
    }

    [Fact]
    public async Task They_stay_and_only_what_is_broken_is_made_anew()
    {
        var gateway = await running.ReadyAsync();
        var before = await KeysAsync(gateway);
        (await gateway.StepAsync("keys")).Require();
        Assert.Equal(before, await KeysAsync(gateway));

        // A disk that was full, or a hand.
        await gateway.ShellAsync($"truncate -s 100 /etc/baker/gateway/{Names[2]}");
        (await gateway.StepAsync("keys")).Require();
        var after = await KeysAsync(gateway);
        Assert.Equal([before[0], before[1], before[3]], [after[0], after[1], after[3]]);
        Assert.NotEqual(before[2], after[2]);
        Assert.Equal(0, (await gateway.ShellAsync($"openssl pkey -noout -in /etc/baker/gateway/{Names[2]}")).Code);
    }

    [Fact]
    public async Task They_are_in_no_list_of_processes_no_log_and_no_file_that_others_read()
    {
        var gateway = await running.ReadyAsync();
        var parts = (await KeysAsync(gateway)).Select(k => k.Split('\n')[5]).ToArray();
        Assert.All(parts, p => Assert.True(p.Length == 64));

        // While the container starts, as that is when they go from hand to hand.
        var seen = await gateway.ShellAsync("systemctl restart --no-block ai-gateway; for i in {1..40}; do cat /proc/[0-9]*/cmdline | tr '\\0' ' '; /usr/bin/sleep 0.1; done");
        var said = await gateway.ShellAsync("journalctl --no-pager -o export; cat /run/baker/* /var/log/*.log /etc/docker/* /etc/systemd/system/*.service 2>/dev/null; docker logs gitlab-aigw 2>&1");
        // What docker and containerd keep of a container has its environment too: nobody but root may get at it.
        var open = await gateway.ShellAsync($"setpriv --reuid=65534 --regid=65534 --clear-groups find / /run /var/lib/docker -xdev -type f -readable -newer /etc/machine-id -print0 2>/dev/null"
            + $" | xargs -0 grep -lF {string.Join(' ', parts.Select(p => $"-e {p}"))} 2>/dev/null");
        var containerd = await gateway.ShellAsync("stat -c %a /var/lib/containerd");

        Assert.All(parts, part =>
        {
            Assert.DoesNotContain(part, seen.Words, StringComparison.Ordinal);
            Assert.DoesNotContain(part, said.Words, StringComparison.Ordinal);
            Assert.DoesNotContain(part, gateway.Machine.Console, StringComparison.Ordinal);
        });
        Assert.Contains("docker run --name gitlab-aigw", seen.Out, StringComparison.Ordinal);
        Assert.Equal("", open.Out);
        Assert.Equal("700", containerd.Out.Trim());
    }

    private static async Task<string[]> KeysAsync(GatewayLab gateway) =>
        (await gateway.ShellAsync($"cd /etc/baker/gateway && for k in {string.Join(' ', Names)}; do cat $k; printf '\\f'; done")).Require().TrimEnd('\f').Split('\f');
}
