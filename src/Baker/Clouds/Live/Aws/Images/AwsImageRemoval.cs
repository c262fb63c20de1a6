using Amazon.EC2.Model;
using Baker.Clouds.Live.Aws.Border;

namespace Baker.Clouds.Live.Aws.Images;

/// <summary>Takes an AMI away, and the snapshots that hold its disks: those cost money, and nothing else would find them again.</summary>
internal sealed class AwsImageRemoval(AwsBorder border)
{
    /// <summary>A snapshot may be busy for a while after its AMI is gone.</summary>
    private static readonly TimeSpan Going = TimeSpan.FromMinutes(2);

    /// <exception cref="CloudException">It may not be removed, or a snapshot of it stays.</exception>
    public async Task RemoveAsync(string imageId, CancellationToken cancel)
    {
        var doing = $"deleting the image {imageId}";
        var found = await border.SendAsync(doing, c => border.Pages.ImagesAsync(
            new DescribeImagesRequest { Owners = ["self"], Filters = [new Filter("image-id", [imageId])] }, c), cancel);
        var snapshots = (found.Images ?? []).SelectMany(i => i.BlockDeviceMappings ?? []).Select(m => m.Ebs?.SnapshotId).OfType<string>()
            .ToArray();
        // In one request, so that nothing can come between; what it does not take with it follows.
        await border.RemoveAsync(doing, c => border.Ec2.DeregisterImageAsync(
            new DeregisterImageRequest { ImageId = imageId, DeleteAssociatedSnapshots = true }, c), Going, cancel);
        foreach (var snapshot in snapshots)
            await border.RemoveAsync($"{doing}, its snapshot {snapshot}", c =>
                border.Ec2.DeleteSnapshotAsync(new DeleteSnapshotRequest { SnapshotId = snapshot }, c), Going, cancel);
    }
}
