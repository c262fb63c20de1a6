using System.Text;
using Baker.Clouds.Live;
using Baker.Clouds.Live.Local;
using Baker.Clouds.Live.Local.Qemu;
using Baker.Tests.Support;
using Xunit;

namespace Baker.BootTests;

/// <summary>Two machines of the local cloud, with user-data that tells what they see.</summary>
[Trait("tier", "all")]
public sealed class MachineTests : IAsyncDisposable
{
    /// <summary>For one thing to be said; two minutes on a machine that does nothing else.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(45);

    private readonly LocalDesk _desk = new();
    private readonly LoopbackFiles _server = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_machines_reach_each_other_and_the_host_and_obey()
    {
        var image = await BootLab.ImageAsync();
        _server.Files["hello"] = "hello from the host"u8.ToArray();
        var cloud = _desk.Cloud(Path.Combine(image, "image"), Path.Combine(image, "kernel"), Path.Combine(image, "initrd"));
        await cloud.Network.EnsureAsync(_desk.WantedNetwork(), "local", Cancel);
        await cloud.Secrets.PutAsync(_desk.Owner, "root-password", "a value"u8.ToArray(), Cancel);

        var wantedA = _desk.WantedMachine("a", "10.77.0.10", UserData("10.77.1.20"), diskGb: 5, secrets: ["root-password"], hasData: true);
        var wantedB = _desk.WantedMachine("b", "10.77.1.20", UserData("10.77.0.10"), diskGb: 5);
        var placement = new Placement("local", await cloud.Images.ResolveAsync(wantedA.Image, Cancel), null, null);
        var disk = await cloud.Disks.EnsureAsync(new DiskWanted(_desk.Owner, "data", 1), "local", Cancel);
        var a = await cloud.Machines.CreateAsync(wantedA, placement with { DataDisk = disk }, Cancel);
        var b = await cloud.Machines.CreateAsync(wantedB, placement, Cancel);

        var saidA = await WaitAsync(cloud, a, "SAY done");
        var saidB = await WaitAsync(cloud, b, "SAY done");
        foreach (var said in (string[])[saidA, saidB])
        {
            Assert.Contains("SAY ping works", said, StringComparison.Ordinal);
            Assert.Contains("SAY host: hello from the host", said, StringComparison.Ordinal);
            Assert.Contains("SAY name: desk-", said, StringComparison.Ordinal);
            Assert.Contains("SAY outside default route", said, StringComparison.Ordinal);
        }
        Assert.Contains("SAY secret: a value", saidA, StringComparison.Ordinal);
        Assert.Contains("SAY secret: none", saidB, StringComparison.Ordinal);
        Assert.Contains("SAY data disk: vdb", saidA, StringComparison.Ordinal);

        // New user-data arrives while the machine runs; this one makes it reboot by itself, which is no reason for QEMU to end.
        var pid = Running(a)!.Pid;
        await cloud.Machines.ChangeUserDataAsync(a, wantedA with { UserData = Encoding.UTF8.GetBytes(UserData("10.77.1.20") + "# second\n"), UserDataDigest = "other" }, Cancel);
        await WaitAsync(cloud, a, "SAY boot 2");
        Assert.Equal(pid, Running(a)!.Pid);

        await cloud.Machines.StopAsync(b, Cancel);
        Assert.Null(Running(b));
        // In order, not by its power.
        Assert.Contains("Power down", (await cloud.Console.ReadAsync(b, null, Cancel)).Text, StringComparison.Ordinal);
        await cloud.Machines.StartAsync(b, Cancel);
        var again = await WaitAsync(cloud, b, "SAY boot 2");
        Assert.DoesNotContain("Failed to start", again, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', saidA.Split('\n').Where(l => l.StartsWith("SAY", StringComparison.Ordinal))));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _desk.DisposeAsync();
    }

    private static RunningProcess? Running(VirtualMachine machine) => new QemuProcess(new MachineFolder(machine.Id), TimeProvider.System).Find();

    /// <param name="after">How much of the console is old.</param>
    internal static async Task<string> WaitAsync(LocalCloud cloud, VirtualMachine machine, string words, int after = 0)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var text = (await cloud.Console.ReadAsync(machine, null, Cancel)).Text;
            if (text.IndexOf(words, after, StringComparison.Ordinal) >= 0)
                return text;
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Limit, $"{machine.Name} did not say \"{words}\":\n{text[Math.Max(0, text.Length - 6000)..]}");
            await Task.Delay(1000, Cancel);
        }
    }

    private string UserData(string other) => $$"""
        #cloud-config
        bootcmd:
        - |
          n=$(cat /var/lib/boots 2>/dev/null || echo 0); echo $((n + 1)) >/var/lib/boots; printf '\nSAY boot %s\n' $((n + 1)) >/dev/ttyS0
        runcmd:
        - |
          # Opened for each line: the login prompt hangs up whoever had it open.
          say() { printf '\nSAY %s\n' "$*" >/dev/ttyS0; }
          say "name: $(hostname), $(ip -4 -br addr | tr -s ' \n' ' ')"
          ip route get 1.1.1.1 | grep -q 'via 10.0.2.2' && say outside default route
          for i in $(seq 150); do ping -c 1 -W 2 {{other}} >/dev/null && say ping works && break; sleep 2; done
          say "host: $(curl -sf -m 60 -H 'Host: {{_server.Address.Authority}}' http://10.0.2.2:{{_server.Address.Port}}/noble/hello)"
          say "secret: $(mount -o ro LABEL=baker-secrets /mnt 2>/dev/null && cat /mnt/root-password || echo none)"
          say "data disk: $(basename "$(readlink -f /dev/disk/by-id/virtio-data)")"
          say done
          mkdir -p /run/again
          cat >/run/again.sh <<'END'
          while sleep 3; do
            mount -o ro LABEL=cidata /run/again && { grep -q '^# second' /run/again/user-data && reboot; umount /run/again; }
          done
          END
          systemd-run bash /run/again.sh

        """;
}
