using Baker.Tests.Lab;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>A builder of a local stack, from its first boot to the moment at which its disk becomes an image.</summary>
public class BuilderTests
{
    private const string Build = "i-0123456789abcdef";

    [Fact]
    public async Task It_installs_seals_itself_and_goes_off_and_nothing_of_the_bake_stays()
    {
        await using var machine = await LabMachine.StartAsync(new());
        await StartAsync(machine, "ollama");
        await UntilAsync(machine, $"BAKE {Build} sealed");
        await UntilAsync(machine, "Powering off.");
        // The lab gives it power again, to be looked at.
        await machine.CrashAsync();
        Assert.Equal(["upgrade", "install", "seal", "sealed"], Phases(machine));
        (await machine.RunAsync("test", "-x", "/usr/local/bin/ollama")).Require();
        Assert.Equal(["filter-package", "models", "ollama", "prepare"], Directory.GetFiles(machine.Root + "/var/lib/baker/steps").Select(Path.GetFileName).Order(StringComparer.Ordinal).Where(s => s != "driver"));
        foreach (var gone in new[] { "/var/lib/baker-bake", "/etc/systemd/system/baker-bake.service", "/etc/systemd/system/multi-user.target.wants/baker-bake.service", "/etc/baker/values" })
            Assert.False(machine.Exists(gone), gone);
    }

    [Theory]
    [InlineData("release", "*.zst", "install")]
    [InlineData("apt", "*Release*", "upgrade")]
    public async Task What_cannot_be_fetched_ends_it_with_the_phase_and_the_reason(string site, string path, string phase)
    {
        await using var machine = await LabMachine.StartAsync(new() { Speed = 60 });
        await machine.FaultAsync(site, path, "status", times: -1, code: 404);
        await StartAsync(machine, "ollama");
        await UntilAsync(machine, $"BAKE {Build} failed {phase}");
        Assert.DoesNotContain("sealed", Phases(machine));
        Assert.Contains("stopped: http-404", machine.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_audit_finds_ends_it()
    {
        await using var machine = await LabMachine.StartAsync(new());
        (await machine.RunAsync("mkdir", "-p", "/etc/gitlab/ssl")).Require();
        (await machine.RunAsync("touch", "/etc/gitlab/ssl/gitlab.example.com.key")).Require();
        await StartAsync(machine, "ollama");
        await UntilAsync(machine, $"BAKE {Build} failed seal");
        Assert.Contains("the image is refused: key or certificate of a site: /etc/gitlab/ssl/gitlab.example.com.key", machine.Console, StringComparison.Ordinal);
        Assert.DoesNotContain("sealed", Phases(machine));
    }

    /// <summary>What cloud-init would do; it is not at work on these machines, and says so when it is asked.</summary>
    private static async Task StartAsync(LabMachine machine, string role)
    {
        using var folder = new TemporaryFolder();
        folder.File("baker.yaml", LabSpec.Local(machine));
        var run = await BakerRun.InAsync(folder.Path, "", "render", "baker.yaml", "--out", "out");
        Assert.True(run.Code == 0, run.Error);
        (await machine.RunAsync("bash", "-c", $"touch /etc/cloud/cloud-init.disabled; mkdir -p /var/lib/cloud/data; echo {Build} >/var/lib/cloud/data/instance-id")).Require();
        await machine.FirstBootAsync(folder.Read($"out/bake/{role}.yaml"));
    }

    private static string[] Phases(LabMachine machine) =>
        [.. machine.Console.Split('\n').Select(l => l.TrimEnd('\r')).Where(l => l.StartsWith($"BAKE {Build} ", StringComparison.Ordinal)).Select(l => l[$"BAKE {Build} ".Length..]).Distinct()];

    private static async Task UntilAsync(LabMachine machine, string line)
    {
        for (var tenth = 0; tenth < 6000; tenth++)
        {
            if (machine.Console.Contains(line, StringComparison.Ordinal))
                return;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException($"never said: {line}\n{machine.Console}");
    }
}
