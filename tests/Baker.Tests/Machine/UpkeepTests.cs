using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>What stands beside the runner's words before it is an outage: security updates, a reboot that is due, disks that fill up.</summary>
public class UpkeepTests
{
    private const string Stamp = "/var/lib/apt/periodic/upgrade-stamp";
    private const string NoSecurity = "mirrors.apt has no security updates";

    [Fact]
    public async Task It_is_said_and_holds_up_nobody()
    {
        await using var machine = await LabMachine.StartAsync(new() { Cloud = "aws", FileSystems = ["/var/lib/docker=8m"] });
        await machine.FirstFilesAsync(LabSpec.Aws(machine), "gateway");
        (await machine.RunAsync("/usr/local/lib/baker/run", "step", "prepare")).Require();
        // The lab's mirror has no suite of security updates, and that is not passed over.
        Assert.Equal(NoSecurity, await SaidAsync());

        // With them, on a machine that is young, nothing is to be said.
        const string List = "/etc/apt/sources.list.d/baker.sources";
        (await machine.RunAsync("sed", "-i", "s/^Suites: trixie$/Suites: trixie trixie-security/", List)).Require();
        Assert.Equal("", await SaidAsync());

        // A machine of some days that nothing updates says so; one that is updated, when.
        (await machine.RunAsync("sh", "-ec", "mkdir -p /var/lib/baker/steps; touch -d '3 days ago' /var/lib/baker/steps/prepare")).Require();
        Assert.Equal("never updated", await SaidAsync());
        (await machine.RunAsync("sh", "-ec", $"mkdir -p {Path.GetDirectoryName(Stamp)}; touch -d 2026-11-28T23:30:00Z {Stamp}")).Require();
        Assert.Equal("last update 2026-11-28", await SaidAsync());

        (await machine.RunAsync("touch", "/run/reboot-required")).Require();
        Assert.Equal("reboot due, last update 2026-11-28", await SaidAsync());
        (await machine.RunAsync("rm", "/run/reboot-required")).Require();

        (await machine.RunAsync("dd", "if=/dev/zero", "of=/var/lib/docker/filler", "bs=64k", "count=122")).Require();
        Assert.Equal("last update 2026-11-28, /var/lib/docker is 96% full", await SaidAsync());
        (await machine.RunAsync("rm", "/var/lib/docker/filler")).Require();
        Assert.Equal("last update 2026-11-28", await SaidAsync());

        async Task<string> SaidAsync()
        {
            (await machine.RunAsync("/usr/local/lib/baker/run", "step", "upkeep")).Require();
            const string Note = "/run/baker/notes/upkeep";
            return machine.Exists(Note) ? machine.Read(Note).TrimEnd('\n') : "";
        }
    }
}
