using System.Globalization;
using Baker.Tests.Lab;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>nginx in front of Ollama, the real one: who gets through to what, from the gateway's address and from within.</summary>
public class OllamaFilterTests
{
    private const int Long = 900;
    private const string Here = "10.77.1.30";
    private const string Gateway = "10.77.1.20";

    /// <summary>Requests as they are written, byte by byte: no client makes another path of them. Prints the status of each.</summary>
    private const string Raw = """
        import socket, sys
        for line in sys.stdin.read().splitlines():
            method, target = line.split(" ", 1)
            with socket.create_connection((sys.argv[1], 11434), 10, source_address=(sys.argv[2], 0)) as way:
                body = b'{"model":"mistral:instruct","name":"mistral:instruct","source":"mistral:instruct","destination":"other"}'
                way.sendall(f"{method} {target} HTTP/1.1\r\nHost: {sys.argv[1]}:11434\r\nContent-Type: application/json\r\n"
                            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
                said = b""
                while data := way.recv(65536):
                    said += data
            print(line, said.split(b" ", 2)[1].decode(), "refused" if b"\r\n\r\nrefused: " in said else "", sep="|")
        """;

    /// <summary>Asks for a stream and prints when each part of the answer came, in seconds; the second argument: after how many it hangs up.</summary>
    private const string Stream = """
        import http.client, json, sys, time
        web = http.client.HTTPConnection(sys.argv[1], 11434, timeout=60, source_address=(sys.argv[2], 0))
        began = time.monotonic()
        web.request("POST", "/v1/chat/completions", json.dumps({"model": "mistral:instruct", "stream": True, "messages": [{"role": "user", "content": "x" * int(sys.argv[4])}]}),
                    {"Content-Type": "application/json"})
        answer = web.getresponse()
        assert answer.status == 200, answer.read()
        for n in range(int(sys.argv[3])):
            if not (line := answer.readline()):
                break
            if line.strip():
                print(f"{time.monotonic() - began:.2f} {line.decode().strip()}")
        """;

