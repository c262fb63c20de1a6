using Baker.Clouds.Live.Local.Network;
using Baker.Clouds.Live.Local.Qemu;

namespace Baker.Clouds.Live.Local;

/// <summary>Starts a machine from what is written down about it. One that runs is left alone.</summary>
internal sealed class MachineStart(Desk desk) : IDisposable
{
    private readonly SemaphoreSlim _once = new(1);
    private readonly SemaphoreSlim _closing = new(1);
    private readonly LinkPlaces _places = new();
    private Accelerator? _accelerator;

    public async Task StartAsync(MachineFolder folder, CancellationToken cancel)
    {
        var process = new QemuProcess(folder, desk.Time);
        if (process.Find() is { } running)
        {
            var status = await QemuProcess.StatusAsync(running, cancel);
            if (MachineStates.Of(status) != MachineState.Stopped)
                return;
            // Its processors stand still, for good or until the disk has room again: a start is a start.
            await process.CutPowerAsync(cancel);
            if (status == KvmWatch.Failed)
                GiveUpKvm(folder.Name);
        }
        await StartAsync(folder, process, cancel);
        await CloseLinkAsync(folder, cancel);
    }

    /// <summary>
    /// Machines that an older Baker started are on another cable than this one, and everybody reads that: they change over now.
    /// </summary>
    private async Task CloseLinkAsync(MachineFolder started, CancellationToken cancel)
    {
        await _closing.WaitAsync(cancel);
        try
        {
            foreach (var folder in started.Stack.AllMachines.Where(m => m.Path != started.Path))
            {
                var process = new QemuProcess(folder, desk.Time);
                if (process.Find() is not { } running || !PrivateLink.IsOpen(running.Command))
                    continue;
                desk.Surroundings.Say($"{folder.Name}: restarting it, because its network was open to every account of this machine");
                await process.ShutDownAsync(cancel);
                await StartAsync(folder, process, cancel);
            }
        }
        finally
        {
            _closing.Release();
        }
    }

    private async Task StartAsync(MachineFolder folder, QemuProcess process, CancellationToken cancel)
    {
        if (await PrivateLinkProbe.ProblemAsync(desk.Require(DeskProgram.Qemu), cancel) is { } problem)
            throw new CloudException(CloudFailure.Refused, $"starting the machine {folder.Name}", problem);
        var accelerator = await AcceleratorAsync(cancel);
        var watch = new KvmWatch(stop => process.Find() is { } qemu ? QemuProcess.StatusAsync(qemu, stop) : Task.FromResult<string?>(null),
            folder.At(MachineFolder.Console), desk.Time);
        await StartAsync(folder, process, accelerator, cancel);
        if (accelerator != Accelerator.Kvm || await watch.HoldsAsync(cancel))
            return;
        await process.CutPowerAsync(cancel);
        await StartAsync(folder, process, GiveUpKvm(folder.Name), cancel);
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

    private async Task StartAsync(MachineFolder folder, QemuProcess process, Accelerator accelerator, CancellationToken cancel)
    {
        var record = folder.Record ?? throw new CloudException(
            CloudFailure.Refused, $"starting the machine {folder.Name}", "it is not there any more");
        var stack = folder.Stack;
        if (stack.Network is not { } network)
            throw new CloudException(CloudFailure.Refused, $"starting the machine {record.Name}", "its network is not there",
                "`baker launch` makes it");
        RootDisk.CheckImage(record);
        record = _places.Seat(folder, record);
        SecretsDisk.Write(folder, record);
        var machine = new QemuMachine(
            desk.Require(DeskProgram.Qemu), $"{stack.Name}/{record.Name}", record.Uuid, record.Cpus, record.MemoryMb, accelerator,
            record.DataDisk, record.Secrets.Length > 0,
            record.Kernel is null ? null : new DirectBoot(record.Kernel, record.Initrd!, record.KernelArguments!),
            new PrivateLink(record.LinkPlace!.Value), record.PrivateMac, record.OutsideMac,
            OutsideNetwork.Beside(network.Cidr), PortForward.Of(network.Ports, record.Group, record.Address));
        await process.StartAsync(desk.Require(DeskProgram.SetSid), QemuCommand.Of(machine), cancel);
    }

    private Accelerator GiveUpKvm(string machine)
    {
        _accelerator = Accelerator.Emulation("KVM gets through firmware here and fails in a kernel");
        desk.Surroundings.Say($"{machine}: started again: {_accelerator.Note}");
        return _accelerator;
    }

    public void Dispose()
    {
        _once.Dispose();
        _closing.Dispose();
    }
}
