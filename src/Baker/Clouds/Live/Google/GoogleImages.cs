using System.Globalization;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>Boot images: the user's, one that was baked, or Canonical's newest.</summary>
internal sealed class GoogleImages(Compute compute, GooglePlace place, TimeProvider time) : IImages
{
    /// <summary>Label of a baked image: the fingerprint of what went into it.</summary>
    public const string Fingerprint = "baker-fingerprint";

    public const string Ubuntu = "projects/ubuntu-os-cloud/global/images/family/ubuntu-2404-lts-amd64";
    private static readonly GoogleJson Json = GoogleJson.Default;

    /// <summary>The path of an image that a spec names by name, path or family.</summary>
    public static string PathOf(string id, GooglePlace place) =>
        id.StartsWith("projects/", StringComparison.Ordinal) ? id : place.Global($"images/{id}");

    public async Task<Image> ResolveAsync(ImageWanted wanted, CancellationToken cancel)
    {
        if (wanted.Id is { } id)
            return await NamedAsync(id, wanted, cancel);
        if (wanted.Use == "stock")
            return await StockAsync("newest Ubuntu 24.04 by Canonical", cancel);
        var (baked, larger) = await BakedAsync(wanted, cancel);
        return baked ?? (wanted.Use != "baked" ? await StockAsync($"newest Ubuntu 24.04 by Canonical; {wanted.NoneFits(larger)}", cancel)
            : throw new CloudException(CloudFailure.Refused, $"looking for an image of {wanted.Group}",
                larger is null ? $"none in project {place.Project} carries {Fingerprint}={wanted.Fingerprint}"
                    : wanted.NoneFits(larger), "bake one from this spec, or write `images: auto`"));
    }

    private async Task<Image> NamedAsync(string id, ImageWanted wanted, CancellationToken cancel)
    {
        var doing = $"looking for the image {id}";
        var found = await compute.FindAsync(PathOf(id, place), Json.Image, doing, cancel)
            ?? throw new CloudException(CloudFailure.Refused, doing, "there is none of that name",
                $"gcloud compute images list --project {place.Project}");
        if (found.DiskSizeGb > wanted.DiskGb)
            throw new CloudException(CloudFailure.Refused, doing, $"it needs a disk of {found.DiskSizeGb} GB",
                $"write {wanted.Group}.disk_gb: {found.DiskSizeGb} or more");
        // What the user wrote stays its id, so that a newer image of a family replaces no machine.
        return new Image(id, found.Name!, found.Labels?.GetValueOrDefault(Fingerprint) == wanted.Fingerprint, "named in the spec");
    }

    /// <returns>The newest that fits; or the size that the smallest needs of those that are too large.</returns>
    private async Task<(Image? Image, int? Larger)> BakedAsync(ImageWanted wanted, CancellationToken cancel)
    {
        var filter = $"(labels.{GoogleMark.Group}={wanted.Group}) (labels.{Fingerprint}={wanted.Fingerprint})";
        var all = await compute.ListAsync(place.Global("images"), filter, Json.PageImage, $"looking for an image of {wanted.Group}",
            cancel);
        var usable = all.Where(i => i is { Status: "READY", Deprecated: null or { State: "ACTIVE" or null } })
            .ToLookup(i => (i.DiskSizeGb ?? 0) <= wanted.DiskGb);
        if (usable[true].MaxBy(When) is not { } newest)
            return (null, (int?)usable[false].Min(i => i.DiskSizeGb));
        var days = (int)(time.GetUtcNow() - When(newest)).TotalDays;
        var age = days > wanted.MaxAgeDays ? $"; it is {days} days old, and the spec wants {wanted.MaxAgeDays} at most: bake a newer one"
            : $", {days} days old";
        return (new Image(GooglePlace.Path(newest.SelfLink), newest.Name!, true, $"baked for this spec{age}"), null);
    }

    private async Task<Image> StockAsync(string why, CancellationToken cancel)
    {
        var newest = await compute.FindAsync(Ubuntu, Json.Image, "looking for Canonical's newest Ubuntu 24.04", cancel)
            ?? throw new CloudException(CloudFailure.Refused, "looking for Canonical's newest Ubuntu 24.04", $"there is no {Ubuntu}");
        return new Image(GooglePlace.Path(newest.SelfLink), newest.Name!, false, why);
    }

    private static DateTimeOffset When(Wire.Image image) => DateTimeOffset.Parse(image.CreationTimestamp!, CultureInfo.InvariantCulture);
}
