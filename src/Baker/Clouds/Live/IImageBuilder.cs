using System.Collections.Immutable;

namespace Baker.Clouds.Live;

/// <summary>A cloud that makes images by machines of its own, without another program that tells them what to do.</summary>
public interface IImageBuilder
{
    /// <summary>Looks for what would make these builds fail, changing nothing.</summary>
    /// <param name="parallel">Most of them at once.</param>
    Task<Preflight> CheckAsync(ImmutableArray<BuildWanted> builds, int parallel, CancellationToken cancel);

    /// <summary>
    /// Boots a builder from the stock image, waits until it has sealed itself, and makes an image of its disk. However it ends, the
    /// builder is gone then.
    /// </summary>
    /// <returns>The image's id.</returns>
    /// <exception cref="CloudException">There is no image; the answer says at what the builder failed.</exception>
    Task<string> BuildAsync(BuildWanted wanted, IBuildListener listener, CancellationToken cancel);
}

/// <param name="Machine">The machine of the stack that the image is for.</param>
/// <param name="Network">The stack's. The builder stands in one like it, alone and closed.</param>
/// <param name="UserData">The builder's own: it installs, seals, looks, and switches the machine off.</param>
public sealed record BuildWanted(MachineWanted Machine, NetworkWanted Network, ReadOnlyMemory<byte> UserData);

/// <summary>Who hears what a build does while it does it.</summary>
public interface IBuildListener
{
    /// <summary>Something else is begun.</summary>
    void Begin(string step);

    /// <summary>What a program or a machine says; may have several lines.</summary>
    void Hear(string text);

    /// <summary>All that the build has made for its own time, and that stays when the build is cut off now.</summary>
    void Keep(ImmutableArray<Resource> temporary)
    {
        // Whoever shows nothing of it.
    }
}
