using System.Globalization;
using Baker.Clouds.Local.Network;
using Baker.Clouds.Local.Qemu;

namespace Baker.Clouds.Local;

/// <summary>Starts a machine from what is written down about it. One that runs is left alone.</summary>
internal sealed class MachineStart(Desk desk, MachineDisks disks) : IDisposable
{
    private readonly SemaphoreSlim _once = new(1);
    private Accelerator? _accelerator;

    public async Task StartAsync(MachineFolder folder, CancellationToken cancel)
    {
        var process = new QemuProcess(folder, desk.Time);
        if (process.Find() is { } running)
        {
            switch (MachineStates.Of(await process.StatusAsync(running, cancel)))
            {
                case MachineState.Stopped:
                    // It stands still for good, or until somebody lets it go on: a start is a start.
                    await process.CutPowerAsync(cancel);
                    break;
                default:
                    return;
            }
        }
        var record = folder.Record ?? throw new CloudException(CloudFailure.Refused, $"starting the machine {folder.Name}", "it is not there any more");
        var stack = folder.Stack;
        if (stack.Network is not { } network)
            throw new CloudException(CloudFailure.Refused, $"starting the machine {record.Name}", "its network is not there", "`baker launch` makes it");
        disks.CheckImage(record);
        disks.WriteSecrets(folder, record);
        var machine = new QemuMachine(
            desk.Require(DeskProgram.Qemu), $"{stack.Name}/{record.Name}", record.Uuid, record.Cpus, record.MemoryMb, await AcceleratorAsync(cancel),
            record.DataDisk, record.Secrets.Length > 0,
            record.Kernel is null ? null : new DirectBoot(record.Kernel, record.Initrd!, record.KernelArguments!),
            new PrivateLink(System.Net.IPAddress.Parse(network.LinkGroup), network.LinkPort), record.PrivateMac, record.OutsideMac,
            OutsideNetwork.Beside(network.Cidr), PortForward.Of(network.Ports, record.Group, record.Address));
        await process.StartAsync(desk.Require(DeskProgram.SetSid), QemuCommand.Of(machine), cancel);
    }

    public async Task<Accelerator> AcceleratorAsync(CancellationToken cancel)
    {
        await _once.WaitAsync(cancel);
        try
        {
            return _accelerator ??= await KvmProbe.ProbeAsync(desk.Require(DeskProgram.Qemu), cancel);
        }
        finally
        {
            _once.Release();
        }
    }

    public void Dispose() => _once.Dispose();
}
