using System.Collections.Immutable;
using Baker.Clouds;

namespace Baker.Baking;

/// <summary>Makes images by running Packer over the folder that was rendered for it.</summary>
/// <param name="folder">The rendered <c>packer</c> folder. Packer reads the files in it and nothing below.</param>
public sealed class PackerMaker(PackerCli packer, string folder, BakeBase @base, IBakery bakery) : IImageMaker
{
    public string Folder => folder;

    /// <summary>Fetches Packer's plugins and lets it read every file.</summary>
    /// <exception cref="BakeException">Packer refused, in its own words.</exception>
    public async Task PrepareAsync(ImmutableArray<BakeChoice> choices, int parallel, IBakeLog log, CancellationToken cancel)
    {
        await DemandAsync("packer init", ["init", "."], log, cancel);
        await DemandAsync("packer validate", ["validate", "-var", $"base={@base.Id}", "."], log, cancel);
    }

    public async Task<string?> MakeAsync(BakeChoice choice, IBuildListener listener, CancellationToken cancel)
    {
        var manifest = Path.Combine(folder, $"{choice.Role}.manifest.json");
        File.Delete(manifest);
        var code = await packer.RunAsync(
            folder, ["build", "-machine-readable", $"-only={choice.Role}.*", "-var", $"base={@base.Id}", "."], line => PackerTalk.Tell(line, listener), cancel);
        if (code != 0)
            return null;
        var image = PackerManifest.Image(manifest, choice.Machine.Image.Fingerprint);
        if (image is null)
            listener.Hear("Packer ended well, but its manifest names no image");
        return image is null ? null : bakery.IdOf(image);
    }

    private async Task DemandAsync(string command, string[] arguments, IBakeLog log, CancellationToken cancel)
    {
        var words = new List<string>();
        log.Say("packer", command);
        var code = await packer.RunAsync(folder, arguments, words.Add, cancel);
        cancel.ThrowIfCancellationRequested();
        if (code != 0)
            throw new BakeException(string.Join("\n  ", words.Where(w => w.Trim().Length > 0).Prepend($"{command} in {folder} failed:")));
    }
}
