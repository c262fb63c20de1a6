using Baker.Clouds.Facts;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>What a machine is in Compute Engine's words. Pure.</summary>
internal static class InstanceBody
{
    public const string UserData = "user-data";

    /// <summary>Read by cloud-init: how <see cref="UserData"/> is written; <c>base64</c> is the only value it knows.</summary>
    public const string Encoding = "user-data-encoding";

    public const string Digest = "baker-digest";

    public const string Image = "baker-image";

    /// <summary>The version that <see cref="UserData"/> asks for, written together with it.</summary>
    public const string Release = "baker-release";

    /// <summary>Scripts on the VM find the volume as <c>/dev/disk/by-id/google-data</c>.</summary>
    private const string DataDevice = "data";

    /// <summary>Of the only interface: the service names them by number.</summary>
    public const string Interface = "nic0";

    private const string CloudScope = "https://www.googleapis.com/auth/cloud-platform";

    // RFC 1952.
    private static readonly byte[] GzipMagic = [0x1f, 0x8b];

    public static Instance Of(MachineWanted wanted, Placement placement, GooglePlace place, string zone, string network, string subnet,
        AccessConfig? access)
    {
        var owner = wanted.Owner;
        return new Instance(
            wanted.Name, Description: GoogleMark.Description(owner), MachineType: place.Zonal(zone, $"machineTypes/{wanted.Type}"),
            Labels: GoogleMark.Labels(owner, (GoogleMark.Group, wanted.Group)),
            Disks: [Root(wanted, placement.Image, place, zone), .. placement.DataDisk is { } data ? new[] { Data(data) } : []],
            NetworkInterfaces: [new NetworkInterface(
                network, subnet, wanted.Address, access is null ? null : [access])],
            Metadata: new Metadata(Items: [.. Items(wanted), new MetadataItem(Image, placement.Image.Id)]),
            Tags: new Tags([GoogleRules.Tag(owner, wanted.Group)]),
            GuestAccelerators: wanted.AttachedGpu is { } gpu
                ? [new AcceleratorConfig(place.Zonal(zone, $"acceleratorTypes/{gpu.Model}"), gpu.Count)] : null,
            Scheduling: new Scheduling(true, HasGpu(wanted) ? "TERMINATE" : "MIGRATE"),
            ShieldedInstanceConfig: new ShieldedInstanceConfig(true, true, true),
            ServiceAccounts: wanted.Identity is null ? null : [Account(wanted)],
            DeletionProtection: wanted.HasDataDisk);
    }

    /// <summary>What a machine has now, with our items in their new form; those of others stay.</summary>
    public static Metadata Changed(Metadata? found, MachineWanted wanted)
    {
        string[] ours = [UserData, Encoding, Digest, Release];
        return new Metadata(found?.Fingerprint, [.. (found?.Items ?? []).Where(i => !ours.Contains(i.Key)), .. Items(wanted)]);
    }

    private static IEnumerable<MetadataItem> Items(MachineWanted wanted)
    {
        var isCompressed = wanted.UserData.Span.StartsWith(GzipMagic);
        yield return new MetadataItem(UserData, isCompressed ? Convert.ToBase64String(wanted.UserData.Span)
            : System.Text.Encoding.UTF8.GetString(wanted.UserData.Span));
        if (isCompressed)
            yield return new MetadataItem(Encoding, "base64");
        yield return new MetadataItem(Digest, wanted.UserDataDigest);
        if (wanted.Release is { } release)
            yield return new MetadataItem(Release, release);
    }

    private static AttachedDisk Root(MachineWanted wanted, Live.Image image, GooglePlace place, string zone) => new(
        Boot: true, AutoDelete: true, Mode: "READ_WRITE", Type: "PERSISTENT", DiskEncryptionKey: GoogleDisks.Key(wanted.Owner),
        InitializeParams: new AttachedDiskInitializeParams(
            DiskSizeGb: wanted.DiskGb, DiskType: place.Zonal(zone, $"diskTypes/{GoogleDiskTypes.For(wanted.Type)}"),
            SourceImage: GoogleImages.PathOf(image.Id, place),
            Labels: GoogleMark.Labels(wanted.Owner, (GoogleMark.Disk, "boot"))));

    /// <param name="tier">The address's own: with another the service refuses both.</param>
    public static AccessConfig Access(PublicAddress address, string? tier) => new("external-nat", "ONE_TO_ONE_NAT", address.Ip, tier);

    /// <summary>Without an identity none: no scope of a default account either.</summary>
    public static ServiceAccount Account(MachineWanted wanted) =>
        wanted.Identity is { } account ? new(account, [CloudScope]) : new(null, []);

    /// <summary>The firewall's tag of its group alone among those of the stack; those of others stay.</summary>
    public static Tags Tagged(Tags? found, MachineWanted wanted) => new(
        [.. (found?.Items ?? []).Where(t => !GoogleRules.IsOfStack(t, wanted.Owner)), GoogleRules.Tag(wanted.Owner, wanted.Group)],
        found?.Fingerprint);

    public static AttachedDisk Data(Live.Disk data) =>
        new(DataDevice, Boot: false, AutoDelete: false, Mode: "READ_WRITE", Type: "PERSISTENT", Source: data.Id);

    // Machines with a GPU cannot be moved while they run; anything else is refused by the API.
    private static bool HasGpu(MachineWanted wanted) =>
        wanted.AttachedGpu is not null || wanted.IsScarce || GoogleMachines.Find(wanted.Type)?.Gpu is not null;
}
