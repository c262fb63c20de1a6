using System.Collections.Immutable;
using Baker.Clouds.Live.Local.Network;

namespace Baker.Clouds.Live.Local.Qemu;

/// <summary>The command line of a machine. File names without a path are those of its folder, which QEMU runs in.</summary>
internal static class QemuCommand
{
    /// <summary>By which the seed is exchanged.</summary>
    public const string SeedDevice = "seed";

    /// <summary>By which the data disk grows.</summary>
    public const string DataDrive = Data + DriveEnding;

    /// <summary>By which ports are opened and closed.</summary>
    public const string OutsideNetdev = "outside";

    private const string Data = "data";

    /// <summary>Ends the name of the drive behind a device.</summary>
    private const string DriveEnding = "-file";

    public static ImmutableArray<string> Of(QemuMachine machine) =>
    [
        machine.Program,
        "-name", $"guest={Escaped(machine.Name)}",
        "-uuid", machine.Uuid,
        // Nothing but what is listed here, whatever QEMU's version or the user's own configuration adds.
        "-nodefaults", "-no-user-config",
        "-machine", "q35",
        "-accel", machine.Accelerator.Accel,
        "-cpu", machine.Accelerator.Cpu,
        "-smp", $"{machine.Cpus}",
        "-m", $"{machine.MemoryMb}M",
        // Boot loaders expect a screen, also when nobody looks at it.
        "-vga", "std", "-display", "none",
        "-device", "virtio-rng-pci",
        .. Boot(machine.Boot),
        .. Disk("root", MachineFolder.RootDisk, ",bootindex=1"),
        .. machine.DataDisk is null ? [] : Disk(Data, machine.DataDisk, ""),
        "-device", "virtio-scsi-pci",
        .. Cd(SeedDevice, MachineFolder.Seed),
        .. machine.HasSecrets ? Cd("secrets", MachineFolder.Secrets) : [],
        .. machine.Link.Options,
        "-device", Card(PrivateLink.Netdev, machine.PrivateMac),
        "-netdev", string.Concat([$"user,id={OutsideNetdev},ipv6=off,net={machine.Outside}",
            .. machine.Forwards.Select(f => $",hostfwd={f.Rule}")]),
        "-device", Card(OutsideNetdev, machine.OutsideMac),
        "-chardev", $"file,id=console,path={MachineFolder.Console},append=on", "-serial", "chardev:console",
        "-qmp", $"unix:{MachineFolder.Socket},server=on,wait=off",
    ];

    private static string[] Boot(DirectBoot? boot) =>
        boot is null ? [] : ["-kernel", boot.Kernel, "-initrd", boot.Initrd, "-append", boot.Arguments];

    /// <summary>The serial number becomes <c>/dev/disk/by-id/virtio-…</c>.</summary>
    private static string[] Disk(string name, string file, string more) =>
    [
        "-drive", $"if=none,id={name}{DriveEnding},format=qcow2,discard=unmap,file={Escaped(file)}",
        "-device", $"virtio-blk-pci,drive={name}{DriveEnding},serial={name}{more}",
    ];

    private static string[] Cd(string name, string file) =>
    [
        "-drive", $"if=none,id={name}{DriveEnding},format=raw,media=cdrom,readonly=on,file={file}",
        "-device", $"scsi-cd,id={name},drive={name}{DriveEnding}",
    ];

    // Machines boot from their disk: no boot ROM, no search in the network.
    private static string Card(string netdev, string mac) => $"virtio-net-pci,netdev={netdev},mac={mac},romfile=";

    /// <summary>In QEMU's lists of options a comma is written twice.</summary>
    private static string Escaped(string value) => value.Replace(",", ",,", StringComparison.Ordinal);
}
