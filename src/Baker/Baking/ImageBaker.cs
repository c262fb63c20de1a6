using System.Collections.Immutable;
using Baker.Clouds.Live;

namespace Baker.Baking;

/// <summary>Bakes several images at once, whoever makes them, and shows how far each is.</summary>
/// <param name="logs">Full path of the folder that gets each build's own log.</param>
public sealed class ImageBaker(IImageMaker maker, IBakeLog log, string logs, TimeProvider time)
{
    private ImmutableArray<ImageBuild> _builds = [];

    /// <summary>What stays when all is cut off now, as far as the builds say so themselves.</summary>
    public IEnumerable<Resource> Temporary => _builds.SelectMany(b => b.Temporary);

    /// <summary>
    /// Builds the images; a build that fails does not stop the others. Cancelled, it returns when the maker has cleaned up.
    /// </summary>
    /// <param name="parallel">Most builds at once.</param>
    public async Task<ImmutableArray<BakeOutcome>> BakeAsync(ImmutableArray<BakeChoice> choices, int parallel, CancellationToken cancel)
    {
        var began = time.GetUtcNow();
        var builds = _builds = [.. choices.Select(c => new ImageBuild(maker, c, logs, time))];
        void Show() => log.Show([.. builds.Select(b => b.Progress)], time.GetUtcNow() - began);

        using var places = new SemaphoreSlim(parallel);
        async Task<BakeOutcome?> RunAsync(ImageBuild build)
        {
            try
            {
                await places.WaitAsync(cancel);
            }
            catch (OperationCanceledException)
            {
                return null; // It has not begun.
            }
            try
            {
                return await build.RunAsync(Show, cancel);
            }
            finally
            {
                places.Release();
            }
        }

        Show();
        return [.. (await Task.WhenAll(builds.Select(RunAsync))).OfType<BakeOutcome>()];
    }
}
