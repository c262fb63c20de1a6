using System.Collections.Immutable;
using System.Globalization;

namespace Baker.Clouds.Live;

/// <summary>Keeps room for a machine that is stopped or deleted: of some types a zone may have none left afterwards.</summary>
public interface IReservations
{
    /// <summary>All of the stack's that keep room now.</summary>
    Task<ReservationsFound> FindAsync(StackOwner owner, CancellationToken cancel);

    /// <summary>Keeps room for one machine, for two hours at most. Returns when it is kept.</summary>
    /// <param name="present">The machine that is there until then; the room is beside it.</param>
    /// <exception cref="CloudException">There is no room, or the account may not have it.</exception>
    Task<Reservation> MakeAsync(MachineWanted wanted, VirtualMachine present, CancellationToken cancel);

    /// <summary>Gives the room back. A machine that runs in it stays.</summary>
    Task DeleteAsync(Reservation reservation, CancellationToken cancel);
}

/// <param name="Machine">The name of the machine that it is for.</param>
/// <param name="Ends">When the cloud ends it by itself.</param>
public sealed record Reservation(string Id, string Machine, string Type, string Zone, DateTimeOffset Ends)
{
    public Resource Listed() => new("capacity reservation", Machine, Id, string.Create(
        CultureInfo.InvariantCulture, $"of a {Type} in {Zone}, billed until {Ends.UtcDateTime:yyyy-MM-dd HH:mm} UTC at the latest"));
}

/// <param name="Unseen">Why nobody could look; null: somebody did.</param>
public sealed record ReservationsFound(ImmutableArray<Reservation> All, string? Unseen = null)
{
    public static readonly ReservationsFound None = new([]);
}
