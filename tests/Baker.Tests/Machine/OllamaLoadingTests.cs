using System.Globalization;
using System.Text.Json.Nodes;
using Baker.Tests.Lab;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>What Ollama has in memory, and what it says of it.</summary>
public class OllamaLoadingTests
{
    private const int Long = 900;
    private const string Store = "/usr/share/ollama/.ollama/models";

    [Fact]
    public async Task A_model_is_known_by_its_weights_and_what_the_spec_no_longer_names_leaves_memory_and_disk()
    {
        await using var machine = await LabMachine.StartAsync(OllamaTests.Options);
        await OfferAsync(("mistral:instruct", "one"), ("mistral:7b-instruct", "one"), ("qwen3:8b", "two"));
        await machine.BeAsync(LabSpec.Aws(machine), "ollama");
        await machine.ReadyAsync(Long);
        Assert.Equal(["mistral:instruct"], await LoadedAsync(machine));

        // Another tag of the same weights, which Ollama holds under the name that loaded them.
        await ChangeAsync("  models: [\"mistral:7b-instruct\"]\n");
        Assert.Equal(["mistral:7b-instruct"], await LoadedAsync(machine));
        await TidyAsync();
        var runner = await ProcessAsync(machine);
        await ChangeAsync("  models: [\"mistral:instruct\", \"mistral:7b-instruct\"]\n");
        Assert.Equal(["mistral:7b-instruct"], await LoadedAsync(machine));
        Assert.Equal(runner, await ProcessAsync(machine));

        // Another model: the first is not in its way.
        await ChangeAsync("  models: [\"qwen3:8b\"]\n");
        Assert.Equal(["qwen3:8b"], await LoadedAsync(machine));
        await TidyAsync();

        // Other content under the same name: under that name the earlier one cannot be unloaded any more.
        await OfferAsync(("qwen3:8b", "three"));
        var digest = (string?)(await machine.AskAsync(new() { ["do"] = "digest", ["model"] = "library/qwen3:8b" }))["digest"];
        await ChangeAsync($"  models: [\"qwen3:8b@sha256:{digest}\"]\n");
        Assert.Equal(digest, (string?)Assert.Single(await InMemoryAsync(machine))["digest"]);
        await TidyAsync();

        Task OfferAsync(params (string Name, string Seed)[] models) =>
            machine.SetAsync(new() { ["models"] = new JsonObject(models.Select(m => KeyValuePair.Create("library/" + m.Name, (JsonNode?)m.Seed))) });

        async Task ChangeAsync(string ollama)
        {
            await machine.ServeAsync(await LabSpec.RenderAsync(LabSpec.Aws(machine, ollama), "ollama"));
            await machine.RestartRunnerAsync();
            await machine.ReadyAsync(Long);
        }

        async Task TidyAsync()
        {
            var named = (await machine.RunAsync("sh", "-c", $"grep -rhoE 'sha256:[0-9a-f]+' {Store}/manifests | tr : - | sort -u")).Require();
            Assert.Equal(named.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                Directory.GetFiles(machine.Root + Store + "/blobs").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_model_is_loaded_once_whatever_keep_alive_is_and_what_does_not_work_is_no_success()
    {
        await using var machine = await LabMachine.StartAsync(OllamaTests.Options);
        Pretend("""{"memory": 1000}""");
        await machine.BeAsync(LabSpec.Aws(machine, "  keep_alive: \"0\"\n"), "ollama");

        // Killed by the kernel, then an allocation that fails: neither heals by itself.
        await machine.UntilAsync(s => s is { Step: "model", State: "failed", Reason: "memory" }, Long);
        Assert.DoesNotContain(machine.Said, s => s is { Step: "model", Reason: "model-server" });
        Pretend("""{"memory": 1000, "over": "ggml_aligned_malloc: insufficient memory (attempted to allocate 4096.00 MB)\nfailed to allocate buffer"}""");
        await machine.RestartRunnerAsync();
        await machine.UntilAsync(s => s is { Step: "model", State: "failed", Reason: "memory" }, Long);

        Pretend("{}");
        await machine.RestartRunnerAsync();
        await machine.ReadyAsync(Long);
        Assert.Empty(await LoadedAsync(machine));

        await KeepAsync("0s");
        Assert.Empty(await LoadedAsync(machine));
        await KeepAsync("1h30m");
        Assert.Equal(90, await MinutesAsync(), 2d);
        await KeepAsync("-5m");
        Assert.True(await MinutesAsync() > 1_000_000);

        async Task KeepAsync(string time)
        {
            await machine.ServeAsync(await LabSpec.RenderAsync(LabSpec.Aws(machine, $"  keep_alive: \"{time}\"\n"), "ollama"));
            await machine.RestartRunnerAsync();
            await machine.ReadyAsync(Long);
        }

        async Task<double> MinutesAsync() => (DateTimeOffset.Parse(
            (string)Assert.Single(await InMemoryAsync(machine))["expires_at"]!, CultureInfo.InvariantCulture) - DateTimeOffset.Now).TotalMinutes;

        void Pretend(string text) => PretendOn(machine, text);
    }

    [Fact]
    public async Task What_Ollama_does_otherwise_than_the_spec_says_is_said_and_what_was_only_reckoned_is_given_up_first()
    {
        await using var machine = await LabMachine.StartAsync(OllamaTests.Options);
        PretendOn(machine, """{"trained_for": 8192}""");
        const string Throughput = "  parallel: 2\n  queue: 2\n  flash_attention: on\n  cache_type: q8_0\n  host: 0.0.0.0:11434\n  filter: false\n";
        await machine.BeAsync(LabSpec.Aws(machine, Throughput), "ollama");
        await machine.ReadyAsync(Long);
        Assert.StartsWith("context 8192 of 16384 tokens", (string?)JsonNode.Parse(machine.Read("/run/baker/status.json"))!["note"], StringComparison.Ordinal);
        await machine.HeardAsync("\"note\":\"context 8192 of 16384 tokens");
        Assert.Contains("note: context 8192", (await machine.RunAsync("baker-status")).Require(), StringComparison.Ordinal);
        Assert.Contains("-c 16384 -np 2 --cache-type-k q8_0 --cache-type-v q8_0 --flash-attn on",
            (await machine.RunAsync("journalctl", "-u", "ollama", "--no-pager", "-o", "cat")).Out, StringComparison.Ordinal);
        var unit = (await machine.RunAsync("systemctl", "show", "-p", "Environment", "-p", "OOMPolicy", "ollama")).Require();
        Assert.Contains("OLLAMA_LOAD_TIMEOUT=3500 ", unit, StringComparison.Ordinal);
        Assert.Contains("OLLAMA_MAX_QUEUE=2 ", unit, StringComparison.Ordinal);
        Assert.Contains("OOMPolicy=continue", unit, StringComparison.Ordinal);

        // A model's own num_ctx goes before the spec's number, whichever is more.
        foreach (var own in new[] { 4096, 24576 })
        {
            PretendOn(machine, "{}");
            await machine.SetAsync(new() { ["params"] = new JsonObject { ["num_ctx"] = own }, ["models"] = new JsonObject { [$"library/own:{own}"] = $"{own}" } });
            await machine.ServeAsync(await LabSpec.RenderAsync(LabSpec.Aws(machine, Throughput + $"  models: ['own:{own}']\n"), "ollama"));
            await machine.RestartRunnerAsync();
            await machine.ReadyAsync(Long);
            Assert.StartsWith($"context {own} of 16384 tokens", (string?)JsonNode.Parse(machine.Read("/run/baker/status.json"))!["note"], StringComparison.Ordinal);
        }

        // 0.0.0.0 is every IPv6 address too. The firewall lets nobody in there, and what would without it is seen last.
        (await machine.RunAsync("sh", "-ec", """
            ip link add v0 type veth peer name v1
            ip netns add outside
            ip link set v1 netns outside
            ip -6 addr add fd00:77::1/64 dev v0 nodad
            ip link set v0 up
            ip -n outside -6 addr add fd00:77::2/64 dev v1 nodad
            ip -n outside link set v1 up
            """)).Require();
        Assert.NotEqual(0, (await AskAsync()).Code);
        (await machine.RunAsync("systemctl", "stop", "baker")).Require();
        (await machine.RunAsync("nft", "delete", "table", "inet", "baker")).Require();
        Assert.Equal("Ollama is running", (await AskAsync()).Require());

        // One loads, two wait as the spec says, and the server itself sends the others away.
        PretendOn(machine, """{"load_seconds": 10}""");
        await RestartAsync();
        var answers = (await machine.RunAsync("sh", "-c", """
            for i in 1 2 3 4 5; do
                curl -qs -m 60 -w ' %{http_code}\n' http://127.0.0.1:11434/api/generate -H 'Content-Type: application/json' -d '{"model": "own:24576", "stream": false}' &
            done
            wait
            """)).Require().Split('\n');
        Assert.True(answers.Count(a => a.EndsWith(" 200", StringComparison.Ordinal)) == 3
            && answers.Count(a => a == """{"error": "server busy, please try again.  maximum pending requests exceeded"} 503""") == 2, string.Join('\n', answers));

        // On a GPU: 8,192 tokens at 10 KiB are 84 MB for each request, 45 at half that.
        PretendOn(machine, """{"trained_for": 8192, "cache_kib": 10, "gpu": 80000000}""");
        await RestartAsync();
        Assert.Contains("stopped: vram: ", await StepAsync("spec"), StringComparison.Ordinal);
        Assert.Contains("stopped: model-server: ", await StepAsync("reckoned"), StringComparison.Ordinal);
        Assert.DoesNotContain("stopped", await StepAsync("reckoned"), StringComparison.Ordinal);
        Assert.Equal("context 8192 of 16384 tokens, 1 of 2 requests at a time", machine.Read("/run/baker/notes/model").Trim());

        async Task RestartAsync()
        {
            (await machine.RunAsync("systemctl", "restart", "ollama")).Require();
            await AnswersAsync(machine, 11434);
        }

        Task<ToolRun> AskAsync() => machine.RunAsync("ip", "netns", "exec", "outside", "curl", "-qsS", "-m", "3", "http://[fd00:77::1]:11434/");

        async Task<string> StepAsync(string parallelFrom)
        {
            (await machine.RunAsync("sed", "-i", "-e", "s/^gpu=.*/gpu='nvidia'/", "-e", $"s/^parallel_from=.*/parallel_from='{parallelFrom}'/", "/etc/baker/values")).Require();
            var run = await machine.RunAsync("/usr/local/lib/baker/run", "step", "model");
            return run.Out + run.Error;
        }
    }

    [Fact]
    public async Task Ollama_needs_nobody_outside_and_has_no_proxy_to_ask_through()
    {
        await using var machine = await LabMachine.StartAsync(OllamaTests.Options);
        await machine.BeAsync(LabSpec.Aws(machine) + "\n  proxy: http://proxy.lab.test:3128\n  no_proxy: [mirror.lab.test, storage.lab.test]\n", "ollama");
        await machine.ReadyAsync(Long);
        // What the runner and its steps have, the server has not.
        Assert.Equal("", (await machine.RunAsync("sh", "-ec", """tr '\0' '\n' <"/proc/$(systemctl show -p MainPID --value ollama)/environ" | grep -i proxy || :""")).Require());
        Assert.Contains("http://proxy.lab.test:3128", machine.Read("/etc/baker/values"), StringComparison.Ordinal);
        Assert.DoesNotContain(Outside, await JournalAsync("ollama"), StringComparison.Ordinal);

        // One whose makers' cloud is not switched off does ask.
        (await machine.RunAsync("systemd-run", "-q", "--unit=curious", "-p", "User=ollama", "-E", "HOME=/usr/share/ollama", "-E", "OLLAMA_HOST=127.0.0.1:11500", "/usr/local/bin/ollama", "serve")).Require();
        await AnswersAsync(machine, 11500);
        for (var i = 0; i < 100 && !(await JournalAsync("curious")).Contains(Outside, StringComparison.Ordinal); i++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Contains(Outside, await JournalAsync("curious"), StringComparison.Ordinal);

        async Task<string> JournalAsync(string unit) => (await machine.RunAsync("journalctl", "-u", unit, "--no-pager", "-o", "cat")).Require();
    }

    /// <summary>What the server says when it has asked its makers, whom nothing here leads to.</summary>
    private const string Outside = "model recommendations refresh failed";

    private static async Task AnswersAsync(LabMachine machine, int port) => (await machine.RunAsync("sh", "-c",
        $"for i in $(/usr/bin/seq 300); do curl -qsf -m 5 http://127.0.0.1:{port}/ >/dev/null && exit; /usr/bin/sleep 0.2; done; exit 1")).Require();

    private static void PretendOn(LabMachine machine, string text)
    {
        Directory.CreateDirectory(machine.Root + "/run/lab");
        File.WriteAllText(machine.Root + "/run/lab/ollama.json", text);
    }

    private static async Task<string[]> LoadedAsync(LabMachine machine) => [.. (await InMemoryAsync(machine)).Select(m => (string)m["name"]!)];

    private static async Task<JsonNode[]> InMemoryAsync(LabMachine machine) =>
        [.. JsonNode.Parse((await machine.RunAsync("curl", "-qsSf", "http://10.77.1.30:11435/api/ps")).Require())!["models"]!.AsArray().Select(m => m!)];

    private static async Task<string> ProcessAsync(LabMachine machine) => (await machine.RunAsync("pgrep", "-f", "^llama-server")).Require();
}
