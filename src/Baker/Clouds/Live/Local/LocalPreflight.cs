using System.Collections.Immutable;
using Baker.Clouds.Facts.Local;
using Baker.Clouds.Live.Local.Network;
using Baker.Clouds.Live.Local.Qemu;

namespace Baker.Clouds.Live.Local;

/// <summary>Looks for what this machine lacks before anything is made on it.</summary>
internal sealed class LocalPreflight(Desk desk, LocalSpec spec, MachineStart start)
{
    /// <summary>GiB below which not even an image and the packages of one machine fit.</summary>
    private const int LeastDiskGb = 5;

    public async Task<Preflight> CheckAsync(StackWanted wanted, CancellationToken cancel)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        var notes = ImmutableArray.CreateBuilder<string>();
        if (!OperatingSystem.IsLinux())
            return Preflight.Clear with { Problems = ["local stacks need Linux: its /proc, its way of starting processes"] };

        problems.AddRange(DeskProgram.All.Where(p => desk.Find(p.Name) is null).Select(p => p.Missing));
        problems.AddRange(MissingFiles());
        var stack = desk.Folder(wanted.Owner);
        var stopped = wanted.Machines.Where(m => new QemuProcess(stack.Machine(m.Name), desk.Time).Find() is null).ToImmutableArray();
        var bySize = stopped.Select(m => (m.Group, MemoryGb: spec.Facts.FindMachine(m.Type)?.MemoryGb ?? 0)).OrderBy(m => m.MemoryGb)
            .ToArray();
        if (bySize.Length > 0 && DeskResources.MemoryProblem(bySize.Sum(m => m.MemoryGb), bySize[^1].Group) is { } memory)
            problems.Add(memory);
        Disk(wanted, problems, notes);
        if (wanted.Machines.Sum(m => spec.Facts.FindMachine(m.Type)?.Cpus ?? 0) is var cpus && cpus > 2 * Environment.ProcessorCount)
            notes.Add($"the machines have {cpus} CPUs together, this one {Environment.ProcessorCount}: expect them to be slow");
        if (desk.Find(DeskProgram.Qemu.Name) is { } qemu && await PrivateLinkProbe.ProblemAsync(qemu, cancel) is { } link)
            problems.Add(link);
        if (OpenMachines(stack) is { Length: > 0 } open)
            notes.Add($"every account of this machine can listen and speak on the network of {string.Join(", ", open)}, which an older "
                + "Baker started: `baker stop` and `baker start` close it");
        problems.AddRange(PortProblems(wanted, stack, stopped));
        if (desk.Find(DeskProgram.Qemu.Name) is not null && (await start.AcceleratorAsync(cancel)).Note is { } note)
            notes.Add(note);
        return new Preflight(problems.ToImmutable(), [], notes.ToImmutable());
    }

    private string[] OpenMachines(StackFolder stack) => [.. stack.AllMachines
        .Where(m => new QemuProcess(m, desk.Time).Find() is { } running && PrivateLink.IsOpen(running.Command)).Select(m => m.Name)];

    private IEnumerable<string> MissingFiles() => new[] { spec.Image, spec.Kernel, spec.Initrd }.OfType<string>()
        .Select(desk.Surroundings.FullPath).Where(path => !File.Exists(path))
            .Select(path => $"{path}, named under cloud.local, is not there");

    private void Disk(StackWanted wanted, ImmutableArray<string>.Builder problems, ImmutableArray<string>.Builder notes)
    {
        var free = DeskResources.FreeDiskGb(desk.State);
        var most = wanted.Machines.Sum(m => m.DiskGb) + (wanted.DataDisk?.SizeGb ?? 0);
        if (free < LeastDiskGb)
            problems.Add($"{desk.State} has {free} GB left, which is too little for any machine; XDG_STATE_HOME names another place");
        else if (free < most)
            notes.Add($"the disks may grow to {most} GB, and {desk.State} has {free} GB left");
    }

    /// <summary>Ports of a machine that runs are open already, by itself.</summary>
    private static IEnumerable<string> PortProblems(StackWanted wanted, StackFolder stack, ImmutableArray<MachineWanted> stopped)
    {
        var ports = LocalNetwork.OpenPorts(wanted.Network);
        foreach (var machine in wanted.Machines)
        {
            var isStopped = stopped.Contains(machine);
            var open = isStopped || stack.Network is not { } network ? [] : PortForward.Of(network.Ports, machine.Group, machine.Address);
            foreach (var forward in PortForward.Of(ports, machine.Group, machine.Address).Except(open))
            {
                if (PortProbe.Problem(forward.Outside, $"{machine.Group}.url", wanted.Owner.Host) is { } problem)
                    yield return problem;
            }
        }
    }
}
