using System.Collections.Immutable;
using Baker.Clouds.Live;
using Baker.Rendering;
using Baker.Writing;

namespace Baker.Baking;

/// <summary>
/// Makes images by running Packer over what was rendered for it. Packer runs every template that it finds in a folder, so it gets one
/// of its own, which nobody else can write to.
/// </summary>
public sealed class PackerMaker : IImageMaker
{
    private readonly PackerCli _packer;
    private readonly BakeBase _base;
    private readonly IBakery _bakery;
    private readonly string _folder = Directory.CreateTempSubdirectory("baker-").FullName;

    public PackerMaker(PackerCli packer, Artifacts artifacts, BakeBase @base, IBakery bakery)
    {
        (_packer, _base, _bakery) = (packer, @base, bakery);
        const string Rendered = $"{PackerFiles.Folder}/";
        new ArtifactWriter(_folder).Write([.. artifacts.Files.Where(f => f.Path.StartsWith(Rendered, StringComparison.Ordinal))
            .Select(f => f with { Path = f.Path[Rendered.Length..] })], force: false);
    }

    /// <summary>Fetches Packer's plugins and lets it read every file.</summary>
    /// <exception cref="BakeException">Packer refused, in its own words.</exception>
    public async Task PrepareAsync(ImmutableArray<BakeChoice> choices, int parallel, IBakeLog log, CancellationToken cancel)
    {
        await DemandAsync("packer init", ["init", "."], log, cancel);
        await DemandAsync("packer validate", ["validate", "-var", $"base={_base.Id}", "."], log, cancel);
    }

    public async Task<string?> MakeAsync(BakeChoice choice, IBuildListener listener, CancellationToken cancel)
    {
        var manifest = Path.Combine(_folder, $"{choice.Role}.manifest.json");
        var talk = new PackerTalk(listener);
        var code = await _packer.RunAsync(
            _folder, ["build", "-machine-readable", $"-only={choice.Role}.*", "-var", $"base={_base.Id}", "."], talk.Hear, cancel);
        if (code != 0)
            return null;
        var image = PackerManifest.Image(manifest, choice.Machine.Image.Fingerprint);
        if (image is null)
            listener.Hear("Packer ended well, but its manifest names no image");
        return image is null ? null : _bakery.IdOf(image);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task DemandAsync(string command, string[] arguments, IBakeLog log, CancellationToken cancel)
    {
        var words = new List<string>();
        log.Say("packer", command);
        var code = await _packer.RunAsync(_folder, arguments, words.Add, cancel);
        cancel.ThrowIfCancellationRequested();
        if (code != 0)
            throw new BakeException(string.Join("\n  ", words.Where(w => w.Trim().Length > 0).Prepend($"{command} failed:")));
    }
}
