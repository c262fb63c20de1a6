using System.Net;
using Baker.Clouds.Local.Network;
using Baker.Clouds.Local.Qemu;

namespace Baker.Clouds.Local;

/// <summary>Starts a machine from what is written down about it. One that runs is left alone.</summary>
internal sealed class MachineStart(Desk desk) : IDisposable
{
    private readonly SemaphoreSlim _once = new(1);
    private Accelerator? _accelerator;

    public async Task StartAsync(MachineFolder folder, CancellationToken cancel)
    {
        var process = new QemuProcess(folder, desk.Time);
        if (process.Find() is { } running)
        {
            if (MachineStates.Of(await QemuProcess.StatusAsync(running, cancel)) != MachineState.Stopped)
                return;
            // Its processors stand still, for good or until the disk has room again: a start is a start.
            await process.CutPowerAsync(cancel);
        }
        var record = folder.Record ?? throw new CloudException(CloudFailure.Refused, $"starting the machine {folder.Name}", "it is not there any more");
        var stack = folder.Stack;
        if (stack.Network is not { } network)
            throw new CloudException(CloudFailure.Refused, $"starting the machine {record.Name}", "its network is not there", "`baker launch` makes it");
        RootDisk.CheckImage(record);
        SecretsDisk.Write(folder, record);
        var machine = new QemuMachine(
            desk.Require(DeskProgram.Qemu), $"{stack.Name}/{record.Name}", record.Uuid, record.Cpus, record.MemoryMb, await AcceleratorAsync(cancel),
            record.DataDisk, record.Secrets.Length > 0,
            record.Kernel is null ? null : new DirectBoot(record.Kernel, record.Initrd!, record.KernelArguments!),
            new PrivateLink(IPAddress.Parse(network.LinkGroup), network.LinkPort), record.PrivateMac, record.OutsideMac,
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
