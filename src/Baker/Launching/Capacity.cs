using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Baker.Clouds.Live;

namespace Baker.Launching;

/// <summary>
/// Room for machines. It is kept for one that a zone may have no more of, while that is stopped or made anew; where there is none, it is
/// waited for.
/// </summary>
public sealed class Capacity(ICloud cloud, ILaunchLog log, TimeProvider time, CapacityTerms terms)
{
    /// <summary>Clouds say "later", and no more. More often is no use, as every try takes a while.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>A stop may take a quarter of an hour, and a start some minutes.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, Reservation> _kept = new();

    /// <summary>What an earlier run left is used, and then given back.</summary>
    public void TakeOver(Survey found)
    {
        foreach (var reservation in found.Reservations.All)
            _kept.TryAdd(reservation.Machine, reservation);
    }

    public VirtualMachine WithRoom(VirtualMachine machine) => machine with { Room = RoomOf(machine.Name, machine.Type) };

    /// <summary>What is kept for it as a machine of that type; null: nothing.</summary>
    public Reservation? RoomOf(string machine, string type) => RoomOf(machine) is { } kept && kept.Type == type ? kept : null;

    public Reservation? RoomOf(string machine) => _kept.GetValueOrDefault(machine);

    /// <summary>What a machine of another type may not meet: a zone's room, and the account's limit.</summary>
    public static readonly ImmutableArray<CloudFailure> OfOneType = [CloudFailure.NoCapacity, CloudFailure.Quota];

    /// <summary>The types that a machine may have, that first for which room is kept.</summary>
    public ImmutableArray<string> TypesOf(MachineWanted wanted) => RoomOf(wanted.Name) is { Type: var kept } && wanted.Types.Contains(kept)
        ? [kept, .. wanted.Types.Where(t => t != kept)] : wanted.Types;

    /// <summary>Keeps room before a machine is given up. The machine is untouched when this is refused.</summary>
    /// <exception cref="CloudException">No room is kept, and nobody accepts that.</exception>
    public async Task KeepAsync(Change change, CancellationToken cancel)
    {
        var (wanted, found) = (change.Wanted, change.Found!);
        if (cloud.Reservations is not { } reservations)
            return;
        if (RoomOf(wanted.Name) is { } left)
        {
            if (wanted.Types.Contains(left.Type) && left.Zone == found.Zone && left.Ends - time.GetUtcNow() >= Enough)
                return;
            await GiveBackAsync(wanted.Name, cancel);
        }
        try
        {
            await Preference.InOrderAsync(wanted.Types, OfOneType, async type =>
            {
                var kept = _kept[wanted.Name] = await reservations.MakeAsync(wanted.As(type), found, cancel);
                log.Say(wanted.Name, $"{kept.Id} keeps room for its {kept.Type}, until it runs again");
            }, (type, other, _) => log.Say(wanted.Name, $"no room is kept for a {type}; trying {other}"));
        }
        catch (CloudException e) when (e.Failure is CloudFailure.Quota or CloudFailure.NoCapacity or CloudFailure.Denied
            or CloudFailure.Refused)
        {
            if (!terms.MayLose)
                throw new CloudException(e.Failure, $"{wanted.Name} is left as it is, as no room can be kept for it", e.Message,
                    "`--risk-capacity` does it all the same, and it may then not come back for hours", e);
            log.Say(wanted.Name, $"no room is kept for it: {e.Message}");
        }
    }

    public async Task GiveBackAsync(string machine, CancellationToken cancel)
    {
        if (RoomOf(machine) is not { } kept)
            return;
        await cloud.Reservations!.DeleteAsync(kept, cancel);
        _kept.TryRemove(machine, out _);
        log.Say(machine, $"{kept.Id} is cancelled");
    }

    /// <summary>Looks anew: what an earlier run made in the moment in which it was killed may be seen only now.</summary>
    public async Task GiveAllBackAsync(StackOwner owner, CancellationToken cancel)
    {
        foreach (var machine in _kept.Keys)
            await GiveBackAsync(machine, cancel);
        foreach (var left in cloud.Reservations is { } reservations ? (await reservations.FindAsync(owner, cancel)).All : [])
        {
            _kept[left.Machine] = left;
            await GiveBackAsync(left.Machine, cancel);
        }
    }

    /// <summary>Does again what there was no room for, until the time is over.</summary>
    /// <param name="attempt">What may be begun again wherever it has ended.</param>
    /// <exception cref="CloudException">It was refused for another reason, or there was no room until then.</exception>
    public Task UntilThereIsRoomAsync(VirtualMachine machine, Func<Task> attempt, CancellationToken cancel) =>
        UntilThereIsRoomAsync(machine.Name, machine.Type, attempt, cancel);

    /// <summary>Makes a machine: of the type that is wanted most, and where there is none of it of the next.</summary>
    /// <inheritdoc cref="UntilThereIsRoomAsync(VirtualMachine, Func{Task}, CancellationToken)"/>
    public Task UntilThereIsRoomAsync(MachineWanted machine, Func<string, Task> attempt, CancellationToken cancel) =>
        UntilThereIsRoomAsync(machine.Name, string.Join(" or ", machine.Types), () => Preference.InOrderAsync(
            TypesOf(machine), OfOneType, attempt, (type, other, refused) => log.Say(machine.Name, refused.Failure == CloudFailure.Quota
                ? $"the account may have no more {type}; trying {other}" : $"no {type} is left; trying {other}")), cancel);

    private async Task UntilThereIsRoomAsync(string machine, string type, Func<Task> attempt, CancellationToken cancel)
    {
        var until = time.GetUtcNow() + terms.Limit;
        for (var tries = 1; ; tries++)
        {
            try
            {
                await attempt();
                return;
            }
            catch (CloudException e) when (e.Failure == CloudFailure.NoCapacity)
            {
                if (time.GetUtcNow() + Pause >= until)
                    throw new CloudException(CloudFailure.NoCapacity, string.Create(
                        CultureInfo.InvariantCulture, $"{machine} found no room in {terms.Limit.TotalMinutes:0} minutes"), e.Message,
                        "the next `baker launch` goes on from here and tries again, for as long as --timeout says; another machine than "
                        + $"{type} may have room, and so may another zone or region, where the stack is made anew", e);
                log.Say(machine, string.Create(CultureInfo.InvariantCulture,
                    $"no {type} is left just now (try {tries}); again in a minute, until {until.UtcDateTime:HH:mm} UTC"));
            }
            await Task.Delay(Pause, time, cancel);
        }
    }
}
