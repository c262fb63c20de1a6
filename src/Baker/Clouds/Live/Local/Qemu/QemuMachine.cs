using System.Collections.Immutable;
using System.Net;
using Baker.Clouds.Live.Local.Network;

namespace Baker.Clouds.Live.Local.Qemu;

/// <summary>Everything that a machine's command line is made of.</summary>
/// <param name="Name">Shown by process lists and QEMU's own messages.</param>
/// <param name="DataDisk">Path of a qcow2 file; null: none.</param>
/// <param name="HasSecrets">It has a second disk, with secrets.</param>
internal sealed record QemuMachine(
    string Program, string Name, string Uuid, int Cpus, int MemoryMb, Accelerator Accelerator, string? DataDisk, bool HasSecrets,
    DirectBoot? Boot,
    PrivateLink Link, string PrivateMac, string OutsideMac, IPNetwork Outside, ImmutableArray<PortForward> Forwards);

/// <summary>A kernel that QEMU itself loads.</summary>
internal sealed record DirectBoot(string Kernel, string Initrd, string Arguments);
