using System.Net;
using Baker.Clouds.Live.Local.Network;
using Baker.Clouds.Live.Local.Qemu;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Local;

public class QemuCommandTests
{
    private static readonly QemuMachine Plain = new(
        "/usr/bin/qemu-system-x86_64", "desk-0123456789ab/desk-ollama", "6f1c2d3e-0000-4000-8000-000000000001", 4, 8192, Accelerator.Kvm, null, false, null,
        new PrivateLink(2), "52:01:02:03:04:05", "52:0a:0b:0c:0d:0e", IPNetwork.Parse("10.0.2.0/24"), []);

    [Fact]
    public void A_machine_with_nothing_but_a_root_disk() => Golden.Check(Lines(Plain), "local", "qemu-plain.txt");

    [Fact]
    public void A_machine_with_everything() => Golden.Check(Lines(Plain with
    {
        Accelerator = Accelerator.Emulation("this machine has no /dev/kvm"),
        DataDisk = "/srv/disks, mine/data.qcow2",
        HasSecrets = true,
        Boot = new DirectBoot("/srv/kernel", "/srv/initrd", "root=/dev/vda ro console=ttyS0"),
        Forwards = [new PortForward(8443, 8443), new PortForward(22010, 22)],
    }), "local", "qemu-full.txt");

    // An option and its value on one line, for people.
    private static string Lines(QemuMachine machine) =>
        string.Concat(QemuCommand.Of(machine).Select((a, i) => (i == 0 ? "" : a.StartsWith('-') ? "\n" : " ") + a)) + "\n";
}
