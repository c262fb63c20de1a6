using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>Packets, not rules: who is reached from inside the container, and who reaches it. Every address has somebody who would answer.</summary>
[Collection(RunningGateway.Name)]
public class GatewayFirewallTests(RunningGateway running)
{
    private const string Metadata = "169.254.169.254";

    [Fact]
    public async Task The_container_reaches_GitLab_and_the_model_and_nobody_else()
    {
        var gateway = await running.ReadyAsync();
        await gateway.Machine.RunAsync("systemd-run", "-q", "--unit=listener", "python3", "-m", "http.server", "8099");
        await gateway.ShellAsync("for i in {1..50}; do curl -qs -o /dev/null http://10.77.1.20:8099/ && exit; /usr/bin/sleep 0.1; done");

        Assert.Equal(
            [
                $"{GatewayLab.GitLab}:443 open", $"{GatewayLab.GitLab}:80 refused", $"{GatewayLab.Models}:11434 open", $"{GatewayLab.Models}:22 refused",
                $"{Metadata}:80 refused", $"{Metadata}:53 refused", $"{GatewayLab.Portal}:443 refused", $"{GatewayLab.Elsewhere}:443 refused", $"{GatewayLab.Address}:8099 refused",
            ],
            await FromInsideAsync(gateway, $"{GatewayLab.GitLab}:443", $"{GatewayLab.GitLab}:80", $"{GatewayLab.Models}:11434", $"{GatewayLab.Models}:22",
                $"{Metadata}:80", $"{Metadata}:53", $"{GatewayLab.Portal}:443", $"{GatewayLab.Elsewhere}:443", $"{GatewayLab.Address}:8099"));
        // Without the rules they all answer: it is the rules that refuse, not the lab.
        await gateway.ShellAsync("iptables -D DOCKER-USER -j BAKER; iptables -D INPUT -i docker0 -j BAKER");
        Assert.All(await FromInsideAsync(gateway, $"{GatewayLab.GitLab}:80", $"{GatewayLab.Models}:22", $"{Metadata}:80", $"{Metadata}:53",
            $"{GatewayLab.Portal}:443", $"{GatewayLab.Elsewhere}:443", $"{GatewayLab.Address}:8099"), e => Assert.EndsWith(" open", e, StringComparison.Ordinal));
        // And whoever took them away has them back.
        (await gateway.StepAsync("firewall")).Require();
        Assert.Equal([$"{Metadata}:80 refused"], await FromInsideAsync(gateway, $"{Metadata}:80"));
    }

