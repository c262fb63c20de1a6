using System.Collections.Immutable;
using Baker.Clouds.Live;

namespace Baker.Launching;

/// <summary>What exists of a stack.</summary>
public sealed record Survey(PublicAddress? Address, Disk? DataDisk, ImmutableArray<VirtualMachine> Machines)
{
    /// <summary>Room that is kept for machines. Between two commands it is what one that was cut off has left.</summary>
    public ReservationsFound Reservations { get; init; } = ReservationsFound.None;

    public static async Task<Survey> OfAsync(ICloud cloud, StackOwner owner, CancellationToken cancel)
    {
        var address = cloud.Addresses.FindAsync(owner, cancel);
        var disk = cloud.Disks.FindAsync(owner, cancel);
        var machines = cloud.Machines.FindAsync(owner, cancel);
        var reservations = cloud.Reservations?.FindAsync(owner, cancel) ?? Task.FromResult(ReservationsFound.None);
        await Task.WhenAll(address, disk, machines, reservations);
        return new Survey(await address, await disk, await machines) { Reservations = await reservations };
    }

    /// <summary>Of machines that are being deleted none is found: they are waited for where another takes their place.</summary>
    public VirtualMachine? Machine(string name) => Machines.FirstOrDefault(m => m.Name == name && m.State != MachineState.Dying);

    /// <summary>Where the stack is already; null while nothing of it is bound to a zone.</summary>
    public string? Zone => DataDisk?.Zone ?? Machines.FirstOrDefault(m => m.State != MachineState.Dying)?.Zone;
}
