using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>What holds a first boot up and goes away again: a lock, a full disk, a power cut while a package is unpacked.</summary>
public class HeldUpTests
{
    /// <summary>Stops dpkg as soon as files of GitLab's lie beside their names. That lasts for milliseconds, so nothing else is done meanwhile.</summary>
    private const string StopHalfWay = """
        import glob, os, signal, time
        end = time.monotonic() + 120
        while not glob.glob("/opt/gitlab/*/*.dpkg-new"):
            assert time.monotonic() < end, "no package was seen half unpacked"
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/comm") as comm:
                    if comm.read() == "dpkg\n":
                        os.kill(int(pid), signal.SIGSTOP)
            except OSError:
                continue
        """;

    [Fact]
    public async Task A_lock_of_dpkg_and_a_full_disk_are_named_and_ready_comes_when_they_are_gone()
    {
        await using var machine = await LabMachine.StartAsync(OllamaTests.Options with { FileSystems = ["/usr/share/ollama=6m"] });
        (await machine.RunAsync("systemd-run", "-q", "--unit=nightly-upgrade", "python3", "-c",
            "import fcntl,time; f=open('/var/lib/dpkg/lock-frontend','w'); fcntl.lockf(f,fcntl.LOCK_EX); open('/run/locked','w'); time.sleep(600)")).Require();
        for (var i = 0; i < 100 && !machine.Exists("/run/locked"); i++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        await machine.BeAsync(LabSpec.Aws(machine), "ollama");
        await machine.UntilAsync(s => s is { Step: "prepare", State: "retrying", Reason: "apt-lock" }, 100);
        (await machine.RunAsync("systemctl", "stop", "nightly-upgrade")).Require();

        // The model is larger than that; and stays so, however often it is tried.
        await machine.UntilAsync(s => s is { Step: "models", State: "failed", Reason: "disk-full" }, 100);
        await machine.SkipAsync(900);
        await machine.UntilAsync(s => s is { Step: "models", State: "running" }, 100);
        await machine.UntilAsync(s => s is { Step: "models", State: "failed", Reason: "disk-full" }, 100);
        (await machine.RunAsync("mount", "-o", "remount,size=64m", "/usr/share/ollama")).Require();
        await machine.ReadyAsync(100);
        Assert.Contains("mistral:instruct", (await machine.RunAsync("curl", "-qsSf", "http://10.77.1.30:11435/api/tags")).Require(), StringComparison.Ordinal);
        Assert.Empty((await machine.RunAsync("find", "/usr/share/ollama", "-name", "*-partial*")).Require());
    }

    [Fact]
    public async Task Power_lost_while_GitLabs_package_is_unpacked_leaves_a_package_that_is_whole()
    {
        await using var vm = await GitLabVm.StartAsync();
        await vm.BootAsync();
        (await vm.Machine.FeedAsync(StopHalfWay, "python3", "-")).Require();
        await vm.Machine.CrashAsync();
        Assert.NotEqual("ii ", (await vm.Machine.RunAsync("dpkg-query", "-W", "-f", "${db:Status-Abbrev}", "gitlab-ee")).Out);

        await vm.Machine.UntilAsync(s => s is { State: "waiting", Reason: "licence" }, 100);
        Assert.Equal("", (await vm.Machine.RunAsync("dpkg", "--audit")).Require());
        Assert.Equal("", (await vm.Machine.RunAsync("dpkg", "--verify", "gitlab-ee")).Require());
        Assert.EndsWith("\n200", (await vm.PageAsync("/-/readiness?all=1")).Require(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Power_lost_while_authorities_are_gathered_leaves_each_of_them_once()
    {
        const string Bundle = "/etc/ssl/certs/ca-certificates.crt";
        await using var vm = await GitLabVm.StartAsync();
        await vm.PlaceAsync();
        (await vm.StepAsync("certificate")).Require();
        var whole = vm.Machine.Read(Bundle);
        Assert.Contains(vm.Tls.Ca.Trim(), whole, StringComparison.Ordinal);
        // What the system's own program leaves, and adds to when it runs again.
        (await vm.Machine.RunAsync("sh", "-c", $"head -c 100 {Bundle} >{Bundle}.new")).Require();
        (await vm.StepAsync("certificate")).Require();
        Assert.Equal(whole, vm.Machine.Read(Bundle));
    }
}
