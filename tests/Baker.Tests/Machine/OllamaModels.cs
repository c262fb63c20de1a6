using System.Text.Json.Nodes;
using Baker.Tests.Lab;
using Baker.Tests.Support;

namespace Baker.Tests.Machine;

/// <summary>Ollama's VM as far as its models need it: the program is there, and step <c>models</c> is run by hand.</summary>
internal sealed class OllamaModels : IAsyncDisposable
{
    public const string Incoming = "/var/cache/baker/models";
    public const string Blobs = "/usr/share/ollama/.ollama/models/blobs";
    public const string Manifests = "/usr/share/ollama/.ollama/models/manifests";

    private OllamaModels(LabMachine machine) => Machine = machine;

    public LabMachine Machine { get; }

    /// <summary>What the last run of the step stopped for, with its text.</summary>
    public string Stopped { get; private set; } = "";

    public static async Task<OllamaModels> StartAsync(string ollama = "", params string[] fileSystems)
    {
        var machine = await LabMachine.StartAsync(OllamaTests.Options with { FileSystems = [.. fileSystems] });
        var models = new OllamaModels(machine);
        try
        {
            await models.SpecAsync(ollama);
            foreach (var step in new[] { "prepare", "ollama" })
                (await StepAsync(machine, step)).Require();
            return models;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another spec: scripts and values anew.</summary>
    public async Task SpecAsync(string ollama, Func<string, string>? change = null)
    {
        var spec = LabSpec.Aws(Machine, ollama);
        await Machine.FirstFilesAsync(change is null ? spec : change(spec), "ollama");
    }

    public Task OfferAsync(JsonObject registry) => Machine.SetAsync(new() { ["registry"] = registry });

    /// <summary>Runs the step; the reason it stopped for, or nothing when it ended well.</summary>
    public async Task<string> FetchAsync()
    {
        (await Machine.RunAsync("rm", "-f", "/run/baker/reason")).Require();
        var run = await StepAsync(Machine, "models");
        Stopped = run.Error.Split('\n').LastOrDefault(l => l.StartsWith("stopped: ", StringComparison.Ordinal)) ?? run.Error;
        return run.Code == 0 ? "" : Machine.Exists("/run/baker/reason") ? Machine.Read("/run/baker/reason").Trim() : throw new InvalidOperationException(run.Words);
    }

    /// <summary>Nothing of any model, as on a new machine.</summary>
    public async Task EmptyAsync()
    {
        (await Machine.RunAsync("sh", "-c", "rm -rf /usr/share/ollama/.ollama /var/cache/baker/models /var/lib/baker/steps/models /run/baker/sound-*")).Require();
        await Machine.ClearAsync();
    }

    /// <summary>Every file and folder of the store: owner, mode, path from the store, and for files their sum.</summary>
    public async Task<string[]> StoredAsync() => (await Machine.RunAsync("sh", "-c",
        "cd /usr/share/ollama/.ollama/models && find . -printf '%u:%g %m %P\\n' | sort && find . -type f -exec sha256sum {} + | sort")).Require().Split('\n');

    private static Task<ToolRun> StepAsync(LabMachine machine, string name) => machine.RunAsync("/usr/local/lib/baker/run", "step", name);

    public ValueTask DisposeAsync() => Machine.DisposeAsync();
}
