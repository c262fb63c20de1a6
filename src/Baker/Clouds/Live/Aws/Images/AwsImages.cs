using System.Collections.Concurrent;
using System.Globalization;
using Amazon.EC2.Model;
using Baker.Clouds.Facts.Aws;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Images;

/// <summary>AMIs: the user's choice, one that was baked, or Canonical's newest.</summary>
internal sealed class AwsImages(AwsBorder border, AwsSpec spec) : IImages
{
    /// <summary>Where Canonical's images, and those baked from them, have their root disk.</summary>
    private const string UbuntuRoot = "/dev/sda1";

    private const string StockName = "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*";

    private readonly ConcurrentDictionary<ImageWanted, Task<Image>> _resolved = new();
    private readonly ConcurrentDictionary<string, string> _roots = new();

    public Task<Image> ResolveAsync(ImageWanted wanted, CancellationToken cancel) =>
        // All stock images are one and the same question.
        _resolved.GetOrAdd(wanted.Use == "stock" ? new ImageWanted("stock", null, "", "", false, 0) : wanted, w => w.Use switch
        {
            "id" => ByIdAsync(w, cancel),
            "stock" => StockAsync("newest Ubuntu 24.04 by Canonical", cancel),
            "baked" => BakedAsync(w, cancel),
            _ => AutoAsync(w, cancel),
        });

    /// <summary>The device name under which the root disk of an image is changed.</summary>
    public string RootDevice(string imageId) => _roots.GetValueOrDefault(imageId, UbuntuRoot);

    private async Task<Image> AutoAsync(ImageWanted wanted, CancellationToken cancel)
    {
        var (image, larger) = await NewestBakedAsync(wanted, cancel);
        return image ?? await StockAsync($"newest Ubuntu 24.04 by Canonical; {wanted.NoneFits(larger)}", cancel);
    }

    private async Task<Image> BakedAsync(ImageWanted wanted, CancellationToken cancel)
    {
        var (image, larger) = await NewestBakedAsync(wanted, cancel);
        return image ?? throw new CloudException(
            CloudFailure.Refused, $"looking for the baked image of {wanted.Group}",
            larger is null ? $"this account has none with the fingerprint {wanted.Fingerprint} in {spec.Region}" : wanted.NoneFits(larger),
            "build it from the rendered packer directory, or write `images: auto`");
    }

    private async Task<Image> ByIdAsync(ImageWanted wanted, CancellationToken cancel)
    {
        var doing = $"looking for the image {wanted.Id}";
        var found = await AskAsync(doing, new DescribeImagesRequest { ImageIds = [wanted.Id] }, cancel);
        var image = found.FirstOrDefault() ?? throw new CloudException(
            CloudFailure.Refused, doing, $"there is no such AMI in {spec.Region}, or it is not shared with this account");
        return image.State != "available" ? throw new CloudException(CloudFailure.Refused, doing, $"its state is {image.State}")
            : SizeGb(image) > wanted.DiskGb ? throw new CloudException(
                CloudFailure.Refused, doing, $"it needs a disk of {SizeGb(image)} GB",
                $"write {wanted.Group}.disk_gb: {SizeGb(image)} or more")
            : Known(image, Fits(image, wanted), "named in the spec");
    }

    private async Task<Image> StockAsync(string why, CancellationToken cancel)
    {
        const string doing = "looking for Canonical's newest Ubuntu 24.04";
        var owner = AwsPartition.Of(spec.Region).ImageOwner;
        var found = await AskAsync(doing, new DescribeImagesRequest
        {
            Owners = [owner],
            Filters = [new Filter("name", [StockName]), new Filter("state", ["available"]), new Filter("architecture", ["x86_64"]),
                new Filter("root-device-type", ["ebs"])],
        }, cancel);
        return Newest(found) is { } image ? Known(image, false, why)
            : throw new CloudException(CloudFailure.Refused, doing, $"the account {owner} offers none in {spec.Region}",
                "name an image per role under `images`");
    }

    /// <returns>The newest that fits; or the size that the smallest needs of those that are too large.</returns>
    private async Task<(Image? Image, int? Larger)> NewestBakedAsync(ImageWanted wanted, CancellationToken cancel)
    {
        var found = await AskAsync($"looking for baked images of {wanted.Group}", new DescribeImagesRequest
        {
            Owners = ["self"],
            Filters = [new Filter("tag:baker:fingerprint", [wanted.Fingerprint]), new Filter("tag:baker:role", [wanted.Group]),
                new Filter("state", ["available"])],
        }, cancel);
        return Newest(found.Where(i => SizeGb(i) <= wanted.DiskGb)) is { } image
            ? (Known(image, true, $"baked, fingerprint {wanted.Fingerprint}{Age(image, wanted)}"), null)
            : (null, found.Min(i => (int?)SizeGb(i)));
    }

    private string Age(Amazon.EC2.Model.Image image, ImageWanted wanted) =>
        DateTimeOffset.TryParse(image.CreationDate, CultureInfo.InvariantCulture, out var made)
            ? wanted.AgeWarning(made, border.Time.GetUtcNow()) : "";

    private async Task<List<Amazon.EC2.Model.Image>> AskAsync(string doing, DescribeImagesRequest request, CancellationToken cancel)
    {
        var answer = await border.SendAsync(doing, c => border.Pages.ImagesAsync(request, c), cancel);
        foreach (var image in answer.Images ?? [])
            _roots[image.ImageId] = image.RootDeviceName ?? UbuntuRoot;
        return answer.Images ?? [];
    }

    // Dates are ISO 8601 in one form, so their order is that of their letters.
    private static Amazon.EC2.Model.Image? Newest(IEnumerable<Amazon.EC2.Model.Image> images) =>
        images.OrderByDescending(i => i.CreationDate, StringComparer.Ordinal).ThenByDescending(i => i.Name, StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>Of the root disk.</summary>
    private static int SizeGb(Amazon.EC2.Model.Image image) =>
        image.BlockDeviceMappings?.Find(m => m.DeviceName == image.RootDeviceName)?.Ebs?.VolumeSize ?? 0;

    private static bool Fits(Amazon.EC2.Model.Image image, ImageWanted wanted) =>
        AwsTags.Value(image.Tags, AwsTags.Fingerprint) == wanted.Fingerprint;

    private static Image Known(Amazon.EC2.Model.Image image, bool isBaked, string why) =>
        new(image.ImageId, image.Name ?? image.ImageId, isBaked, why);
}
