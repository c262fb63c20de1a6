using System.Globalization;
using System.Text.Json.Nodes;
using Baker.Tests.Lab;
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
        Assert.Equal((["mistral:7b-instruct"], runner), (await LoadedAsync(machine), await ProcessAsync(machine)));

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
        Directory.CreateDirectory(machine.Root + "/run/lab");
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

        void Pretend(string text) => File.WriteAllText(machine.Root + "/run/lab/ollama.json", text);
    }

    private static async Task<string[]> LoadedAsync(LabMachine machine) => [.. (await InMemoryAsync(machine)).Select(m => (string)m["name"]!)];

    private static async Task<JsonNode[]> InMemoryAsync(LabMachine machine) =>
        [.. JsonNode.Parse((await machine.RunAsync("curl", "-qsSf", "http://10.77.1.30:11434/api/ps")).Require())!["models"]!.AsArray().Select(m => m!)];

    private static async Task<string> ProcessAsync(LabMachine machine) => (await machine.RunAsync("pgrep", "-f", "^llama-server")).Require();
}
