using Baker.Clouds.Local.Baked;

namespace Baker.Clouds.Local.Images;

/// <summary>The image that machines start from: one that was baked here, the user's own, or Ubuntu's.</summary>
internal sealed class LocalImages(Desk desk, StockImages stock, BakedImages baked) : IImages
{
    public Task<Image> ResolveAsync(ImageWanted wanted, CancellationToken cancel) => Guarded.RunAsync("finding an image", () => wanted switch
    {
        { Id: { } named } => Task.FromResult(Named(desk.Surroundings.FullPath(named), wanted)),
        { Use: "baked" } => Task.FromResult(Fitting(wanted) ?? throw new CloudException(
            CloudFailure.Refused, $"looking for the baked image of {wanted.Group}", $"this machine has none with the fingerprint {wanted.Fingerprint}",
            "`baker bake` makes it; or write `images: auto`")),
        { Use: "stock" } => StockAsync(wanted, "", cancel),
        _ => Fitting(wanted) is { } fitting ? Task.FromResult(fitting) : StockAsync(wanted, $"; no baked image has the fingerprint {wanted.Fingerprint}", cancel),
    });

    private async Task<Image> StockAsync(ImageWanted wanted, string more, CancellationToken cancel)
    {
        var image = await stock.ResolveAsync(TimeSpan.FromDays(wanted.MaxAgeDays), cancel);
        return image with { Why = image.Why + more };
    }

    private Image? Fitting(ImageWanted wanted) =>
        baked.Newest(wanted.Group, wanted.Fingerprint, stock.Source) is var (folder, record)
        ? new Image(folder.Disk, record.Name, true, $"baked, fingerprint {wanted.Fingerprint}{wanted.AgeWarning(record.Made, desk.Time.GetUtcNow())}") : null;

    private static Image Named(string path, ImageWanted wanted)
    {
        var image = StockImages.Own(path, "named under images");
        return BakedFolder.Of(path)?.Record is { } record ? image with { Name = record.Name, IsBaked = record.Fingerprint == wanted.Fingerprint } : image;
    }
}