    /// <summary>By <c>network.egress</c>, here to every address there is: the machine itself and the metadata service stay closed.</summary>
    [Fact]
    public async Task What_the_spec_opens_is_reached_and_nothing_of_this_machine()
    {
        var gateway = await running.ReadyAsync();
        await gateway.ShellAsync("systemd-run -q --unit=itself python3 -m http.server 443; for i in {1..50}; do curl -qs -o /dev/null http://10.77.1.20:443/ && exit; /usr/bin/sleep 0.1; done");
        string[] places = [$"{GatewayLab.Elsewhere}:443", $"{GatewayLab.GitLab}:80", $"{GatewayLab.Address}:443", $"{Metadata}:80"];
        await gateway.ShellAsync("cp /etc/baker/values /tmp/values; sed -i \"s|^egress=.*|egress='0.0.0.0/0:443 0.0.0.0/0:80'|\" /etc/baker/values; /usr/local/lib/baker/ai-gateway firewall");
        Assert.Equal([$"{places[0]} open", $"{places[1]} open", $"{places[2]} refused", $"{places[3]} refused"], await FromInsideAsync(gateway, places));
        await gateway.ShellAsync("cat /tmp/values >/etc/baker/values; /usr/local/lib/baker/ai-gateway firewall; systemctl stop itself");
        Assert.All(await FromInsideAsync(gateway, places), e => Assert.EndsWith(" refused", e, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_GitLab_reaches_the_gateway()
    {
        var gateway = await running.ReadyAsync();
        Task<Support.ToolRun> From(string address) =>
            gateway.ThereAsync("curl", "-qsS", "-m", "4", "--interface", address, $"http://{GatewayLab.Address}:5052/monitoring/healthz");

        Assert.Equal("{}", (await From(GatewayLab.GitLab)).Require());
        Assert.Equal(28, (await From(GatewayLab.Models)).Code);
    }

    [Fact]
    public async Task A_name_server_at_the_metadata_address_opens_its_port_and_no_other()
    {
        var gateway = await running.ReadyAsync();
        await gateway.ShellAsync($"cp /etc/resolv.conf /tmp/resolv.conf; echo 'nameserver {Metadata}' >/etc/resolv.conf; /usr/local/lib/baker/ai-gateway firewall");
        Assert.Equal([$"{Metadata}:53 open", $"{Metadata}:80 refused"], await FromInsideAsync(gateway, $"{Metadata}:53", $"{Metadata}:80"));
        await gateway.ShellAsync("cat /tmp/resolv.conf >/etc/resolv.conf; /usr/local/lib/baker/ai-gateway firewall");
        Assert.Equal([$"{Metadata}:53 refused"], await FromInsideAsync(gateway, $"{Metadata}:53"));
    }

    [Fact]
    public async Task With_an_online_licence_the_portal_is_reached_at_one_address()
    {
        var gateway = await running.ReadyAsync();
        await gateway.BecomeAsync(gateway.Spec(license: "activation_code: { local_file: ./code }"));

        Assert.Equal([$"{GatewayLab.Portal}:443 open", $"{GatewayLab.Elsewhere}:443 refused"], await FromInsideAsync(gateway, $"{GatewayLab.Portal}:443", $"{GatewayLab.Elsewhere}:443"));
        Assert.Contains($"{GatewayLab.Portal}\tcustomers.gitlab.com", (await gateway.Machine.RunAsync("docker", "exec", "gitlab-aigw", "cat", "/etc/hosts")).Require(), StringComparison.Ordinal);
        Assert.Equal("200 \"mistral:instruct answers\"", await gateway.CheckAsync(await gateway.TokenAsync("first")));
        Assert.Contains(await gateway.Machine.LogAsync(), r => r is { Site: "portal", Path: "/oauth/discovery/keys", Status: 200 });

        await gateway.BecomeAsync(gateway.Spec());
        Assert.Equal([$"{GatewayLab.Portal}:443 refused"], await FromInsideAsync(gateway, $"{GatewayLab.Portal}:443"));
    }

    [Fact]
    public async Task A_portal_whose_name_leads_nowhere_is_waited_for_by_name()
    {
        var gateway = await running.ReadyAsync();
        await gateway.ShellAsync("cp /etc/hosts /tmp/hosts; sed /customers/d /tmp/hosts >/etc/hosts; rm -f /run/baker/gateway/portal");
        var digest = await gateway.ApplyAsync(gateway.Spec(license: "activation_code: { local_file: ./code }"));
        await gateway.Machine.UntilAsync(s => s is { Step: "firewall", State: "waiting", Reason: "dns", Done: "customers.gitlab.com" } && s.Digest == digest, 600);

        await gateway.ShellAsync("cat /tmp/hosts >/etc/hosts");
        await gateway.Machine.UntilAsync(s => s.State == "ready" && s.Digest == digest, 600);
        await gateway.BecomeAsync(gateway.Spec());
    }

    private static async Task<string[]> FromInsideAsync(GatewayLab gateway, params string[] places)
    {
        const string Program = """
            import socket, sys
            for place in sys.argv[1:]:
                host, port = place.split(":")
                try:
                    socket.create_connection((host, int(port)), 4).close()
                    print(place, "open")
                except ConnectionRefusedError:
                    print(place, "refused")
                except OSError as problem:
                    print(place, problem)
            """;
        return (await gateway.Machine.RunAsync(["docker", "exec", "gitlab-aigw", "python3", "-c", Program, .. places])).Require().TrimEnd().Split('\n');
    }
}
