using System.Collections.Immutable;
using System.Globalization;
using Amazon.EC2.Model;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Machines;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Images;

/// <summary>AMIs that Packer made from Baker's templates.</summary>
internal sealed class AwsBakery(AwsBorder border, AwsImages images) : IBakery
{
    private const string Base = "baker:base";

    private readonly AwsBakeLeftovers _leftovers = new(border);

    public async Task<BakeBase> BaseAsync(CancellationToken cancel)
    {
        var stock = await images.ResolveAsync(new ImageWanted("stock", null, "", "", false, 0), cancel);
        return new BakeBase(stock.Id, stock.Name);
    }

    public async Task<ImmutableArray<BakedImage>> ListAsync(CancellationToken cancel)
    {
        var answer = await border.SendAsync("looking for baked images", c => border.Pages.ImagesAsync(new DescribeImagesRequest
        {
            Owners = ["self"],
            // The last tags that Packer puts on: an AMI that has them is finished.
            Filters = [new Filter($"tag:{AwsTags.Fingerprint}", ["*"]), new Filter($"tag:{AwsTags.Role}", ["*"]),
                new Filter("state", ["available"])],
        }, c), cancel);
        var found = answer.Images ?? [];
        var users = await UsersAsync([.. found.Select(i => i.ImageId)], cancel);
        return [.. found.Select(i => Known(i, users)).OrderByDescending(i => i.Made).ThenBy(i => i.Id, StringComparer.Ordinal)];
    }

    public Task DeleteAsync(BakedImage image, CancellationToken cancel) => new AwsImageRemoval(border).RemoveAsync(image.Id, cancel);

    public Task<ImmutableArray<Resource>> LeftoversAsync(StackOwner owner, CancellationToken cancel) =>
        _leftovers.FindAsync(owner, cancel);

    public Task<ImmutableArray<Resource>> SweepAsync(StackOwner owner, CancellationToken cancel) => _leftovers.RemoveAsync(owner, cancel);

    private async Task<ILookup<string, string>> UsersAsync(List<string> ids, CancellationToken cancel)
    {
        if (ids.Count == 0)
            return ids.ToLookup(i => i);
        var instances = await AwsInstances.InstancesAsync(
            border, [new Filter("image-id", ids), new Filter("instance-state-name", ["pending", "running", "stopping", "stopped"])],
                cancel);
        return instances.ToLookup(i => i.ImageId, i => AwsTags.Name(i.Tags) is { Length: > 0 } name ? name : i.InstanceId);
    }

    private static BakedImage Known(Amazon.EC2.Model.Image image, ILookup<string, string> users) => new(
        image.ImageId, image.Name ?? "", AwsTags.Value(image.Tags, "baker:stack") ?? "", AwsTags.Value(image.Tags, AwsTags.Role) ?? "",
        AwsTags.Value(image.Tags, AwsTags.Fingerprint) ?? "",
        AwsTags.Value(image.Tags, Base) ?? "", DateTimeOffset.Parse(image.CreationDate, CultureInfo.InvariantCulture),
        (image.BlockDeviceMappings ?? []).Sum(m => m.Ebs?.VolumeSize ?? 0), [.. users[image.ImageId].Order(StringComparer.Ordinal)]);
}
