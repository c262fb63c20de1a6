using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Baker.Tests.Support;
using Xunit;

namespace Baker.BootTests;

/// <summary>How heavy the stand-ins are, and how fast they come; their own few megabytes without it.</summary>
/// <param name="Package">Megabytes of GitLab's package; likewise the others.</param>
/// <param name="Pace">Megabytes a second, of each answer.</param>
public sealed record Weights(int Package, int GatewayImage, int Model, int Pace);

/// <summary>What machines boot from and reach: a bootable image and the lab's servers on loopback, which guests know as 10.0.2.2.</summary>
public sealed class BootLab : IAsyncDisposable
{
    private readonly Process _servers;

    private BootLab(string image, Process servers, JsonNode said) => (Image, _servers, Said) = (image, servers, said);

    /// <summary>Folder with <c>image</c>, <c>kernel</c> and <c>initrd</c>.</summary>
    public string Image { get; }

    /// <summary>URLs of the servers, their authority, and what is known of Ollama's release.</summary>
    public JsonNode Said { get; }

    public static async Task<BootLab> StartAsync(Weights? weights = null)
    {
        var environment = ImmutableDictionary<string, string>.Empty;
        if (weights is not null)
            environment = environment.Add("GITLAB_MB", $"{weights.Package}").Add("GATEWAY_MB", $"{weights.GatewayImage}");
        var image = await ImageAsync();
        var packages = await MadeAsync(environment, "lab", "packages");
        var gateway = await MadeAsync(environment, "lab", "gateway", "build");
        var folder = Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "baker-tests", "boot-lab");
        var start = new ProcessStartInfo(Tool.Wanted("python3", "python3").Path, ["-m", "servers", "--folder", folder, "--apt", packages, "--gateway", gateway, "--host", "10.0.2.2"])
        {
            WorkingDirectory = Checkout.PathOf("tests", "lab"),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var servers = Process.Start(start)!;
        var said = await servers.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException("the lab's servers said nothing");
        var lab = new BootLab(image, servers, JsonNode.Parse(said)!);
        if (weights is not null)
        {
            await lab.TellAsync(new() { ["do"] = "set", ["state"] = new JsonObject { ["model_bytes"] = weights.Model * 1_000_000 } });
            await lab.TellAsync(new() { ["do"] = "fault", ["fault"] = new JsonObject { ["path"] = "*", ["do"] = "slow", ["bytes_per_second"] = weights.Pace * 1_000_000, ["times"] = -1 } });
        }
        return lab;
    }

    /// <summary>Folder of an image that boots. Where something that it takes is missing, the calling test counts as skipped.</summary>
    public static Task<string> ImageAsync()
    {
        foreach (var (tool, package) in new[] { ("qemu-system-x86_64", "qemu-system-x86"), ("qemu-img", "qemu-utils"), ("ssh", "openssh-client"), ("debootstrap", "debootstrap"), ("mke2fs", "e2fsprogs") })
            Tool.Wanted(tool, package);
        return MadeAsync(ImmutableDictionary<string, string>.Empty, "boot", "image");
    }

    /// <summary>Keys of a spec's section <c>ollama</c>, indented by two.</summary>
    public string OllamaRelease => $"""
        version: {Text("ollama", "version")}
          sha256: {Text("ollama", "sha256")}
        """;

    /// <summary>A spec's section <c>mirrors</c>: these servers, and the authority of their certificates.</summary>
    public string Mirrors => $"""
        mirrors:
          apt: {Text("mirrors", "apt")}
          ollama: {Text("mirrors", "ollama")}
          models: {Text("mirrors", "models")}
          gateway_registry: {Text("mirrors", "gateway_registry")}
          gitlab_packages: {Text("mirrors", "gitlab_packages")}
          gitlab_packages_key: {Text("mirrors", "gitlab_packages_key")}
          gitlab_packages_fingerprint: {Text("mirrors", "gitlab_packages_fingerprint")}
          ca: |
        {string.Join('\n', File.ReadAllText(Text("ca")).TrimEnd().Split('\n').Select(l => "    " + l))}

        """;

    public string Text(params string[] keys) => keys.Aggregate(Said, (node, key) => node[key]!).GetValue<string>();

    /// <summary>A command to the servers (tests/lab/README.md), with their answer.</summary>
    public async Task<JsonNode> TellAsync(JsonObject command)
    {
        await _servers.StandardInput.WriteLineAsync(command.ToJsonString());
        await _servers.StandardInput.FlushAsync();
        return JsonNode.Parse(await _servers.StandardOutput.ReadLineAsync() ?? "{}")!;
    }

    public async ValueTask DisposeAsync()
    {
        _servers.StandardInput.Close();
        await _servers.WaitForExitAsync();
        _servers.Dispose();
    }

    private static async Task<string> MadeAsync(ImmutableDictionary<string, string> environment, params string[] script)
    {
        var run = await new Tool(Checkout.PathOf(["tests", .. script])) { Environment = environment, TimeLimit = TimeSpan.FromMinutes(30) }.RunAsync();
        if (run.Code != 0)
            Assert.Skip(run.Error.Trim());
        return run.Out.Trim();
    }
}
