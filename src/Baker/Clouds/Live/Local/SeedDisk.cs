using System.Text;
using Baker.Clouds.Live.Local.Files;
using Baker.Clouds.Live.Local.Network;

namespace Baker.Clouds.Live.Local;

/// <summary>What cloud-init finds on its NoCloud disk: user-data, and who and where the machine is.</summary>
internal static class SeedDisk
{
    private const string Label = "cidata";

    private const string UserDataFile = "user-data";

    public static byte[] Of(MachineRecord record, ReadOnlyMemory<byte> userData, string cidr) => IsoImage.Write(Label,
    [
        (UserDataFile, userData),
        ("meta-data", Encoding.UTF8.GetBytes($"instance-id: {record.InstanceId}\nlocal-hostname: {record.Name}\n")),
        ("network-config", Encoding.UTF8.GetBytes(NetworkConfig.Of(record.PrivateMac, record.OutsideMac, record.Address, cidr))),
    ]);

    /// <summary>As it was written; empty: there is no such disk.</summary>
    public static ReadOnlyMemory<byte> UserData(MachineFolder folder)
    {
        var path = folder.At(MachineFolder.Seed);
        return File.Exists(path) ? IsoImage.Read(File.ReadAllBytes(path), UserDataFile) : default;
    }

    public static void Write(MachineFolder folder, MachineRecord record, ReadOnlyMemory<byte> userData)
    {
        var network = folder.Stack.Network
            ?? throw new CloudException(CloudFailure.Refused, $"writing the seed disk of {record.Name}", "its network is not there",
                "`baker launch` makes it");
        PrivateFiles.Write(folder.At(MachineFolder.Seed), Of(record, userData, network.Cidr));
    }
}
