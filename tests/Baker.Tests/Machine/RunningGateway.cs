using System.Text.Json.Nodes;
using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>
/// One gateway for all tests that need one that runs. Its first boot begins before GitLab and the model server are there, and what it said
/// meanwhile is kept.
/// </summary>
[CollectionDefinition(Name)]
public sealed class RunningGateway : ICollectionFixture<RunningGateway>, IAsyncDisposable
{
    public const string Name = "one running gateway";
    private readonly Lazy<Task<GatewayLab>> _gateway;
    private GatewayLab? _started;

    public RunningGateway() => _gateway = new(BootAsync);

    /// <summary>What it waited for, in order, and whether there was a container then.</summary>
    public List<(string Reason, bool Container)> Waits { get; } = [];

    /// <summary>The gateway, ready and with nothing wrong around it.</summary>
    public async Task<GatewayLab> ReadyAsync()
    {
        var gateway = await _gateway.Value;
        await gateway.Machine.ClearAsync();
        await gateway.Machine.SetAsync(new() { ["gitlab_keys"] = new JsonArray("first"), ["listed"] = new JsonArray("mistral:instruct") });
        // The test before may have started it anew.
        await gateway.HealthyAsync();
        return gateway;
    }

    public ValueTask DisposeAsync() => _started?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<GatewayLab> BootAsync()
    {
        _started = await GatewayLab.StartAsync();
        await _started.Machine.FaultAsync("gitlab", "/.well-known/openid-configuration", "status", times: -1, code: 503);
        await _started.Machine.SetAsync(new() { ["gitlab_keys"] = new JsonArray(), ["listed"] = new JsonArray() });
        await _started.ApplyAsync(_started.Spec());
        await WaitedAsync("gitlab");
        await _started.Machine.ClearAsync();
        // GitLab answers, and has no key yet.
        await _started.Machine.RunAsync("/usr/bin/sleep", "4");
        await WaitedAsync("gitlab");
        await _started.Machine.SetAsync(new() { ["gitlab_keys"] = new JsonArray("first") });
        await WaitedAsync("model-server");
        await _started.Machine.SetAsync(new() { ["listed"] = new JsonArray("mistral:instruct") });
        await _started.Machine.ReadyAsync(600);
        return _started;
    }

    private async Task WaitedAsync(string reason)
    {
        await _started!.Machine.UntilAsync(s => s.State == "waiting" && s.Reason == reason, 600);
        Waits.Add((reason, (await _started.Machine.RunAsync("docker", "ps", "-aq", "--filter", "name=gitlab-aigw")).Require().Length > 0));
    }
}
