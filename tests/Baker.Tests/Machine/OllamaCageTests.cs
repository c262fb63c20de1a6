using Baker.Tests.Lab;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>What Ollama's account can begin, by packets: whom it asks would answer.</summary>
public class OllamaCageTests
{
    private const string Elsewhere = "203.0.113.9";

    [Fact]
    public async Task Its_account_begins_no_connection_and_answers_those_of_others()
    {
        await using var machine = await LabMachine.StartAsync(OllamaTests.Options);
        await machine.BeAsync(LabSpec.Aws(machine), "ollama");
        await machine.ReadyAsync(900);
        // The gateway's address, and somebody on the internet, behind a cable of their own: what leads there passes no loopback.
        (await machine.RunAsync("sh", "-ec", $"""
            ip link add v0 type veth peer name v1
            ip netns add outside
            ip link set v1 netns outside
            ip address add 198.51.100.1/32 dev v0
            ip link set v0 up
            ip -n outside address add 10.77.1.20/32 dev v1
            ip -n outside address add {Elsewhere}/32 dev v1
            ip -n outside link set lo up
            ip -n outside link set v1 up
            ip -n outside route add default dev v1
            ip route add 10.77.1.20/32 dev v0 src 10.77.1.30
            ip route add {Elsewhere}/32 dev v0 src 10.77.1.30
            ip netns exec outside python3 -m http.server 80 --bind {Elsewhere} >/dev/null 2>&1 &
            for i in 1 2 3 4 5 6 7 8 9 10; do curl -qs -o /dev/null -m 2 http://{Elsewhere}/ && exit; /usr/bin/sleep 0.5; done
            """)).Require();

        // The same call is answered for root and for a plain account, so that it is the rule that refuses.
        Assert.Equal(0, (await AsAsync("root", Elsewhere)).Code);
        Assert.Equal(0, (await AsAsync("nobody", Elsewhere)).Code);
        Assert.Equal(7, (await AsAsync("ollama", Elsewhere)).Code);
        // No name is asked for it either: a question to the resolver of this machine would leave it.
        Assert.StartsWith("[Errno 1]", (await machine.RunAsync("runuser", "-u", "ollama", "--", "python3", "-c", """
            import socket
            asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            asked.settimeout(4)
            asked.connect(("127.0.0.1", 53))
            try:
                asked.send(b"?" * 12)
                asked.recv(512)
            except OSError as problem:
                print(problem)
            """)).Require(), StringComparison.Ordinal);

        // What the spec opens, and no other port of it; to the filter's account nothing.
        await EgressAsync($"203.0.113.0/24:80 {Elsewhere}/32:80 {Elsewhere}/32:81");
        Assert.Equal(0, (await AsAsync("ollama", Elsewhere)).Code);
        Assert.Equal(7, (await AsAsync("ollama", $"{Elsewhere}:8080")).Code);
        Assert.Equal(7, (await AsAsync("model-filter", Elsewhere)).Code);
        await EgressAsync("");
        Assert.Equal(7, (await AsAsync("ollama", Elsewhere)).Code);

        // The filter in front of its own server, by its own address and from the gateway's.
        Assert.Equal(0, (await AsAsync("ollama", "10.77.1.30:11434/health")).Code);
        Assert.Contains("mistral:instruct", (await machine.RunAsync("ip", "netns", "exec", "outside", "curl", "-qsS", "-m", "8", "--interface", "10.77.1.20",
            "http://10.77.1.30:11434/v1/models")).Require(), StringComparison.Ordinal);

        // At boot the rule is there before the server is, without the runner.
        (await machine.RunAsync("systemctl", "disable", "-q", "baker")).Require();
        await machine.CrashAsync();
        (await machine.RunAsync("sh", "-c", "for i in 1 2 3 4 5 6 7 8 9 10; do systemctl is-active -q ollama && exit; /usr/bin/sleep 1; done; exit 1")).Require();
        Assert.Contains("skuid", (await machine.RunAsync("nft", "list", "chain", "inet", "baker", "output")).Require(), StringComparison.Ordinal);

        async Task EgressAsync(string places)
        {
            (await machine.RunAsync("sed", "-i", $"s|^egress=.*|egress='{places}'|", "/etc/baker/values")).Require();
            (await machine.RunAsync("/usr/local/lib/baker/run", "step", "firewall")).Require();
        }

        Task<ToolRun> AsAsync(string account, string address) =>
            machine.RunAsync("runuser", "-u", account, "--", "curl", "-qsS", "-o", "/dev/null", "-m", "8", $"http://{address}");
    }
}
