using System.Collections.Immutable;
using Baker.Clouds.Live;

namespace Baker.Baking;

/// <summary>A way of making images, one role's at a time.</summary>
public interface IImageMaker : IDisposable
{
    /// <summary>Sees to it that builds can begin, before anything is made.</summary>
    /// <param name="parallel">Most builds at once.</param>
    /// <exception cref="BakeException">They cannot; the message says what to do.</exception>
    Task PrepareAsync(ImmutableArray<BakeChoice> choices, int parallel, IBakeLog log, CancellationToken cancel);

    /// <summary>Makes the image. Cancelled, it returns or throws when it has cleaned up.</summary>
    /// <returns>The image's id; null: there is none, and the listener has heard why.</returns>
    /// <exception cref="CloudException">There is none, and the answer says why.</exception>
    Task<string?> MakeAsync(BakeChoice choice, IBuildListener listener, CancellationToken cancel);
}
