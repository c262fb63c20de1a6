using System.Text.Json.Nodes;
using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>Pulling the image from a registry that is not well. Docker is the real one.</summary>
public class GatewayImageTests(GatewayImageTests.Waiting waiting) : IClassFixture<GatewayImageTests.Waiting>
{
    [Theory]
    [InlineData("*", "status", 503, "http-5xx")]
    [InlineData("*", "status", 401, "http-401")]
    [InlineData("*/manifests/*", "status", 429, "http-429")]
    [InlineData("*/manifests/*", "unknown", 404, "image-missing")]
    [InlineData("*/manifests/*", "other", 200, "checksum")]
    [InlineData("*/blobs/*", "wrong", 200, "checksum")]
    [InlineData("*/blobs/*", "reset", 200, "network")]
    [InlineData("*/blobs/*", "status", 503, "http-5xx")]
    public async Task A_registry_that_fails_is_a_reason(string path, string fault, int code, string reason)
    {
        var gateway = await waiting.GatewayAsync();
        var wrong = new JsonObject { ["site"] = "registry", ["path"] = path, ["do"] = fault, ["times"] = -1, ["code"] = code, ["bytes"] = 100 };
        if (fault == "unknown")
            (wrong["do"], wrong["body"]) = ("status", """{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry"}]}""");
        if (fault == "other")
            (wrong["do"], wrong["body"]) = ("status", gateway.Manifest(GatewayLab.OlderTag));
        if (code == 401)
            wrong["headers"] = new JsonObject { ["WWW-Authenticate"] = "Basic realm=\"registry\"" };
        else if (fault is "unknown" or "other")
            wrong["headers"] = new JsonObject { ["Content-Type"] = fault == "other" ? "application/vnd.docker.distribution.manifest.v2+json" : "application/json" };
        await gateway.Machine.AskAsync(new() { ["do"] = "fault", ["fault"] = wrong });

        var run = await gateway.StepAsync("gateway-image");
        Assert.Equal(1, run.Code);
        Assert.True(reason == gateway.Machine.Read("/run/baker/reason").Trim(), run.Words);
        Assert.NotEqual(0, (await gateway.Machine.RunAsync("docker", "image", "inspect", gateway.Image)).Code);
        // Nothing of it is lost with the power now.
        Assert.False(gateway.Machine.Exists(Mark));
    }

    [Fact]
    public async Task What_breaks_off_is_fetched_again_and_a_registry_that_hangs_is_given_up()
    {
        var gateway = await waiting.GatewayAsync();
        await gateway.Machine.FaultAsync("registry", "*/blobs/*", "hang", times: -1, bytes: 150);
        await gateway.Machine.AskAsync(new() { ["do"] = "speed", ["speed"] = 100 });
        Assert.Equal(1, (await gateway.StepAsync("gateway-image")).Code);
        Assert.Equal("network", gateway.Machine.Read("/run/baker/reason").Trim());
        Assert.False(gateway.Machine.Exists(Mark));

        await gateway.Machine.ClearAsync();
        await gateway.Machine.AskAsync(new() { ["do"] = "speed", ["speed"] = 5 });
        var largest = (string)JsonNode.Parse(gateway.Manifest(GatewayLab.Tag))!["layers"]![0]!["digest"]!;
        await gateway.Machine.FaultAsync("registry", $"*/blobs/{largest}", "truncate", times: 2, bytes: 1_000_000);
        (await gateway.StepAsync("gateway-image")).Require();
        (await gateway.Machine.RunAsync("docker", "image", "inspect", gateway.Image)).Require();
        Assert.Equal(2, (await gateway.Machine.LogAsync()).Count(r => r.Fault == "truncate"));
    }

    [Fact]
    public async Task Layers_that_power_was_lost_under_are_not_taken_for_whole()
    {
        var gateway = await waiting.GatewayAsync();
        (await gateway.StepAsync("gateway-image")).Require();
        Assert.False(gateway.Machine.Exists(Mark));
        var whole = await ContentAsync();
        Assert.NotEmpty(whole);

        // Killed and not restarted: what is there is whole.
        await gateway.Machine.ClearAsync();
        (await gateway.ShellAsync($"cp /proc/sys/kernel/random/boot_id {Mark}")).Require();
        (await gateway.StepAsync("gateway-image")).Require();
        Assert.DoesNotContain(await gateway.Machine.LogAsync(), r => r.Path.Contains("/blobs/", StringComparison.Ordinal) && r.Bytes > 0);

        (await gateway.ShellAsync($"{Layers} -size +0 -print -quit | xargs truncate -s 0; echo another >{Mark}")).Require();
        Assert.NotEqual(whole, await ContentAsync());
        (await gateway.StepAsync("gateway-image")).Require();
        Assert.Equal(whole, await ContentAsync());
        Assert.False(gateway.Machine.Exists(Mark));

        async Task<string> ContentAsync() => (await gateway.ShellAsync($"{Layers} -print0 | xargs -0 sha256sum | cut -c 1-64 | sort")).Require();
    }

    private const string Mark = "/var/lib/baker/pulling";

    private const string Layers = "find /var/lib/docker -type f '(' -path '*/overlay2/*/diff/*' -o -path '*/vfs/dir/*' ')'";

    /// <summary>A machine whose power failed while packages were installed, and that has no image yet.</summary>
    public sealed class Waiting : IAsyncDisposable
    {
        private readonly Lazy<Task<GatewayLab>> _gateway;
        private GatewayLab? _started;

        public Waiting() => _gateway = new(BootAsync);

        public async Task<GatewayLab> GatewayAsync()
        {
            var gateway = await _gateway.Value;
            // Docker leaves manifests of removed images in containerd's store, and asks no registry for them again.
            await gateway.ShellAsync("rm -f /run/baker/reason; docker image ls -q | xargs -r docker image rm -f; ctr -n moby content ls -q | xargs -r ctr -n moby content rm");
            await gateway.Machine.ClearAsync();
            return gateway;
        }

        public ValueTask DisposeAsync() => _started?.DisposeAsync() ?? ValueTask.CompletedTask;

        private async Task<GatewayLab> BootAsync()
        {
            _started = await GatewayLab.StartAsync();
            await _started.Machine.FaultAsync("registry", "*", "status", times: -1);
            await _started.ApplyAsync(_started.Spec());
            await _started.Machine.UntilAsync(s => s.Step == "docker-package", 600);
            await _started.ShellAsync("for i in {1..600}; do [[ -e /var/lib/dpkg/info/docker.io.list || -e /usr/bin/dockerd.dpkg-new ]] && exit; /usr/bin/sleep 0.1; done");
            await _started.Machine.CrashAsync();
            await _started.Machine.UntilAsync(s => s is { Step: "gateway-image", State: "retrying", Reason: "http-5xx" }, 600);
            (await _started.Machine.RunAsync("systemctl", "stop", "baker")).Require();
            return _started;
        }
    }
}
