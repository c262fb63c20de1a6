using System.Security.Cryptography;
using System.Text;
using Baker.Clouds.Facts.Local;

namespace Baker.Clouds.Live.Local.Images;

/// <summary>The image that nothing is installed on yet: the user's own file, or Ubuntu's.</summary>
internal sealed class StockImages(Desk desk, LocalSpec spec, UbuntuImages ubuntu)
{
    /// <summary>What the choice is made from; stays the same when the content changes.</summary>
    public string Source => spec.Image is null ? "Ubuntu 24.04" : desk.Surroundings.FullPath(spec.Image);

    /// <param name="maxAge">Of an image of Ubuntu's that is here; an older one is used when no newer one can be asked for.</param>
    public async Task<Image> ResolveAsync(TimeSpan maxAge, CancellationToken cancel) =>
        spec.Image is null ? await ubuntu.NewestAsync(maxAge, cancel) : Own(Source, "named under cloud.local");

    /// <summary>What a bake starts from today. Nothing is fetched.</summary>
    public async Task<BakeBase> BaseAsync(CancellationToken cancel) =>
        spec.Image is null ? UbuntuBase(await ubuntu.NewestSumAsync(cancel)) : BaseOf(Own(Source, ""));

    /// <summary>The same of an image that was resolved.</summary>
    public BakeBase BaseOf(Image image)
    {
        if (spec.Image is null)
            return UbuntuBase(Path.GetFileNameWithoutExtension(image.Id));
        var stamps = new[] { image.Id, spec.Kernel, spec.Initrd }.OfType<string>()
            .Select(p => DiskImage.StampOf(desk.Surroundings.FullPath(p)));
        var sum = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', stamps)));
        return new BakeBase($"{image.Name}-{Convert.ToHexStringLower(sum.AsSpan(0, 6))}", image.Id);
    }

    public static Image Own(string path, string why) => File.Exists(path) ? new Image(path, Path.GetFileName(path), false, why)
        : throw new CloudException(CloudFailure.Refused, "finding an image", $"{path} is not there");

    private static BakeBase UbuntuBase(string sum) => new($"noble-{sum[..12]}", $"Ubuntu 24.04 server {sum[..12]}");
}
