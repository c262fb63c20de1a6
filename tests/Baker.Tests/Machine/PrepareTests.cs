using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>The first step of every role: sources, trust and the packages that the others need. Whatever holds it up has its reason, and heals.</summary>
public class PrepareTests
{
    private const string Always = "/debian/dists/trixie/*";

    [Fact]
    public async Task Every_way_to_fail_has_its_reason_and_the_next_try_ends_well()
    {
        await using var machine = await LabMachine.StartAsync(new() { Cloud = "aws", FileSystems = ["/var/lib/apt/lists=256k"] });
        await machine.FirstFilesAsync(LabSpec.Aws(machine), "gateway");
        // The first pass also sorts the authorities.
        await machine.FaultAsync("apt", Always, "status", times: -1);
        Assert.Equal("http-5xx", await ReasonAsync(machine));
        await machine.ClearAsync();
        await machine.FaultAsync("apt", Always, "status", times: -1, code: 404);
        Assert.Equal("http-404", await ReasonAsync(machine));
        await machine.ClearAsync();
        await machine.FaultAsync("apt", Always, "reset", times: -1, bytes: -1);
        Assert.Equal("network", await ReasonAsync(machine));
        await machine.ClearAsync();

        (await machine.RunAsync("mv", "/etc/apt/trusted.gpg.d/lab.gpg", "/root/lab.gpg")).Require();
        Assert.Equal("signature", await ReasonAsync(machine));
        (await machine.RunAsync("mv", "/root/lab.gpg", "/etc/apt/trusted.gpg.d/lab.gpg")).Require();

        // The lists of packages need more than this file system has.
        await machine.RunAsync("dd", "if=/dev/zero", "of=/var/lib/apt/lists/filler", "bs=4k", "count=100");
        Assert.Equal("disk-full", await ReasonAsync(machine));
        (await machine.RunAsync("bash", "-c", "rm /var/lib/apt/lists/filler; mount -o remount,size=64m /var/lib/apt/lists")).Require();

        (await machine.RunAsync("systemd-run", "-q", "--unit=holder", "python3", "-c",
            "import fcntl,time; f=open('/var/lib/apt/lists/lock','w'); fcntl.lockf(f,fcntl.LOCK_EX); time.sleep(600)")).Require();
        await Task.Delay(2000, TestContext.Current.CancellationToken);
        Assert.Equal("apt-lock", await ReasonAsync(machine));
        (await machine.RunAsync("systemctl", "stop", "holder")).Require();

        (await machine.RunAsync("/usr/local/lib/baker/run", "step", "prepare")).Require();
        (await machine.RunAsync("/usr/local/lib/baker/run", "step", "prepare")).Require();
        Assert.Equal("Types: deb\nURIs: http://mirror.lab.test:8080/debian\nSuites: trixie\nComponents: main\n", machine.Read("/etc/apt/sources.list.d/baker.sources"));
    }

    private static async Task<string> ReasonAsync(LabMachine machine)
    {
        (await machine.RunAsync("rm", "-f", "/run/baker/reason")).Require();
        var run = await machine.RunAsync("/usr/local/lib/baker/run", "step", "prepare");
        Assert.True(run.Code != 0, run.Words);
        return machine.Exists("/run/baker/reason") ? machine.Read("/run/baker/reason").Trim() : $"none: {run.Words}";
    }
}
