using Baker.Cli;
using Baker.Clouds.Live.Local;
using Baker.Clouds.Live.Local.Qemu;
using Baker.Tests.Support;

namespace Baker.Tests.Baking;

/// <summary>A spec of a local stack whose image holds no system, and Baker as a user calls it.</summary>
internal sealed class DeskBench : IAsyncDisposable
{
    private readonly LocalDesk _desk = new("duo");

    public DeskBench()
    {
        _desk.HaltingImage();
        Write("halting.img");
    }

    public string Folder => _desk.Path;

    public string State => _desk.State;

    public Dictionary<string, string> Variables => _desk.Variables;

    public string[] Images => Directory.Exists(Path.Combine(State, "images")) ? Directory.GetDirectories(Path.Combine(State, "images")) : [];

    /// <summary>Everything that is kept of stacks and builds: the images alone when nothing is left behind.</summary>
    public string[] Kept => [.. Directory.GetFileSystemEntries(State).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];

    /// <summary>What the newest build of a role has heard so far.</summary>
    public string Log(string role)
    {
        var logs = Path.Combine(Folder, "out/duo/bake/logs");
        return Directory.Exists(logs) && Directory.GetFiles(logs, $"{role}-*.log").Max() is { } newest ? File.ReadAllText(newest) : "";
    }

    public void Write(string image, string more = "") => _desk.File("baker.yaml", $$"""
        version: 1
        name: duo
        evaluation: true
        cloud:
          local: { image: {{image}}{{more}} }
        gitlab:
          url: https://gitlab.desk.test:8443
          tls: { private_ca: generate }
          license: { file: { local_file: ./gitlab.license } }
          machine: 1cpu-1gb
        gateway: { machine: 1cpu-1gb }
        ollama: { machine: 1cpu-1gb }
        """);

    public LocalCloud Cloud(string? image = "halting.img", string? kernel = null, string? initrd = null) => _desk.Cloud(image, kernel, initrd);

    public Task<BakerRun> RunAsync(params string[] arguments) => RunUntilAsync(CancellationToken.None, arguments);

    public async Task<BakerRun> RunUntilAsync(CancellationToken cancel, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var world = new World(TextReader.Null, output, error, Folder, UseColor: false) { Variable = _desk.Variable };
        var code = await BakerCli.RunAsync(arguments, world, cancel);
        return new BakerRun(code, output.ToString(), error.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        // A test that failed half-way leaves builders.
        foreach (var machine in Directory.Exists(State) ? Directory.GetDirectories(State).SelectMany(s => new StackFolder(s).AllMachines) : [])
            await new QemuProcess(machine, TimeProvider.System).CutPowerAsync(CancellationToken.None);
        await _desk.DisposeAsync();
    }
}
