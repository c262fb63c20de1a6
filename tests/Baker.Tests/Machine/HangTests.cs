using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>Servers that accept and send nothing, or stop in the middle: given up in time, and the next try gets through.</summary>
public class HangTests
{
    [Fact]
    public async Task Ollamas_archive_and_a_model_that_stand_still_are_given_up()
    {
        await using var machine = await LabMachine.StartAsync(OllamaTests.Options);
        // curl counts real seconds, half a minute of them.
        await machine.FaultAsync("release", "*.tar.zst", "hang", times: 1, bytes: 1_000_000);
        await machine.FaultAsync("models", "*/manifests/*", "hang", times: 1, bytes: -1);
        await machine.FaultAsync("models", "*/blobs/*", "hang", times: 2, bytes: 2_000_000);
        await machine.BeAsync(LabSpec.Aws(machine), "ollama");
        await machine.ReadyAsync();

        Assert.Equal(["ollama: network", "models: network"], machine.Said.Where(s => s.State is "retrying" or "failed").Select(s => $"{s.Step}: {s.Reason}").Distinct());
        var log = await machine.LogAsync();
        Assert.Equal(4, log.Count(r => r.Fault == "hang"));
        // What had come before is not fetched again.
        Assert.Contains(log, r => r is { Site: "release", Status: 206 });
        Assert.Contains(log, r => r is { Site: "models", Status: 206, Fault: "" } && !r.Range.StartsWith("bytes=0-", StringComparison.Ordinal));
        // How far it is, of what it will be.
        Assert.Contains(machine.Said, s => s is { Step: "models", Done: { } done } && done.EndsWith('%'));
    }

    [Fact]
    public async Task GitLabs_package_that_stands_still_is_fetched_again()
    {
        await using var vm = await GitLabVm.StartAsync();
        await vm.PlaceAsync();
        foreach (var step in new[] { "prepare", "repository" })
            (await vm.StepAsync(step)).Require();
        // apt counts real seconds, half a minute of them.
        await vm.Machine.FaultAsync("gitlab", "*.deb", "hang", times: 1, bytes: 300_000);
        (await vm.StepAsync("gitlab-package")).Require();
        var log = await vm.Machine.LogAsync();
        Assert.Single(log, r => r.Fault == "hang");
        Assert.Contains(log, r => r is { Status: 206, Fault: "" } && r.Path.EndsWith(".deb", StringComparison.Ordinal));
        Assert.Equal("19.4.4-ee.0", (await vm.Machine.RunAsync("dpkg-query", "-W", "-f", "${Version}", "gitlab-ee")).Require());
    }
}
