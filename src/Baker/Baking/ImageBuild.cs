using System.Globalization;
using Baker.Clouds;

namespace Baker.Baking;

/// <summary>One run of <c>packer build</c>, for one role's image, with a log of its own.</summary>
internal sealed class ImageBuild(PackerCli packer, string folder, BakeChoice choice, BakeBase @base, TimeProvider time)
{
    private readonly BuildFollower _follower = new(choice.Role);

    public BakeProgress Progress => _follower.Progress;

    /// <summary>Below the folder; Packer reads the files beside it and nothing in it.</summary>
    public string Log { get; } = string.Create(CultureInfo.InvariantCulture, $"logs/{choice.Role}-{time.GetUtcNow():yyyyMMdd-HHmmss}.log");

    /// <param name="changed">Called when <see cref="Progress"/> has changed.</param>
    public async Task<BakeOutcome> RunAsync(Action changed, CancellationToken cancel)
    {
        var manifest = Path.Combine(folder, $"{choice.Role}.manifest.json");
        Directory.CreateDirectory(Path.Combine(folder, "logs"));
        await using var log = new StreamWriter(Path.Combine(folder, Log)) { AutoFlush = true };
        void Hear(string line)
        {
            var before = Progress;
            if (_follower.Take(line) is { } text)
                log.WriteLine(text);
            if (Progress != before)
                changed();
        }

        File.Delete(manifest);
        Enter("building", changed);
        var code = await packer.RunAsync(folder, ["build", "-machine-readable", $"-only={choice.Role}.*", "-var", $"base={@base.Id}", "."], Hear, cancel);
        var image = code == 0 ? PackerManifest.Image(manifest, choice.Machine.Image.Fingerprint) : null;
        if (image is null)
        {
            if (code == 0)
                Hear("Packer ended well, but its manifest names no image");
            Enter(cancel.IsCancellationRequested ? "cancelled" : "failed", changed);
        }
        else
            Enter("done", changed, image);
        return new BakeOutcome(choice.Role, image, Progress.Step, [.. _follower.LastLines], Log);
    }

    private void Enter(string state, Action changed, string? image = null)
    {
        _follower.Enter(state, image);
        changed();
    }
}

/// <param name="Image">Null: the build failed or was cancelled.</param>
/// <param name="Step">The last that was begun.</param>
/// <param name="LastLines">What Packer said last.</param>
/// <param name="Log">Path below Packer's folder.</param>
public sealed record BakeOutcome(string Role, string? Image, string Step, IReadOnlyList<string> LastLines, string Log);
