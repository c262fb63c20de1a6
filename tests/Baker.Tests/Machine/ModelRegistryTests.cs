using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>Models from every kind of server that has them, and what is said when one refuses.</summary>
public sealed class ModelRegistryTests(OneOllama ollama) : IClassFixture<OneOllama>
{
    private const string Zeros = "0000000000000000000000000000000000000000000000000000000000000000";
    private const string Manifest = OllamaModels.Manifests + "/registry.ollama.ai/library/mistral/instruct";

    [Fact]
    public async Task A_model_comes_from_every_kind_of_server_and_lies_where_Ollama_looks()
    {
        var models = await ollama.FreshAsync();
        string[]? expected = null;
        foreach (var registry in new JsonObject[]
        {
            new(),
            new() { ["blobs"] = 307 },
            new() { ["blobs"] = 302 },
            new() { ["token"] = "here", ["token_lasts"] = 2 },
            new() { ["token"] = "elsewhere", ["token_lasts"] = 2, ["blobs"] = 307 },
        })
        {
            await models.EmptyAsync();
            await models.OfferAsync(registry);
            Assert.Equal("", await models.FetchAsync());
            var stored = await models.StoredAsync();
            Assert.All(stored.Where(l => l.StartsWith("ollama", StringComparison.Ordinal) || l.StartsWith("root", StringComparison.Ordinal)),
                l => Assert.Matches(@"^ollama:ollama (755|644 (blobs/sha256-|manifests/registry\.ollama\.ai/library/mistral/instruct$))", l));
            Assert.Equal(expected ??= stored, stored);
            foreach (var blob in Directory.GetFiles(models.Machine.Root + OllamaModels.Blobs))
                Assert.Equal("sha256-" + Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(blob, TestContext.Current.CancellationToken))), Path.GetFileName(blob));
            // Nothing twice, and nothing but reading: five blobs, of which one is empty.
            var fetched = (await models.Machine.LogAsync()).Where(r => r.Path.Contains("/blobs/", StringComparison.Ordinal) && r.Status == 200).Select(r => r.Path).ToArray();
            Assert.Equal(fetched.Distinct(), fetched);
            Assert.Equal(5, fetched.Length);
        }
        // And once it is there, nobody is asked.
        await models.Machine.ClearAsync();
        Assert.Equal("", await models.FetchAsync());
        Assert.Empty(await models.Machine.LogAsync());
    }

    [Fact]
    public async Task Every_refusal_has_its_reason()
    {
        const string All = "*/manifests/*", Blobs = "*/blobs/*", Stored = "*/data";
        var models = await ollama.FreshAsync();
        var machine = models.Machine;
        // What Ollama made of all of them was `network`: sentences of its own, forever tried again.
        var answers = new (string Site, string Path, int Code, string Headers, JsonObject Registry, string Reason, string Says)[]
        {
            ("models", All, 401, "", [], "http-401", "wants a login"),
            ("models", All, 401, """{"WWW-Authenticate": "Basic realm=\"registry\""}""", [], "http-401", "wants a login"),
            ("models", All, 401, """{"WWW-Authenticate": "Bearer realm=\"https://mirror.lab.test:8444/token\",service=\"lab\",scope=\"repository:x:pull\""}""", [], "http-401", All[2..^2]),
            ("models", "/token", 401, "", new() { ["token"] = "here" }, "http-401", "/token"),
            ("storage", "/token", 403, "", new() { ["token"] = "elsewhere" }, "http-403", "storage.lab.test:8449/token"),
            ("models", All, 403, "", [], "http-403", "/v2/library/mistral/manifests/instruct"),
            ("models", All, 404, "", [], "model-missing", "mistral:instruct"),
            ("models", All, 412, "", [], "model-missing", "requires a newer version of Ollama"),
            ("models", All, 429, "", [], "http-429", "manifests"),
            ("models", All, 503, "", [], "http-5xx", "manifests"),
            ("models", Blobs, 403, "", [], "http-403", "/blobs/sha256:"),
            ("models", Blobs, 429, "", [], "http-429", "/blobs/sha256:"),
            ("models", Blobs, 404, "", [], "http-404", "/blobs/sha256:"),
            ("storage", Stored, 403, "", new() { ["blobs"] = 307 }, "http-403", "/blobs/sha256:"),
            ("storage", Stored, 429, "", new() { ["blobs"] = 307 }, "http-429", "/blobs/sha256:"),
            ("storage", Stored, 503, "", new() { ["blobs"] = 307 }, "http-5xx", "/blobs/sha256:"),
            // In a circle, and away from TLS: what says which blobs a model has, nobody in between may have written.
            ("models", All, 302, """{"Location": "https://mirror.lab.test:8444/v2/library/mistral/manifests/instruct"}""", [], "http-4xx", "in a circle, or away from TLS"),
            ("models", All, 301, """{"Location": "http://mirror.lab.test:8080/debian/dists/trixie/Release"}""", [], "http-4xx", "in a circle, or away from TLS"),
            ("models", Blobs, 307, """{"Location": "/v2/library/mistral/blobs/sha256:0"}""", [], "http-4xx", "in a circle, or away from TLS"),
        };
        foreach (var answer in answers)
        {
            await models.EmptyAsync();
            await models.OfferAsync(answer.Registry.DeepClone().AsObject());
            var fault = new JsonObject { ["site"] = answer.Site, ["path"] = answer.Path, ["do"] = "status", ["code"] = answer.Code, ["times"] = -1, ["body"] = "<html>no</html>" };
            if (answer.Headers.Length > 0)
                fault["headers"] = JsonNode.Parse(answer.Headers);
            await machine.AskAsync(new() { ["do"] = "fault", ["fault"] = fault });
            Assert.Equal((answer.Site, answer.Path, answer.Code, answer.Reason), (answer.Site, answer.Path, answer.Code, await models.FetchAsync()));
            Assert.Contains(answer.Says, models.Stopped, StringComparison.Ordinal);
            // A signed address is as good as a password.
            Assert.DoesNotContain("X-Amz", models.Stopped, StringComparison.Ordinal);
            Assert.False(machine.Exists(Manifest));
            // Each is asked once, or twice where a token was got between: nobody is pestered. Circles end.
            Assert.InRange((await machine.LogAsync()).Count(r => r.Status == answer.Code && r.Site == answer.Site && r.Fault == "status"), 1, answer.Says.Contains("circle", StringComparison.Ordinal) ? 51 : 2);
        }

        // An answer, and no model: a web server's own page, with which some answer everything; a list of manifests; an image of a container, whose layers would be fetched for nothing.
        const string Layer = $$"""{"digest": "sha256:{{Zeros}}", "size": 700000000, "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip"}""";
        foreach (var body in new[] { "<html>no</html>", $$"""{"schemaVersion": 2, "manifests": [{{Layer}}]}""", $$"""{"schemaVersion": 2, "config": {{Layer}}, "layers": [{{Layer}}]}""" })
        {
            await models.EmptyAsync();
            await models.OfferAsync([]);
            await machine.AskAsync(new() { ["do"] = "fault", ["fault"] = new JsonObject { ["site"] = "models", ["path"] = All, ["do"] = "status", ["code"] = 200, ["times"] = -1, ["body"] = body } });
            Assert.Equal("model-missing", await models.FetchAsync());
            Assert.Contains("is no manifest of a model", models.Stopped, StringComparison.Ordinal);
            Assert.Single(await machine.LogAsync());
        }

        // A proxy: of what it refuses curl tells no status of a server.
        await models.EmptyAsync();
        await models.OfferAsync([]);
        foreach (var (code, reason) in new[] { (407, "http-407"), (403, "http-403"), (503, "http-5xx") })
        {
            await models.SpecAsync("", spec => spec + "\n  proxy: http://proxy.lab.test:3128\n");
            (await machine.RunAsync("sh", "-c", "grep -q proxy.lab.test /etc/hosts || echo 127.0.0.1 proxy.lab.test >>/etc/hosts")).Require();
            (await machine.RunAsync("systemd-run", "-q", $"--unit=proxy-{code}", "python3", "-c", $$"""
                import socket
                server = socket.create_server(("127.0.0.1", 3128))
                while True:
                    client, _ = server.accept()
                    client.recv(65536)
                    client.sendall(b"HTTP/1.1 {{code}} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    client.close()
                """)).Require();
            (await machine.RunAsync("sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do ss -lnt | grep -q 3128 && exit; /usr/bin/sleep 0.3; done")).Require();
            Assert.Equal(reason, await models.FetchAsync());
            Assert.Contains("the proxy", models.Stopped, StringComparison.Ordinal);
            (await machine.RunAsync("systemctl", "stop", $"proxy-{code}")).Require();
        }
    }

    [Fact]
    public async Task A_damaged_blob_is_said_to_be_that_and_is_not_fetched_again_at_once()
    {
        var models = await ollama.FreshAsync();
        await models.Machine.FaultAsync("models", "*/blobs/*", "wrong", times: -1);
        Assert.Equal("checksum", await models.FetchAsync());
        var blob = Assert.Single(await models.Machine.LogAsync(), r => r.Path.Contains("/blobs/", StringComparison.Ordinal)).Path;
        Assert.Contains(blob, models.Stopped, StringComparison.Ordinal);
        Assert.False(models.Machine.Exists(Manifest));
        Assert.Empty(Directory.Exists(models.Machine.Root + OllamaModels.Blobs) ? Directory.GetFiles(models.Machine.Root + OllamaModels.Blobs) : []);

        // One that broke off and goes on wrongly is fetched once more from its beginning: perhaps the beginning was damaged.
        await models.EmptyAsync();
        await models.Machine.FaultAsync("models", "*/blobs/*", "truncate", times: 1, bytes: 3_000_000);
        Assert.Equal("network", await models.FetchAsync());
        await models.Machine.FaultAsync("models", "*/blobs/*", "wrong", times: 1);
        Assert.Equal("", await models.FetchAsync());
    }

    [Fact]
    public async Task A_manifest_with_a_wrong_size_is_said_to_have_one()
    {
        var models = await ollama.FreshAsync();
        await models.Machine.SetAsync(new() { ["registry"] = new JsonObject { ["sizes"] = "wrong" } });
        Assert.Equal("checksum", await models.FetchAsync());
        Assert.Matches(@"stopped: checksum: the manifest of mistral:instruct says [0-9]+ bytes of sha256:[0-9a-f]{64}, which has [0-9]+", models.Stopped);
        Assert.False(models.Machine.Exists(Manifest));
        await models.Machine.ClearAsync();
        // What has come lies there, and is not fetched again.
        Assert.Equal("checksum", await models.FetchAsync());
        Assert.DoesNotContain(await models.Machine.LogAsync(), r => r.Path.Contains("/blobs/", StringComparison.Ordinal));
        await models.Machine.SetAsync(new() { ["registry"] = new JsonObject() });
        Assert.Equal("", await models.FetchAsync());
    }

    [Fact]
    public async Task A_model_that_is_pinned_is_compared_before_anything_large_comes()
    {
        var models = await ollama.FreshAsync();
        var digest = (string)(await models.Machine.AskAsync(new() { ["do"] = "digest", ["model"] = "library/mistral:instruct" }))["digest"]!;
        await models.SpecAsync($"  models: ['mistral:instruct@sha256:{new string('0', 64)}']\n");
        Assert.Equal("model-changed", await models.FetchAsync());
        Assert.Equal($"stopped: model-changed: mistral:instruct is {digest}", models.Stopped);
        Assert.DoesNotContain(await models.Machine.LogAsync(), r => r.Path.Contains("/blobs/", StringComparison.Ordinal));

        await models.SpecAsync($"  models: ['mistral:instruct@sha256:{digest}']\n");
        Assert.Equal("", await models.FetchAsync());
        // The tag moves on, and what is there stays; unless the spec names the new one.
        await models.Machine.SetAsync(new() { ["models"] = new JsonObject { ["library/mistral:instruct"] = "new" } });
        await models.Machine.ClearAsync();
        Assert.Equal("", await models.FetchAsync());
        Assert.Empty(await models.Machine.LogAsync());
        var moved = (string)(await models.Machine.AskAsync(new() { ["do"] = "digest", ["model"] = "library/mistral:instruct" }))["digest"]!;
        await models.SpecAsync($"  models: ['mistral:instruct@sha256:{moved}']\n");
        Assert.Equal("", await models.FetchAsync());
        Assert.Equal(moved, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(models.Machine.Root + Manifest, TestContext.Current.CancellationToken))));
    }

    [Fact]
    public async Task A_model_whose_name_has_a_host_comes_from_there_and_lies_where_Ollama_has_it()
    {
        const string Name = "Some_One/Mistral-7B.GGUF", Tag = "Q4_K_M";
        var models = await ollama.FreshAsync();
        var machine = models.Machine;
        await machine.SetAsync(new() { ["models"] = new JsonObject { [$"{Name}:{Tag}"] = "one" } });
        // What is set in the place of Ollama's own registry is for names without a host.
        await models.SpecAsync($"  models: ['mirror.lab.test:8444/{Name}:{Tag}']\n", spec => spec.Replace("models: https://mirror.lab.test:8444", "models: https://nobody.lab.test", StringComparison.Ordinal));
        Assert.Equal("", await models.FetchAsync());
        Assert.Equal($"/v2/{Name}/manifests/{Tag}", (await machine.LogAsync()).First(r => r.Site == "models").Path);
        var at = $"mirror.lab.test:8444/{Name}:{Tag}".ToLowerInvariant();
        Assert.True(machine.Exists($"{OllamaModels.Manifests}/{at.Replace("gguf:", "gguf/", StringComparison.Ordinal)}"));

        // As Ollama lists it.
        (await machine.RunAsync("sh", "-c", """
            systemd-run -q --unit=ollama-here -p User=ollama -E HOME=/usr/share/ollama -E OLLAMA_HOST=127.0.0.1:11500 -E OLLAMA_NO_CLOUD=1 /usr/local/bin/ollama serve
            for i in $(/usr/bin/seq 300); do curl -qsf -m 5 http://127.0.0.1:11500/ >/dev/null && exit; /usr/bin/sleep 0.2; done; exit 1
            """)).Require();
        Assert.Contains($"\"{at}\"", (await machine.RunAsync("curl", "-qsSf", "http://127.0.0.1:11500/api/tags")).Require(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_at_ten_moments_it_goes_on_where_it_was()
    {
        var models = await ollama.FreshAsync();
        var machine = models.Machine;
        const int Size = 8 << 20;
        await machine.AskAsync(new()
        {
            ["do"] = "fault",
            ["fault"] = new JsonObject { ["site"] = "models", ["path"] = "*/blobs/*", ["do"] = "slow", ["bytes_per_second"] = 100_000, ["times"] = -1 },
        });
        var kept = new List<long>();
        for (var kill = 1; kill <= 10; kill++)
        {
            (await machine.RunAsync("systemd-run", "-q", "--unit=fetch", "/usr/local/lib/baker/run", "step", "models")).Require();
            for (var i = 0; i < 1200 && Come() < kept.LastOrDefault() + 300_000; i++)
                await Task.Delay(50, TestContext.Current.CancellationToken);
            await machine.RunAsync("systemctl", "kill", "--kill-whom=all", "--signal=KILL", "fetch");
            await machine.RunAsync("sh", "-c", "while systemctl is-active -q fetch; do /usr/bin/sleep 0.1; done; systemctl reset-failed fetch");
            kept.Add(Come());
            Assert.False(machine.Exists(Manifest));
        }
        // A server sees that its client is gone when it next writes to it, and only then logs the request.
        var log = await machine.LogAsync();
        for (var i = 0; i < 600 && Of(log).Length < kept.Count; i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            log = await machine.LogAsync();
        }
        await machine.ClearAsync();
        Assert.Equal("", await models.FetchAsync());
        var weights = Of(log.Concat(await machine.LogAsync()));
        Assert.Equal(kept.Select(k => $"bytes={k}-"), weights.Select(r => r.Range).Where(r => r.Length > 0 && r != "bytes=0-"));
        // What was under way when it was killed. A part of Ollama's own pull, which begins anew with each, has 100 MB and more.
        var twice = weights.Sum(r => r.Bytes) - Size;
        TestContext.Current.SendDiagnosticMessage($"{weights.Length} requests, {twice} bytes sent twice");
        Assert.InRange(twice, 0, 4 << 20);

        LabRequest[] Of(IEnumerable<LabRequest> log) =>
            log.Where(r => r.Path.Contains("/blobs/", StringComparison.Ordinal)).GroupBy(r => r.Path).MaxBy(g => g.Count())?.ToArray() ?? [];
        long Come() => Directory.Exists(machine.Root + OllamaModels.Incoming) ? Directory.GetFiles(machine.Root + OllamaModels.Incoming, "*.part").Sum(f => new FileInfo(f).Length) : 0;
    }

    [Fact]
    public async Task What_an_earlier_Baker_had_pulled_is_taken_as_it_is()
    {
        var models = await ollama.FreshAsync();
        var machine = models.Machine;
        Assert.Equal("", await models.FetchAsync());
        var stored = await models.StoredAsync();
        // As Ollama wrote it: in the letters of the spec; and a pull that was cut off.
        (await machine.RunAsync("sh", "-c", $"""
            cd {OllamaModels.Manifests}/registry.ollama.ai/library
            mv mistral Mistral && mv Mistral/instruct Mistral/Instruct
            touch {OllamaModels.Blobs}/sha256-{new string('0', 64)}-partial {OllamaModels.Blobs}/sha256-{new string('0', 64)}-partial-0
            """)).Require();
        await machine.ClearAsync();
        await models.SpecAsync("  models: ['library/Mistral:Instruct']\n");
        Assert.Equal("", await models.FetchAsync());
        Assert.Empty(await machine.LogAsync());
        (await machine.RunAsync("sh", "-c", $"rmdir {OllamaModels.Manifests}/registry.ollama.ai/library/Mistral")).Require();
        Assert.Equal(stored, await models.StoredAsync());
    }
}
