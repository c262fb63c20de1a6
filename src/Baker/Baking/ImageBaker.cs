using System.Collections.Immutable;
using Baker.Clouds;

namespace Baker.Baking;

/// <summary>Bakes images by running Packer over the folder that was rendered for it.</summary>
/// <param name="folder">The rendered <c>packer</c> folder.</param>
public sealed class ImageBaker(PackerCli packer, string folder, BakeBase @base, IBakeLog log, TimeProvider time)
{
    /// <summary>Fetches Packer's plugins and lets it read every file, before anything is made.</summary>
    /// <exception cref="PackerException">Packer refused, in its own words.</exception>
    public async Task PrepareAsync(CancellationToken cancel)
    {
        await DemandAsync("packer init", ["init", "."], cancel);
        await DemandAsync("packer validate", ["validate", "-var", $"base={@base.Id}", "."], cancel);
    }

    /// <summary>Builds the images; a build that fails does not stop the others. Cancelled, it returns when Packer has cleaned up.</summary>
    /// <param name="parallel">Most builds at once.</param>
    public async Task<ImmutableArray<BakeOutcome>> BakeAsync(ImmutableArray<BakeChoice> choices, int parallel, CancellationToken cancel)
    {
        var began = time.GetUtcNow();
        var builds = choices.Select(c => new ImageBuild(packer, folder, c, @base, time)).ToArray();
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
            catch (OperationCanceledException)
            {
                return null;
            }
            finally
            {
                places.Release();
            }
        }

        Show();
        return [.. (await Task.WhenAll(builds.Select(RunAsync))).OfType<BakeOutcome>()];
    }

    private async Task DemandAsync(string command, string[] arguments, CancellationToken cancel)
    {
        var words = new List<string>();
        log.Say("packer", command);
        var code = await packer.RunAsync(folder, arguments, words.Add, cancel);
        cancel.ThrowIfCancellationRequested();
        if (code != 0)
            throw new PackerException(string.Join("\n  ", words.Where(w => w.Trim().Length > 0).Prepend($"{command} in {folder} failed:")));
    }
}
