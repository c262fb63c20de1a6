using System.Collections.Immutable;
using Baker.Clouds.Live;

namespace Baker.Launching;

/// <summary>Reads the consoles of a stack's machines and knows the newest line of each. Needs no SSH, no port and no agent.</summary>
public sealed class ConsoleFollower(ICloud cloud, StackWanted wanted, TimeProvider time)
{
    private readonly Dictionary<string, (string? Next, ConsoleLine? Line, string Id)> _read = [];

    /// <summary>Asks once. Consoles that cannot be read now keep their last line.</summary>
    public async Task<ImmutableArray<MachineProgress>> AskAsync(CancellationToken cancel)
    {
        var machines = await cloud.Machines.FindAsync(wanted.Owner, cancel);
        var progress = await Task.WhenAll(wanted.Machines.Select(w =>
            OneAsync(w, machines.FirstOrDefault(m => m.Name == w.Name), cancel)));
        return [.. progress];
    }

    private async Task<MachineProgress> OneAsync(MachineWanted machine, VirtualMachine? found, CancellationToken cancel)
    {
        var line = found is null ? null : await NewestLineAsync(found, cancel);
        return MachineProgress.Of(machine.Name, machine.Group, found, line, machine.UserDataDigest, time.GetUtcNow());
    }

    private async Task<ConsoleLine?> NewestLineAsync(VirtualMachine machine, CancellationToken cancel)
    {
        if (!_read.TryGetValue(machine.Name, out var read) || read.Id != machine.Id)
            read = (null, null, machine.Id);
        try
        {
            var text = await cloud.Console.ReadAsync(machine, read.Next, cancel);
            var newest = ConsoleLine.In(text.Text).LastOrDefault();
            // Some clouds repeat what they have said before.
            if (newest is not null && (read.Line is null || newest.At >= read.Line.At))
                read.Line = newest;
            read.Next = text.Next;
        }
        catch (CloudException e) when (e.Failure is CloudFailure.Unreachable)
        {
            // The next try may come through; until then the last line ages.
        }
        lock (_read)
            _read[machine.Name] = read;
        return read.Line;
    }
}
