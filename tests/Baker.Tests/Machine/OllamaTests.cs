using System.Text.Json.Nodes;
using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>Ollama's VM from power-on to a loaded model, and everything that may come in between.</summary>
public class OllamaTests
{
    internal static readonly LabOptions Options = new() { Cloud = "aws", Addresses = ["10.77.1.30/24"] };
    private const int Long = 900;

    [Fact]
    public async Task Downloads_that_fail_in_every_way_end_with_a_loaded_model_and_nothing_is_fetched_twice()
    {
        await using var machine = await LabMachine.StartAsync(Options);
        await machine.FaultAsync("release", "*.tar.zst", "status", times: 1);
        await machine.FaultAsync("release", "*.tar.zst", "truncate", times: 1, bytes: 1_000_000);
        await machine.FaultAsync("release", "*.tar.zst", "reset", times: 1, bytes: 500_000);
        await machine.FaultAsync("release", "*.tar.zst", "wrong", times: 2);
        await machine.FaultAsync("models", "*/manifests/*", "status", times: 1);
        await machine.FaultAsync("models", "*/blobs/*", "truncate", times: 2, bytes: 3_000_000);
        await machine.BeAsync(LabSpec.Aws(machine), "ollama");
        await machine.ReadyAsync(Long);

        var reasons = machine.Said.Where(s => s.State is "retrying" or "failed").Select(s => $"{s.Step}: {s.Reason}").Distinct().ToArray();
        Assert.Superset(new HashSet<string> { "ollama: http-5xx", "ollama: network", "models: http-5xx" }, reasons.ToHashSet());
        // What broke off was continued, not begun anew.
        Assert.Contains(await machine.LogAsync(), r => r is { Site: "release", Status: 206 });
        await LoadedAsync(machine, "mistral:instruct", 16384);
        Assert.Equal("active", (await machine.RunAsync("systemctl", "is-active", "ollama-firewall", "ollama")).Out.Split('\n')[0]);
        Assert.Contains("ip saddr", (await machine.RunAsync("nft", "list", "table", "inet", "baker")).Require(), StringComparison.Ordinal);

        await machine.ClearAsync();
        await machine.RestartRunnerAsync();
        await machine.ReadyAsync(Long);
        await machine.CrashAsync();
        await machine.ReadyAsync(Long);
        Assert.Empty(await FetchedAsync(machine));
        await LoadedAsync(machine, "mistral:instruct", 16384);

        // A stamp that is half written counts as none: the step runs again and finds its work done.
        File.WriteAllText(machine.Root + "/var/lib/baker/steps/models", "5d41402a");
        await machine.RestartRunnerAsync();
        await machine.ReadyAsync(Long);
        Assert.Equal(69, machine.Read("/var/lib/baker/steps/models").Length);
        Assert.Empty(await FetchedAsync(machine));

        // A changed value runs its own step again, and no other.
        await machine.ServeAsync(await LabSpec.RenderAsync(LabSpec.Aws(machine, "  context_length: 8192\n"), "ollama"));
        await machine.RestartRunnerAsync();
        await machine.ReadyAsync(Long);
        await LoadedAsync(machine, "mistral:instruct", 8192);
        Assert.Empty(await FetchedAsync(machine));

        await machine.SetAsync(new JsonObject { ["models"] = new JsonObject { ["library/qwen3:8b"] = "other" } });
        await machine.ServeAsync(await LabSpec.RenderAsync(LabSpec.Aws(machine, "  context_length: 8192\n  models: [qwen3:8b]\n"), "ollama"));
        await machine.RestartRunnerAsync();
        await machine.ReadyAsync(Long);
        await LoadedAsync(machine, "qwen3:8b", 8192);
        Assert.DoesNotContain("mistral", await GetAsync(machine, "/api/tags"), StringComparison.Ordinal);
        Assert.DoesNotContain(await FetchedAsync(machine), r => r.Site == "release");
    }

    [Fact]
    public async Task A_model_that_the_registry_does_not_have_is_named_and_comes_when_it_is_there()
    {
        await using var machine = await LabMachine.StartAsync(Options);
        await machine.BeAsync(LabSpec.Aws(machine, "  models: [qwen3:8b]\n"), "ollama");
        await machine.UntilAsync(s => s is { Step: "models", State: "failed", Reason: "model-missing" }, Long);
        Assert.Contains("stopped: model-missing: qwen3:8b", (await machine.RunAsync("journalctl", "-u", "baker", "--no-pager", "-o", "cat")).Out, StringComparison.Ordinal);

        await machine.SetAsync(new JsonObject { ["models"] = new JsonObject { ["library/qwen3:8b"] = "other" } });
        await machine.SkipAsync(900);
        await machine.ReadyAsync(Long);
        await LoadedAsync(machine, "qwen3:8b", 16384);
    }

