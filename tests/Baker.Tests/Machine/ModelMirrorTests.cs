using System.Diagnostics;
using System.Text.RegularExpressions;
using Baker.Tests.Lab;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>The mirrors of docs/machine.md, word for word, by the real nginx and the real registry: a model comes from each as from the maker's.</summary>
public sealed class ModelMirrorTests(OneOllama ollama) : IClassFixture<OneOllama>
{
    [Fact]
    public async Task A_model_comes_from_the_web_server_of_the_manual()
    {
        var nginx = Tool.Wanted("nginx", "nginx");
        var models = await ollama.FreshAsync();
        using var folder = new TemporaryFolder();
        var stored = await FillAsync(models, folder.Path);
        var tls = ((string)models.Machine.Offered["certificate"]!, (string)models.Machine.Offered["key"]!);
        var server = ManualMirror.Server(folder.Path, "127.0.0.1:9443", "mirror.lab.test", tls);
        var deeper = Regex.Replace(server, @"\^/v2", "^/some/path/v2").Replace("9443", "9444", StringComparison.Ordinal);
        // Whoever serves pages from it too may have this: nothing is compressed for who does not ask for it.
        folder.File("nginx.conf", ManualMirror.Nginx(folder.Path, "gzip on; gzip_types *; gzip_min_length 1; gzip_proxied any;", server, deeper));
        await using var running = Beside.Start(models.Machine, nginx.Path, "-c", folder.Path + "/nginx.conf", "-e", folder.Path + "/error.log");
        foreach (var url in new[] { "https://mirror.lab.test:9443", "HTTPS://Mirror.Lab.Test:9444/some/path/" })
        {
            await running.ListensAsync(models.Machine, url.Contains("9444", StringComparison.Ordinal) ? 9444 : 9443);
            await models.EmptyAsync();
            await models.SpecAsync("", spec => spec.Replace("https://mirror.lab.test:8444", url, StringComparison.Ordinal));
            Assert.Equal("", await models.FetchAsync());
            Assert.Equal(stored, await models.StoredAsync());
            Assert.Empty(await models.Machine.LogAsync());
        }
    }

    [Fact]
    public async Task A_model_comes_from_the_registry_that_the_manual_fills()
    {
        var registry = Tool.Wanted("docker-registry", "docker-registry");
        var models = await ollama.FreshAsync();
        using var folder = new TemporaryFolder();
        var stored = await FillAsync(models, folder.Path);
        folder.File("config.yml", ManualMirror.Registry(folder.Path, "127.0.0.1:9500"));
        await using var running = Beside.Start(models.Machine, registry.Path, "serve", folder.Path + "/config.yml");
        await running.ListensAsync(models.Machine, 9500);
        (await Beside.RunAsync(models.Machine, "bash", "-euo", "pipefail", "-c", ManualMirror.Push(folder.Path, "http://127.0.0.1:9500"))).Require();

        await models.EmptyAsync();
        await models.SpecAsync("", spec => spec.Replace("https://mirror.lab.test:8444", "http://mirror.lab.test:9500", StringComparison.Ordinal));
        Assert.Equal("", await models.FetchAsync());
        Assert.Equal(stored, await models.StoredAsync());
        Assert.Empty(await models.Machine.LogAsync());
    }

    /// <summary>A store as an Ollama with internet has it, in <c>store</c> below the folder.</summary>
    private static async Task<string[]> FillAsync(OllamaModels models, string folder)
    {
        Assert.Equal("", await models.FetchAsync());
        (await new Tool("/bin/cp").RunAsync("-r", $"{models.Machine.Root}/usr/share/ollama/.ollama/models", folder + "/store")).Require();
        return await models.StoredAsync();
    }

    /// <summary>A program of this machine in the network of a throwaway one, and its end.</summary>
    private sealed class Beside : IAsyncDisposable
    {
        private readonly Process _process;

        private Beside(Process process) => _process = process;

        public static Beside Start(LabMachine machine, params string[] command)
        {
            var start = new ProcessStartInfo(Tool.Find("nsenter")!.Path, [Net(machine), "--", .. command]) { RedirectStandardOutput = true, RedirectStandardError = true };
            var beside = new Beside(Process.Start(start)!);
            _ = beside._process.StandardOutput.ReadToEndAsync();
            _ = beside._process.StandardError.ReadToEndAsync();
            return beside;
        }

        public static Task<ToolRun> RunAsync(LabMachine machine, params string[] command) => Tool.Find("nsenter")!.RunAsync([Net(machine), "--", .. command]);

        public async Task ListensAsync(LabMachine machine, int port)
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.False(_process.HasExited, $"{_process.StartInfo.ArgumentList[2]} has ended");
                if ((await RunAsync(machine, "bash", "-c", $"exec 3<>/dev/tcp/127.0.0.1/{port}")).Code == 0)
                    return;
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
            Assert.Fail($"nothing listens on {port}");
        }

        public async ValueTask DisposeAsync()
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        private static string Net(LabMachine machine) => $"--net={machine.Root[..^"root".Length]}ns/net";
    }
}
