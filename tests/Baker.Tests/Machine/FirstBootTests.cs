using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>The machine itself: that what the other tests stand on is what it says.</summary>
public class FirstBootTests
{
    [Fact]
    public async Task User_data_starts_the_runner_which_prepares_the_machine()
    {
        await using var machine = await LabMachine.StartAsync(new() { Cloud = "aws", Addresses = ["10.77.1.30/24"] });
        var userData = await LabSpec.RenderAsync(LabSpec.Aws(machine), "ollama");
        await machine.ServeAsync(userData);
        await machine.FirstBootAsync(userData);
        await machine.UntilAsync(s => s.Step is not ("ssh-keys" or "prepare"));

        Assert.StartsWith("Types: deb\nURIs: http://mirror.lab.test:8080/debian\nSuites: trixie\n", machine.Read("/etc/apt/sources.list.d/baker.sources"), StringComparison.Ordinal);
        Assert.True(machine.Exists("/etc/apt/sources.list.d/debian.sources.baker-off"));
        Assert.True(machine.Exists("/var/lib/baker/steps/prepare"));
        Assert.Contains(await machine.LogAsync(), r => r is { Site: "apt", Path: "/debian/dists/trixie/InRelease", Status: 200 });
    }

    [Fact]
    public async Task Names_that_cannot_be_resolved_for_a_while_hold_it_up_and_nobody_is_needed()
    {
        await using var machine = await LabMachine.StartAsync(OllamaTests.Options);
        var names = machine.Read("/etc/hosts");
        await machine.FeedAsync(string.Concat(names.Split('\n').Where(l => !l.Contains("mirror", StringComparison.Ordinal)).Select(l => l + "\n")), "tee", "/etc/hosts");
        await machine.BeAsync(LabSpec.Aws(machine), "ollama");
        await machine.UntilAsync(s => s is { Step: "prepare", State: "retrying", Reason: "dns", Try: > 1 });
        await machine.FeedAsync(names, "tee", "/etc/hosts");
        await machine.ReadyAsync(900);
        Assert.DoesNotContain(machine.Said, s => s.State == "failed");
    }
}
