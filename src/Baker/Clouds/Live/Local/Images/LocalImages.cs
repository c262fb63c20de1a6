using Baker.Clouds.Live.Local.Baked;

namespace Baker.Clouds.Live.Local.Images;

/// <summary>The image that machines start from: one that was baked here, the user's own, or Ubuntu's.</summary>
internal sealed class LocalImages(Desk desk, StockImages stock, BakedImages baked) : IImages
{
    public Task<Image> ResolveAsync(ImageWanted wanted, CancellationToken cancel) =>
        Guarded.RunAsync("finding an image", () => wanted switch
    {
        { Id: { } named } => Task.FromResult(Named(desk.Surroundings.FullPath(named), wanted)),
        { Use: "stock" } => StockAsync(wanted, "", cancel),
        _ => Fitting(wanted) is var (image, larger) && image is not null ? Task.FromResult(image)
            : wanted.Use != "baked" ? StockAsync(wanted, $"; {wanted.NoneFits(larger)}", cancel)
            : throw new CloudException(CloudFailure.Refused, $"looking for the baked image of {wanted.Group}",
                larger is null ? $"this machine has none with the fingerprint {wanted.Fingerprint}" : wanted.NoneFits(larger),
                "`baker bake` makes it; or write `images: auto`"),
    });

    private async Task<Image> StockAsync(ImageWanted wanted, string more, CancellationToken cancel)
    {
        var image = await stock.ResolveAsync(TimeSpan.FromDays(wanted.MaxAgeDays), cancel);
        return image with { Why = image.Why + more };
    }

    /// <returns>The newest that fits; or the size that the smallest needs of those that are too large.</returns>
    private (Image? Image, int? Larger) Fitting(ImageWanted wanted)
    {
        var all = baked.With(wanted.Group, wanted.Fingerprint, stock.Source).ToLookup(i => i.Record.SizeGb <= wanted.DiskGb);
        return all[true].Any() && all[true].First() is var (folder, record)
            ? (new Image(folder.Disk, record.Name, true,
                $"baked, fingerprint {wanted.Fingerprint}{wanted.AgeWarning(record.Made, desk.Time.GetUtcNow())}"), null)
            : (null, all[false].Min(i => (int?)i.Record.SizeGb));
    }

    private static Image Named(string path, ImageWanted wanted)
    {
        var image = StockImages.Own(path, "named under images");
        return BakedFolder.Of(path)?.Record is { } record
            ? image with { Name = record.Name, IsBaked = record.Fingerprint == wanted.Fingerprint } : image;
    }
}
