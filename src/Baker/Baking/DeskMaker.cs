using System.Collections.Immutable;
using Baker.Clouds.Live;
using Baker.Rendering;

namespace Baker.Baking;

/// <summary>Makes images by builders of the cloud's own, which work by the user-data that was rendered for them.</summary>
public sealed class DeskMaker(IImageBuilder builder, StackWanted stack, Artifacts artifacts) : IImageMaker
{
    public void Dispose()
    {
        // Builders are the cloud's.
    }

    public async Task PrepareAsync(ImmutableArray<BakeChoice> choices, int parallel, IBakeLog log, CancellationToken cancel)
    {
        var found = await builder.CheckAsync([.. choices.Select(Build)], parallel, cancel);
        string[] advice = parallel > 1 && choices.Length > 1 ? ["`--parallel 1` bakes one image after the other"] : [];
        if (found.Problems.Length > 0)
            throw new BakeException(string.Join("\n  ", ["nothing was baked:", .. found.Problems, .. advice]));
        foreach (var note in found.Notes)
            log.Say("note", note);
    }

    public async Task<string?> MakeAsync(BakeChoice choice, IBuildListener listener, CancellationToken cancel) =>
        await builder.BuildAsync(Build(choice), listener, cancel);

    private BuildWanted Build(BakeChoice choice) => new(
        stack.Machines.First(m => m.Group == choice.Role), stack.Network,
            artifacts.Files.Single(f => f.Path == $"{BuilderFiles.Folder}/{choice.Role}.yaml").Bytes);
}
