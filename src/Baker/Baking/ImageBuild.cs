using System.Collections.Immutable;
using System.Globalization;
using Baker.Clouds.Live;

namespace Baker.Baking;

/// <summary>The build of one role's image, with a log of its own.</summary>
/// <param name="logs">Full path of the folder that the log lies in.</param>
internal sealed class ImageBuild(IImageMaker maker, BakeChoice choice, string logs, TimeProvider time)
{
    private BuildFollower? _follower;

    public BakeProgress Progress => _follower?.Progress ?? BakeProgress.Waiting(choice.Role);

    /// <summary>What stays when the build is cut off now.</summary>
    public ImmutableArray<Resource> Temporary => _follower?.Temporary ?? [];

    /// <summary>A file name.</summary>
    public string Log { get; } = string.Create(CultureInfo.InvariantCulture, $"{choice.Role}-{time.GetUtcNow():yyyyMMdd-HHmmss}.log");

    /// <param name="changed">Called when <see cref="Progress"/> has changed.</param>
    public async Task<BakeOutcome> RunAsync(Action changed, CancellationToken cancel)
    {
        Directory.CreateDirectory(logs);
        await using var log = new StreamWriter(Path.Combine(logs, Log)) { AutoFlush = true };
        var follower = _follower = new BuildFollower(choice.Role, log, changed);
        follower.Enter("building");
        var image = await MakeAsync(follower, cancel);
        follower.Enter(image is not null ? "done" : cancel.IsCancellationRequested ? "cancelled" : "failed", image);
        return new BakeOutcome(choice.Role, image, Progress.Step, [.. follower.LastLines], Log, follower.Temporary);
    }

    /// <summary>What a build fails of is its own affair: others go on.</summary>
    private async Task<string?> MakeAsync(BuildFollower follower, CancellationToken cancel)
    {
        try
        {
            return await maker.MakeAsync(choice, follower, cancel);
        }
        catch (CloudException e)
        {
            follower.Hear(e.Message);
            return null;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return null;
        }
    }
}

/// <param name="Image">Null: the build failed or was cancelled.</param>
/// <param name="Step">The last that was begun.</param>
/// <param name="LastLines">What was said last.</param>
/// <param name="Log">The name of its file.</param>
/// <param name="Temporary">What the build made for its own time and has not removed, by its own words.</param>
public sealed record BakeOutcome(
    string Role, string? Image, string Step, IReadOnlyList<string> LastLines, string Log, ImmutableArray<Resource> Temporary);
