using Baker.Clouds.Live.Local.Files;
using Baker.Clouds.Live.Local.Network;

namespace Baker.Clouds.Live.Local;

/// <summary>Gives every machine of a stack its place on the private link, for its life.</summary>
internal sealed class LinkPlaces
{
    // Machines of a stack start at the same time; other Bakers are kept away by the stack's lock.
    private readonly Lock _one = new();

    public MachineRecord Seat(MachineFolder folder, MachineRecord record)
    {
        lock (_one)
        {
            PrivateFiles.MakeFolder(folder.Stack.Link);
            if (record.LinkPlace is not null)
                return record;
            var taken = folder.Stack.AllMachines.Where(m => m.Path != folder.Path).Select(m => m.Record?.LinkPlace).ToHashSet();
            var free = Enumerable.Range(0, PrivateLink.Places).Where(place => !taken.Contains(place)).ToArray();
            if (free.Length == 0)
                throw new CloudException(CloudFailure.Refused, $"connecting the machine {record.Name}",
                    $"the stack has {PrivateLink.Places} machines already, and no more are connected on one desk");
            record = record with { LinkPlace = free[0] };
            folder.Write(record);
            return record;
        }
    }
}
