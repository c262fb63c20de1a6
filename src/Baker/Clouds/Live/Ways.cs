using System.Collections.Immutable;

namespace Baker.Clouds.Live;

/// <summary>
/// The ways in which machines may come to be that may have one of several types: each with the type that is wanted most, each with the
/// next, and so on.
/// </summary>
public static class Ways
{
    /// <summary>What stands in the way of a launch: only what stands in every way. What stands in some is to be known.</summary>
    /// <param name="ask">Of machines of one type each.</param>
    public static async Task<Preflight> AskAsync(
        ImmutableArray<MachineWanted> machines, Func<ImmutableArray<MachineWanted>, Task<Preflight>> ask)
    {
        var answers = new List<(ImmutableArray<MachineWanted> Machines, Preflight Said)>();
        for (var way = 0; way < Math.Max(1, machines.Select(m => m.Types.Length).DefaultIfEmpty().Max()); way++)
        {
            ImmutableArray<MachineWanted> these = [.. machines.Select(m => m.As(m.Types[Math.Min(way, m.Types.Length - 1)]))];
            answers.Add((these, await ask(these)));
        }
        var isOpen = answers.Any(a => a.Said.Problems.IsEmpty);
        var all = answers.Select(a => isOpen ? AsNotes(a.Machines, a.Said, machines) : a.Said).Aggregate((all, one) => all.With(one));
        return new([.. all.Problems.Distinct()], [.. all.Unchecked.Distinct()], [.. all.Notes.Distinct()]);
    }

    private static Preflight AsNotes(ImmutableArray<MachineWanted> these, Preflight said, ImmutableArray<MachineWanted> machines)
    {
        var chosen = these.Zip(machines).Where(m => m.Second.Types.Length > 1).Select(m => $"{m.First.Name} as {m.First.Type}");
        return said with
        {
            Problems = [],
            Notes = [.. said.Notes, .. said.Problems.Select(p => $"{string.Join(", ", chosen)} cannot be had: {p}")],
        };
    }
}