    [Fact]
    public async Task What_asks_the_model_passes_word_by_word_and_nothing_else_does()
    {
        await using var machine = await ReadyAsync();
        const string Question = "a-secret-of-somebody";

        Assert.Equal("Ollama is running", (await FromGatewayAsync(machine, "http://10.77.1.30:11434/health")).Require());
        Assert.Contains("mistral:instruct", (await FromGatewayAsync(machine, "http://10.77.1.30:11434/v1/models")).Require(), StringComparison.Ordinal);
        Assert.Contains("mistral:instruct", (await FromGatewayAsync(machine, "http://10.77.1.30:11434/v1/models/mistral:instruct")).Require(), StringComparison.Ordinal);
        Assert.Contains("no answer to 20 characters", (await FromGatewayAsync(machine, "http://10.77.1.30:11434/v1/completions", "-H", "Content-Type: application/json",
            "-d", $$"""{"model": "mistral:instruct", "prompt": "{{Question}}"}""")).Require(), StringComparison.Ordinal);

        // Word by word, at the model's own pace.
        Pretend(machine, """{"word_seconds": 0.5}""");
        var words = await StreamAsync(machine, 100, 8);
        Assert.Equal(10, words.Length);
        Assert.All(words.Zip(words.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 0.3, 2));
        // Whoever hangs up is not answered any more.
        Pretend(machine, """{"word_seconds": 3}""");
        Assert.Single(await StreamAsync(machine, 1, 8));
        for (var i = 0; i < 150 && !(await JournalAsync(machine, "ollama")).Contains("aborting completion request", StringComparison.Ordinal); i++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Contains("aborting completion request", await JournalAsync(machine, "ollama"), StringComparison.Ordinal);
        // A long context.
        Pretend(machine, "{}");
        Assert.Equal(10, (await StreamAsync(machine, 100, 8_000_000)).Length);

        var before = (await machine.RunAsync("curl", "-qsSf", "http://10.77.1.30:11435/api/tags")).Require();
        string[] refused =
        [
            "POST /api/pull", "POST /api/push", "POST /api/create", "POST /api/copy", "DELETE /api/delete", "POST /api/generate", "POST /api/blobs/sha256:00", "GET /api/tags", "GET /",
            "POST /v1/../api/pull", "POST //api/pull", "POST /api//pull", "POST /V1/../api/pull", "POST /V1/models", "POST /v1/%2e%2e/api/pull", "POST /v1/..%2fapi%2fpull", "POST /v1/..%2Fapi/pull",
            "POST /%61pi/pull", "POST /%2561pi/pull", "POST /v1/models/..%2f..%2fapi/pull", "DELETE /v1/chat/completions/../../../api/delete", "POST /v1/./../api/copy", "POST /api/pull?/v1/models",
            "POST /api/pull%3f/v1/models", "POST /v1/models;/../../api/pull", $"POST http://{Here}:11434/api/pull", "POST http://x/v1/../api/pull", "GET /v1/models%0a", "GET /v1/models/x%0d%0aX:%20y",
            "DELETE /v1/models/mistral:instruct", "POST /v1/models", "GET /v1/chat/completions", "POST /v1/load_lora_adapter", "POST /v1/chat/completions/x", "OPTIONS /v1/models", "POST /healthz",
        ];
        var answers = (await machine.FeedAsync(string.Join('\n', refused), "ip", "netns", "exec", "outside", "python3", "-c", Raw, Here, Gateway)).Require().Trim().Split('\n');
        Assert.Equal(refused.Select(r => $"{r}|403|refused"), answers);
        // What two readers could read differently is none of HTTP.
        Assert.All((await machine.FeedAsync("POST /v1/%00/api/pull\nPOST /../api/pull\nPOST v1/models", "ip", "netns", "exec", "outside", "python3", "-c", Raw, Here, Gateway)).Require()
            .Trim().Split('\n'), a => Assert.Equal("400", a.Split('|')[1]));
        Assert.Equal(before, (await machine.RunAsync("curl", "-qsSf", "http://10.77.1.30:11435/api/tags")).Require());
        var seen = await JournalAsync(machine, "ollama");
        Assert.All(new[] { "/api/pull", "/api/push", "/api/create", "/api/copy", "/api/blobs", "lora" }, path => Assert.DoesNotContain(path, seen, StringComparison.Ordinal));

        // Refusals are told, questions are not, and nothing of them was put down.
        var told = await JournalAsync(machine, "model-filter");
        Assert.Contains("request: \"POST /api/pull HTTP/1.1\"", told, StringComparison.Ordinal);
        Assert.DoesNotContain("destination", told, StringComparison.Ordinal);
        Assert.DoesNotContain(Question, told, StringComparison.Ordinal);
        Assert.DoesNotContain("/v1/completions", told, StringComparison.Ordinal);
        Assert.Equal("", (await machine.RunAsync("find", "/run/model-filter", "-type", "f", "!", "-name", "pid")).Require());
    }

    [Fact]
    public async Task Past_the_filter_there_is_root_alone()
    {
        await using var machine = await ReadyAsync();
        (await machine.RunAsync("sh", "-ec", "useradd -r somebody; ip -n outside address add 203.0.113.9/32 dev v1; ip route add 203.0.113.9/32 dev v0")).Require();
        (await machine.RunAsync("systemd-run", "-q", "--unit=elsewhere", "ip", "netns", "exec", "outside", "python3", "-m", "http.server", "80", "--bind", "203.0.113.9")).Require();
        (await machine.RunAsync("sh", "-c", "for i in 1 2 3 4 5 6 7 8 9 10; do curl -qs -o /dev/null -m 2 http://203.0.113.9/ && exit; /usr/bin/sleep 0.5; done; exit 1")).Require();

        Assert.Equal("model-filter", (await machine.RunAsync("sh", "-c", "ps -o user:20= -p \"$(pgrep -d, -x nginx)\" | sort -u")).Require().Trim());
        await HoldsAsync();
        // Also when somebody flushes the rules, and at a boot before anything of Baker's runs.
        (await machine.RunAsync("nft", "delete", "table", "inet", "baker")).Require();
        Assert.Equal(0, await AsAsync("somebody", $"{Here}:11435"));
        (await machine.RunAsync("/usr/local/lib/baker/run", "step", "firewall")).Require();
        await HoldsAsync();

        // A person's command: by the port behind the filter.
        Assert.Equal($"{Here}:11435", (await machine.RunAsync("bash", "-lc", "echo $OLLAMA_HOST")).Require().Trim());

        // What is killed comes back, without the runner.
        (await machine.RunAsync("systemctl", "stop", "baker")).Require();
        (await machine.RunAsync("sh", "-c", "kill -KILL $(pgrep -x nginx)")).Require();
        (await machine.RunAsync("sh", "-c", $"for i in $(/usr/bin/seq 60); do curl -qsf -m 5 http://{Here}:11434/health >/dev/null && exit; /usr/bin/sleep 0.5; done; exit 1")).Require();
        // And by the runner, what somebody has stopped.
        (await machine.RunAsync("systemctl", "stop", "model-filter")).Require();
        await machine.RestartRunnerAsync();
        await machine.ReadyAsync(Long);
        Assert.Equal("Ollama is running", (await FromGatewayAsync(machine, $"http://{Here}:11434/health")).Require());

        (await machine.RunAsync("systemctl", "disable", "-q", "baker")).Require();
        await machine.CrashAsync();
        (await machine.RunAsync("sh", "-c", $"for i in $(/usr/bin/seq 60); do curl -qsf -m 5 http://{Here}:11434/health >/dev/null && exit; /usr/bin/sleep 0.5; done; exit 1")).Require();
        Assert.Equal(7, await AsAsync("somebody", $"{Here}:11435"));

        async Task HoldsAsync()
        {
            Assert.Equal(0, await AsAsync("root", $"{Here}:11435"));
            Assert.Equal(0, await AsAsync("model-filter", $"{Here}:11435"));
            Assert.Equal(7, await AsAsync("somebody", $"{Here}:11435"));
            Assert.Equal(7, await AsAsync("ollama", $"{Here}:11435"));
            Assert.Equal(0, await AsAsync("somebody", $"{Here}:11434/health"));
            // It begins nothing but that.
            Assert.Equal(0, await AsAsync("somebody", "203.0.113.9"));
            Assert.Equal(7, await AsAsync("model-filter", "203.0.113.9"));
            Assert.Equal(7, await AsAsync("model-filter", $"{Here}:11434/health"));
            // Nobody outside: dropped, not refused.
            Assert.Equal(28, (await FromGatewayAsync(machine, $"http://{Here}:11435/v1/models", "-m", "3")).Code);
        }

        async Task<int> AsAsync(string account, string address) =>
            (await machine.RunAsync("runuser", "-u", account, "--", "curl", "-qsS", "-o", "/dev/null", "-m", "8", $"http://{address}")).Code;
    }

    [Fact]
    public async Task A_stack_without_it_gets_it_and_goes_back_with_a_change_of_its_user_data()
    {
        await using var machine = await LabMachine.StartAsync(OllamaTests.Options);
        await machine.BeAsync(LabSpec.Aws(machine, "  filter: false\n"), "ollama");
        await machine.ReadyAsync(Long);
        Assert.Equal("python3", await HolderAsync(11434));
        Assert.False(machine.Exists("/etc/baker/model-filter.conf"));
        Assert.NotEqual(0, (await machine.RunAsync("id", "model-filter")).Code);

        for (var round = 0; round < 2; round++)
        {
            await machine.ServeAsync(await LabSpec.RenderAsync(LabSpec.Aws(machine), "ollama"));
            await machine.RestartRunnerAsync();
            await machine.ReadyAsync(Long);
            Assert.Equal("nginx", await HolderAsync(11434));
            Assert.Equal("python3", await HolderAsync(11435));
            Assert.Contains("mistral:instruct", (await machine.RunAsync("curl", "-qsSf", $"http://{Here}:11435/api/ps")).Require(), StringComparison.Ordinal);

            await machine.ServeAsync(await LabSpec.RenderAsync(LabSpec.Aws(machine, "  filter: false\n"), "ollama"));
            await machine.RestartRunnerAsync();
            await machine.ReadyAsync(Long);
            Assert.Equal("python3", await HolderAsync(11434));
            Assert.Equal("", await HolderAsync(11435));
            Assert.Equal("", (await machine.RunAsync("pgrep", "-x", "nginx")).Out);
        }
        // No step had to be tried again.
        Assert.DoesNotContain(machine.Said, s => s.State is "retrying" or "failed");

        async Task<string> HolderAsync(int port) =>
            (await machine.RunAsync("sh", "-c", $"ss -Hltnp 'sport = {port}' | sed -n 's/.*((\"\\([^\"]*\\)\".*/\\1/p' | sort -u")).Require().Trim();
    }

    private static async Task<LabMachine> ReadyAsync()
    {
        var machine = await LabMachine.StartAsync(OllamaTests.Options);
        await machine.BeAsync(LabSpec.Aws(machine), "ollama");
        await machine.ReadyAsync(Long);
        (await machine.RunAsync("sh", "-ec", $"""
            ip link add v0 type veth peer name v1
            ip netns add outside
            ip link set v1 netns outside
            ip address add 198.51.100.1/32 dev v0
            ip link set v0 up
            ip -n outside address add {Gateway}/32 dev v1
            ip -n outside link set lo up
            ip -n outside link set v1 up
            ip -n outside route add default dev v1
            ip route add {Gateway}/32 dev v0 src {Here}
            """)).Require();
        return machine;
    }

    private static Task<ToolRun> FromGatewayAsync(LabMachine machine, string url, params string[] more) =>
        machine.RunAsync(["ip", "netns", "exec", "outside", "curl", "-qsSf", "-m", "20", "--interface", Gateway, .. more, url]);

    /// <summary>When each part came, of as many as are read.</summary>
    private static async Task<double[]> StreamAsync(LabMachine machine, int parts, int characters) =>
        [.. (await machine.FeedAsync("", "ip", "netns", "exec", "outside", "python3", "-c", Stream, Here, Gateway, $"{parts}", $"{characters}")).Require().Trim().Split('\n')
            .Select(l => double.Parse(l.Split(' ')[0], CultureInfo.InvariantCulture))];

    private static void Pretend(LabMachine machine, string text)
    {
        Directory.CreateDirectory(machine.Root + "/run/lab");
        File.WriteAllText(machine.Root + "/run/lab/ollama.json", text);
    }

    private static async Task<string> JournalAsync(LabMachine machine, string unit) => (await machine.RunAsync("journalctl", "-u", unit, "--no-pager", "-o", "cat")).Require();
}
