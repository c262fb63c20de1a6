using System.Text.Json.Nodes;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>Models that a disk has no room for.</summary>
public class ModelRoomTests
{
    [Fact]
    public async Task What_has_no_room_is_said_before_it_costs()
    {
        await using var models = await OllamaModels.StartAsync("", "/usr/share/ollama=6m");
        Assert.Equal("disk-full", await models.FetchAsync());
        Assert.Matches("mistral:instruct takes [0-9]+ MB more, and [0-9]+ MB are free", models.Stopped);
        Assert.DoesNotContain(await models.Machine.LogAsync(), r => r.Path.Contains("/blobs/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_disk_that_fills_up_under_it_is_said_and_what_has_come_stays()
    {
        await using var models = await OllamaModels.StartAsync("", "/var/cache/baker=24m");
        var machine = models.Machine;
        await machine.AskAsync(new()
        {
            ["do"] = "fault",
            ["fault"] = new JsonObject { ["site"] = "models", ["path"] = "*/blobs/*", ["do"] = "slow", ["bytes_per_second"] = 2_000_000, ["times"] = 1 },
        });
        var fetching = models.FetchAsync();
        (await machine.RunAsync("sh", "-c", $$"""
            until [ "$(cat {{OllamaModels.Incoming}}/*.part 2>/dev/null | wc -c)" -gt 1000000 ]; do /usr/bin/sleep 0.05; done
            dd if=/dev/zero of=/var/cache/baker/other bs=64k status=none; test -s /var/cache/baker/other
            """)).Require();
        Assert.Equal("disk-full", await fetching);
        Assert.Contains("/blobs/sha256:", models.Stopped, StringComparison.Ordinal);
        Assert.False(machine.Exists(OllamaModels.Manifests + "/registry.ollama.ai/library/mistral/instruct"));

        // A server that has no byte ranges gives all of it, and so does a proxy before one.
        (await machine.RunAsync("rm", "/var/cache/baker/other")).Require();
        await machine.ClearAsync();
        await machine.FaultAsync("models", "*/blobs/*", "whole", times: 1);
        Assert.Equal("", await models.FetchAsync());
        var ranges = (await machine.LogAsync()).Where(r => r.Range is { Length: > 0 }).ToArray();
        Assert.Equal(200, Assert.Single(ranges).Status);
    }
}
