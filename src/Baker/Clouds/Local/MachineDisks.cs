using System.Text;
using Baker.Clouds.Local.Files;
using Baker.Clouds.Local.Images;
using Baker.Clouds.Local.Network;

namespace Baker.Clouds.Local;

/// <summary>The disks that a machine is started with, its data disk excepted.</summary>
internal sealed class MachineDisks(QemuImg qemuImg)
{
    private const string SeedLabel = "cidata";
    private const string SecretsLabel = "baker-secrets";

    private const long Gibibyte = 1L << 30;

    /// <summary>Lays an empty disk over the image, which itself is never written to.</summary>
    public async Task<DiskImage> MakeRootAsync(MachineFolder folder, MachineWanted wanted, string imagePath, CancellationToken cancel)
    {
        var image = await qemuImg.LookAsync(imagePath, cancel);
        if (image.VirtualSize > wanted.DiskGb * Gibibyte)
        {
            throw new CloudException(CloudFailure.Refused, $"creating the machine {wanted.Name}",
                $"the image {imagePath} is larger than its disk of {wanted.DiskGb} GB", $"write a disk_gb of {(image.VirtualSize + Gibibyte - 1) / Gibibyte} or more");
        }
        await qemuImg.OverlayAsync(folder.At(MachineFolder.RootDisk), image, wanted.DiskGb, cancel);
        return image;
    }

    /// <summary>User-data for cloud-init (NoCloud), and the machine's addresses.</summary>
    public void WriteSeed(MachineFolder folder, MachineRecord record, MachineWanted wanted)
    {
        var cidr = folder.Stack.Network?.Cidr
            ?? throw new CloudException(CloudFailure.Refused, $"creating the machine {record.Name}", "its network is not there");
        PrivateFiles.Write(folder.At(MachineFolder.Seed), IsoImage.Write(SeedLabel,
        [
            ("user-data", wanted.UserData),
            ("meta-data", Encoding.UTF8.GetBytes($"instance-id: {record.InstanceId}\nlocal-hostname: {record.Name}\n")),
            ("network-config", Encoding.UTF8.GetBytes(NetworkConfig.Of(record.PrivateMac, record.OutsideMac, record.Address, cidr))),
        ]));
    }

    /// <summary>Written anew at every start: a secret may have changed since.</summary>
    public void WriteSecrets(MachineFolder folder, MachineRecord record)
    {
        if (record.Secrets.Length > 0)
            PrivateFiles.Write(folder.At(MachineFolder.Secrets), SecretsImage(folder, record));
    }

    public bool SecretsDiffer(MachineFolder folder, MachineRecord record)
    {
        var path = folder.At(MachineFolder.Secrets);
        return record.Secrets.Length > 0 && !(File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(SecretsImage(folder, record)));
    }

    /// <exception cref="CloudException">Another image lies where the machine's was: its disk holds only what differs from the old one.</exception>
    public void CheckImage(MachineRecord record)
    {
        if (DiskImage.StampOf(record.Image) != record.ImageStamp)
        {
            throw new CloudException(CloudFailure.Refused, $"starting the machine {record.Name}", $"the image {record.Image} has changed or is gone since the machine was made",
                "put the old file back, or replace the machine");
        }
    }

    private static byte[] SecretsImage(MachineFolder folder, MachineRecord record) =>
        IsoImage.Write(SecretsLabel, record.Secrets.Select(name => (name, (ReadOnlyMemory<byte>)LocalSecrets.Read(folder.Stack, name))));
}
