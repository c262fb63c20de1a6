using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Baker.Clouds.Live;
using Baker.Tests.Support;
using Xunit;

namespace Baker.BootTests;

/// <summary>Ollama's machine at a site without internet, as in examples/offline.yaml: its model comes from the mirrors that docs/machine.md describes, by the real programs.</summary>
[Trait("tier", "all")]
public sealed partial class OfflineModelTests : IAsyncDisposable
{
    private readonly LocalDesk _desk = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData("nginx"), InlineData("docker-registry")]
    public async Task The_offline_example_gets_its_model_from_a_plain_server_in_a_boot(string server)
    {
        var program = Tool.Wanted(server, server);
        await using var lab = await BootLab.StartAsync();
        var files = await FillAsync(lab);
        var port = FreePort();
        var (certificate, key) = (lab.Text("certificate"), lab.Text("key"));
        string[] command = server == "nginx"
            ? [program.Path, "-e", At("error.log"), "-c", _folder.File("nginx.conf", ManualMirror.Nginx(_folder.Path, ManualMirror.Server(_folder.Path, $"127.0.0.1:{port}", "10.0.2.2", (certificate, key))))]
            : [program.Path, "serve", _folder.File("config.yml", ManualMirror.Registry(_folder.Path, $"127.0.0.1:{port}", $", tls: {{ certificate: {certificate}, key: {key} }}"))];
        using var mirror = Process.Start("/bin/sh", ["-c", $"exec {string.Join(' ', command)} >>{At("access.log")} 2>{At("said.log")}"]);
        try
        {
            await ListensAsync(mirror, port);
            if (server != "nginx")
                (await Curl(lab, "bash").RunAsync("-euo", "pipefail", "-c", ManualMirror.Push(_folder.Path, $"https://127.0.0.1:{port}"))).Require();
            lab.Said["mirrors"]!["models"] = $"https://10.0.2.2:{port}";
            await lab.TellAsync(new() { ["do"] = "clear" });
            await ReadyAsync(lab);
        }
        finally
        {
            mirror.Kill();
            await mirror.WaitForExitAsync(Cancel);
        }

        // Everything from this mirror, each part once, and nothing from any other.
        Assert.Equal(files, Answered().Matches(File.ReadAllText(At("access.log"))).Select(m => m.Groups["path"].Value).Order(StringComparer.Ordinal));
        var asked = (await lab.TellAsync(new() { ["do"] = "log" }))["log"]!.AsArray();
        Assert.Contains("release", asked.Select(r => (string?)r!["site"]));
        Assert.DoesNotContain(asked, r => (string?)r!["site"] is "models" or "storage");
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Boots the machine, until its model is loaded.</summary>
    private async Task ReadyAsync(BootLab lab)
    {
        await using var stack = await StackOnDesk.DescribeAsync(lab, "island", 18456, "10.77");
        await stack.DoneAsync("render", "--out", stack.At("rendered"));
        var cloud = _desk.Cloud(Path.Combine(lab.Image, "image"), Path.Combine(lab.Image, "kernel"), Path.Combine(lab.Image, "initrd"));
        await cloud.Network.EnsureAsync(_desk.WantedNetwork(), "local", Cancel);
        var wanted = _desk.WantedMachine("ollama", "10.77.1.30", File.ReadAllText(stack.At("rendered/cloud-init/ollama.yaml")), "2cpu-2gb", 20);
        var machine = await cloud.Machines.CreateAsync(wanted, new Placement("local", await cloud.Images.ResolveAsync(wanted.Image, Cancel), null, null), Cancel);
        var said = await MachineTests.WaitAsync(cloud, machine, "\"state\":\"ready\"");
        Assert.DoesNotContain("\"state\":\"failed\"", said, StringComparison.Ordinal);
        Assert.DoesNotMatch("\"step\":\"models\",\"state\":\"retrying\"", said);
    }

    /// <summary>Makes <c>store</c>, as an Ollama with internet has it after its own pull.</summary>
    /// <returns>What a machine without the model asks for, in the order of the alphabet.</returns>
    private async Task<string[]> FillAsync(BootLab lab)
    {
        const string Name = "/v2/library/mistral";
        var registry = lab.Text("mirrors", "models").Replace("10.0.2.2", "127.0.0.1", StringComparison.Ordinal);
        var manifest = At("store/manifests/registry.ollama.ai/library/mistral/instruct");
        await FetchAsync(Name + "/manifests/instruct", manifest);
        var parts = JsonNode.Parse(await File.ReadAllTextAsync(manifest, Cancel))!;
        string[] digests = [(string)parts["config"]!["digest"]!, .. parts["layers"]!.AsArray().Select(l => (string)l!["digest"]!)];
        foreach (var digest in digests)
            await FetchAsync($"{Name}/blobs/{digest}", At("store/blobs/" + digest.Replace(':', '-')));
        return [.. digests.Select(d => $"{Name}/blobs/{d}").Append(Name + "/manifests/instruct").Order(StringComparer.Ordinal)];

        async Task FetchAsync(string path, string to) => (await Curl(lab, "curl").RunAsync("-qfsS", "--create-dirs", "-o", to, registry + path)).Require();
    }

    private static Tool Curl(BootLab lab, string program) =>
        Tool.Wanted(program, program) with { Environment = Tool.NoEnvironment.Add("CURL_CA_BUNDLE", lab.Text("ca")) };

    private string At(string file) => Path.Combine(_folder.Path, file);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task ListensAsync(Process server, int port)
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.False(server.HasExited, File.Exists(At("said.log")) ? File.ReadAllText(At("said.log")) : "");
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, Cancel);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(100, Cancel);
            }
        }
        Assert.Fail($"nothing listens on {port}");
    }

    /// <summary>A line of either server's log: what was read, and given whole.</summary>
    [GeneratedRegex("\"GET (?<path>/v2/[^ ]+) HTTP/[0-9.]+\" 200 ")]
    private static partial Regex Answered();
}
