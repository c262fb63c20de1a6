using System.Diagnostics;
using System.Text.RegularExpressions;
using Baker.Tests.Lab;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>The mirrors of docs/machine.md, word for word, by the real nginx and the real registry: a model comes from each as from the maker's.</summary>
public class ModelMirrorTests
{
    [Fact]
    public async Task A_model_comes_from_the_web_server_of_the_manual()
    {
        var nginx = Tool.Wanted("nginx", "nginx");
        await using var models = await OllamaModels.StartAsync();
        using var folder = new TemporaryFolder();
        var stored = await FillAsync(models, folder.Path);
        var tls = Path.Combine(Path.GetDirectoryName((string)models.Machine.Offered["ca"]!)!, "");
        var pem = Directory.GetFiles(tls, "servers-eu-north-1-*.pem").OrderByDescending(File.GetLastWriteTimeUtc).First();
        var server = Block("nginx").Replace("listen 443 ssl;", "listen 127.0.0.1:9443 ssl; access_log off;", StringComparison.Ordinal)
            .Replace("models.example.internal", "mirror.lab.test", StringComparison.Ordinal)
            .Replace("/etc/nginx/models.pem", pem, StringComparison.Ordinal).Replace("/etc/nginx/models.key", Path.ChangeExtension(pem, ".key"), StringComparison.Ordinal)
            .Replace("/srv/models", folder.Path + "/store", StringComparison.Ordinal);
        var deeper = Regex.Replace(server, @"\^/v2", "^/some/path/v2").Replace("9443", "9444", StringComparison.Ordinal);
        // In the foreground and one process, so that it ends with the test; it reads what root has stored.
        folder.File("nginx.conf", $$"""
            daemon off; master_process off; user root; pid {{folder.Path}}/pid; error_log {{folder.Path}}/error.log;
            events { }
            http {
              client_body_temp_path {{folder.Path}}/t1; proxy_temp_path {{folder.Path}}/t2; fastcgi_temp_path {{folder.Path}}/t3; uwsgi_temp_path {{folder.Path}}/t4; scgi_temp_path {{folder.Path}}/t5;
            {{server}}
            {{deeper}}
            }
            """);
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
        await using var models = await OllamaModels.StartAsync();
        using var folder = new TemporaryFolder();
        var stored = await FillAsync(models, folder.Path);
        folder.File("config.yml", $$"""
            version: 0.1
            log: { level: error, accesslog: { disabled: true } }
            storage: { filesystem: { rootdirectory: {{folder.Path}}/registry } }
            http: { addr: "127.0.0.1:9500" }
            """);
        await using var running = Beside.Start(models.Machine, registry.Path, "serve", folder.Path + "/config.yml");
        await running.ListensAsync(models.Machine, 9500);
        var push = Block("sh", "blobs/uploads").Replace("~/.ollama/models", folder.Path + "/store", StringComparison.Ordinal)
            .Replace("https://registry.example.internal:5000", "http://127.0.0.1:9500", StringComparison.Ordinal);
        (await Beside.RunAsync(models.Machine, "bash", "-euo", "pipefail", "-c", push)).Require();

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

    private static string Block(string language, string with = "") =>
        ManualPage.Read("docs/machine.md").Fences().Single(f => f.Language == language && f.Text.Contains(with, StringComparison.Ordinal)).Text;

    /// <summary>A program of this machine in the network of a throwaway one, and its end.</summary>
    private sealed class Beside : IAsyncDisposable
    {
        private readonly Process _process;

        private Beside(Process process) => _process = process;

        public static Beside Start(LabMachine machine, params string[] command)
        {
            var start = new ProcessStartInfo(Tool.Find("nsenter")!.Path, [Net(machine), "--", .. command]) { RedirectStandardError = true };
            var beside = new Beside(Process.Start(start)!);
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
