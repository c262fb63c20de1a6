namespace Baker.Clouds.Local.Images;

/// <summary>The image that machines start from: the user's own, or Ubuntu's.</summary>
internal sealed class LocalImages(Desk desk, LocalSpec spec, UbuntuImages ubuntu) : IImages
{
    public Task<Image> ResolveAsync(ImageWanted wanted, CancellationToken cancel) => Guarded.RunAsync("finding an image", async () =>
    {
        if (wanted.Use == "baked")
            throw new CloudException(CloudFailure.Refused, "finding an image", "there are no baked images for local stacks", "write `images: auto`, or the path of an image");
        if (wanted.Id is not null)
            return Own(wanted.Id, "named under images");
        return spec.Image is not null ? Own(spec.Image, "named under cloud.local") : await ubuntu.NewestAsync(TimeSpan.FromDays(wanted.MaxAgeDays), cancel);
    });

    private Image Own(string written, string why)
    {
        var path = desk.Surroundings.FullPath(written);
        return File.Exists(path) ? new Image(path, Path.GetFileName(path), false, why)
            : throw new CloudException(CloudFailure.Refused, "finding an image", $"{path} is not there");
    }
}
