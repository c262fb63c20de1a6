using Baker.Clouds.Live.Local.Images;

namespace Baker.Clouds.Live.Local;

/// <summary>The disk that a machine boots from: empty at first, laid over an image that is never written to.</summary>
internal sealed class RootDisk(QemuImg qemuImg)
{
    private const long Gibibyte = 1L << 30;

    public async Task<DiskImage> MakeAsync(MachineFolder folder, MachineWanted wanted, string imagePath, CancellationToken cancel)
    {
        var image = await qemuImg.LookAsync(imagePath, cancel);
        if (image.VirtualSize > wanted.DiskGb * Gibibyte)
        {
            throw new CloudException(CloudFailure.Refused, $"creating the machine {wanted.Name}",
                $"the image {imagePath} is larger than its disk of {wanted.DiskGb} GB",
                $"write a disk_gb of {(image.VirtualSize + Gibibyte - 1) / Gibibyte} or more");
        }
        await qemuImg.OverlayAsync(folder.At(MachineFolder.RootDisk), image, wanted.DiskGb, cancel);
        return image;
    }

    /// <summary>Of a machine that is stopped.</summary>
    public Task GrowAsync(MachineFolder folder, int sizeGb, CancellationToken cancel) =>
        qemuImg.GrowAsync(folder.At(MachineFolder.RootDisk), sizeGb, cancel);

    /// <exception cref="CloudException">Another image lies where the machine's was: its disk holds only what differs from the old
    /// one.</exception>
    public static void CheckImage(MachineRecord record)
    {
        if (DiskImage.StampOf(record.Image) != record.ImageStamp)
        {
            throw new CloudException(CloudFailure.Refused, $"starting the machine {record.Name}",
                $"the image {record.Image} has changed or is gone since the machine was made",
                "put the old file back, or replace the machine");
        }
    }
}