    [Fact]
    public async Task A_blob_that_power_was_lost_under_is_fetched_again_and_no_other()
    {
        await using var machine = await LabMachine.StartAsync(Options);
        await machine.BeAsync(LabSpec.Aws(machine), "ollama");
        await machine.ReadyAsync(Long);
        var late = Directory.GetFiles(machine.Root + OllamaModels.Blobs).Order(StringComparer.Ordinal).First();
        var right = File.ReadAllBytes(late);
        var name = Path.GetFileName(late);

        // Ollama pulled it itself, as with an earlier Baker, and its end was not on the disk yet: the size is right.
        File.WriteAllBytes(late, new byte[right.Length]);
        File.Delete(machine.Root + "/var/lib/baker/steps/models");
        await machine.ClearAsync();
        await machine.CrashAsync();
        await machine.ReadyAsync(Long);
        Assert.Equal(right, File.ReadAllBytes($"{machine.Root}{OllamaModels.Blobs}/{name}"));
        Assert.Equal(name[7..], Assert.Single(await FetchedAsync(machine), r => r.Path.Contains("/blobs/", StringComparison.Ordinal)).Path[^64..]);
        await LoadedAsync(machine, "mistral:instruct", 16384);
    }

    [Fact]
    public async Task Models_that_came_with_an_image_are_read_once_where_blocks_of_an_image_come_late()
    {
        await using var machine = await LabMachine.StartAsync(Options);
        await machine.BeAsync(LabSpec.Aws(machine), "ollama");
        await machine.ReadyAsync(Long);
        // The server reads what is small, a model's parameters, whenever it loads the model.
        var blobs = Directory.GetFiles(machine.Root + OllamaModels.Blobs).Where(b => new FileInfo(b).Length > 100_000).ToArray();
        Assert.NotEmpty(blobs);

        const string Stamps = "/var/lib/baker/steps/";
        var longAgo = DateTime.UnixEpoch.AddDays(10_000);
        // Pulled by this machine: nothing is read.
        File.Delete(machine.Root + Stamps + "warm");
        Assert.Equal(0, await ReadAsync());
        // Pulled before it had its id: every one is, and at the next start none.
        File.Delete(machine.Root + Stamps + "warm");
        File.SetLastWriteTimeUtc(machine.Root + Stamps + "models", longAgo);
        Assert.Equal(blobs.Length, await ReadAsync());
        Assert.Equal(0, await ReadAsync());

        async Task<int> ReadAsync()
        {
            foreach (var blob in blobs)
                File.SetLastAccessTimeUtc(blob, longAgo);
            await machine.RestartRunnerAsync();
            await machine.ReadyAsync(Long);
            return blobs.Count(b => File.GetLastAccessTimeUtc(b) > longAgo);
        }
    }

    [Fact]
    public async Task Killed_before_in_the_middle_of_and_after_every_step_it_ends_as_if_it_had_not_been()
    {
        string[] expected;
        await using (var calm = await LabMachine.StartAsync(Options))
        {
            await calm.BeAsync(LabSpec.Aws(calm), "ollama");
            await calm.ReadyAsync(Long);
            expected = await EndState.OfAsync(calm);
        }
        await using var machine = await LabMachine.StartAsync(Options);
        await machine.BeAsync(LabSpec.Aws(machine), "ollama");
        var kills = await Killer.RunAsync(machine, ["prepare", "filter-package", "ollama", "models", "service", "request-filter", "warm", "unused-models"], ["driver", "gpu", "firewall", "server", "model"]);
        await machine.ReadyAsync(Long);
        Assert.Equal(expected, await EndState.OfAsync(machine));
        // Most steps are long enough to be met three times; all are met once.
        Assert.All(kills, k => Assert.True(k.Value > 0, $"{k.Key} was never killed"));
        Assert.InRange(kills.Values.Sum(), 16, 29);
    }

    private static async Task<LabRequest[]> FetchedAsync(LabMachine machine) => [.. (await machine.LogAsync()).Where(r => r.Site is "release" or "models" && r.Bytes > 0)];

    private static async Task<string> GetAsync(LabMachine machine, string path) => (await machine.RunAsync("curl", "-qsSf", "http://10.77.1.30:11435" + path)).Require();

    private static async Task LoadedAsync(LabMachine machine, string name, int context)
    {
        var model = Assert.Single(JsonNode.Parse(await GetAsync(machine, "/api/ps"))!["models"]!.AsArray());
        Assert.Equal((name, context), ((string?)model!["name"], (int)model["context_length"]!));
    }
}
