using System.Collections.Immutable;

namespace Baker.Clouds.Live.Local.Baked;

/// <summary>Where builders stand: each in a stack of its own that nothing else belongs to, so that it goes whole.</summary>
internal sealed class BuildPlaces(Desk desk, LocalMachines machines, LocalNetwork network)
{
    private const string Ending = "-bake";

    public static StackOwner OwnerOf(StackOwner stack, string role) => stack with { Stack = $"{stack.Stack}-{role}{Ending}" };

    public StackFolder Folder(StackOwner build) => desk.Folder(build);

    /// <summary>Of a stack: builds under way, and what is left of those that were cut off.</summary>
    public ImmutableArray<StackOwner> All(StackOwner stack) =>
    [
        .. desk.AllStacks.Select(s => s.Name).Where(n =>
            n.StartsWith($"{stack.Stack}-", StringComparison.Ordinal) && n.EndsWith($"{Ending}-{stack.Id}", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(n => stack with { Stack = n[..^(stack.Id.Length + 1)] }),
    ];

    /// <summary>Ends a build's machine and removes all that it has made.</summary>
    /// <returns>What could not be removed, with the reason.</returns>
    public async Task<ImmutableArray<Resource>> RemoveAsync(StackOwner build, CancellationToken cancel)
    {
        foreach (var machine in await machines.FindAsync(build, cancel))
            await machines.DeleteAsync(machine, build, keepsData: false, cancel);
        return await network.DeleteAsync(build, cancel);
    }
}
