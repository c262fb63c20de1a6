using System.Collections.Immutable;
using Baker.Clouds.Live.Local.Files;

namespace Baker.Clouds.Live.Local.Baked;

/// <summary>
/// The images that were baked on this machine, for stacks of any name. Which machines were made from them is asked of the machines.
/// </summary>
internal sealed class BakedImages(Desk desk)
{
    /// <summary>Ends the name of an image that is being deleted.</summary>
    private const string Going = ".gone";

    /// <summary>The newest first.</summary>
    public ImmutableArray<BakedImage> List()
    {
        var users = Users();
        return
        [
            .. Folders().Select(f => (Folder: f, f.Record)).Where(f => f.Record is not null).OrderByDescending(f => f.Record!.Made)
                .ThenBy(f => f.Folder.Path, StringComparer.Ordinal)
                .Select(f => Known(f.Folder, f.Record!, users)),
        ];
    }

    /// <summary>Those with the fingerprint and of the same family, the newest first.</summary>
    public IEnumerable<(BakedFolder Folder, BakedRecord Record)> With(string role, string fingerprint, string source) =>
        Folders().Select(f => (Folder: f, Record: f.Record!))
            .Where(f => f.Record is { } r && r.Role == role && r.Fingerprint == fingerprint && r.Source == source)
            .OrderByDescending(f => f.Record.Made);

    /// <summary>Takes over what a build has made, at once or not at all.</summary>
    public BakedFolder Add(BakedFolder made, string name)
    {
        PrivateFiles.MakeFolder(desk.BakedImages);
        var place = Path.Combine(desk.BakedImages, name);
        Directory.Move(made.Path, place);
        return new BakedFolder(place);
    }

    /// <exception cref="CloudException">A machine was made from it.</exception>
    public void Delete(BakedImage image)
    {
        var folder = Path.GetDirectoryName(image.Id)!;
        if (Users()[image.Id].ToArray() is { Length: > 0 } users)
            throw new CloudException(CloudFailure.Refused, $"deleting the image {image.Name}", $"{string.Join(", ", users)} boots from it",
                "destroy or replace the machine first");
        if (Directory.Exists(folder))
            Directory.Move(folder, folder + Going);
        if (Directory.Exists(folder + Going))
            Directory.Delete(folder + Going, recursive: true);
    }

    /// <summary>Ends deletions that were cut off.</summary>
    public void Sweep()
    {
        foreach (var folder in Directory.Exists(desk.BakedImages) ? Directory.GetDirectories(desk.BakedImages, $"*{Going}") : [])
            Directory.Delete(folder, recursive: true);
    }

    private IEnumerable<BakedFolder> Folders() => !Directory.Exists(desk.BakedImages) ? []
        : Directory.EnumerateDirectories(desk.BakedImages).Where(p => !p.EndsWith(Going, StringComparison.Ordinal))
            .Select(p => new BakedFolder(p));

    /// <summary>Names of machines by the image that their disk is laid over.</summary>
    private ILookup<string, string> Users() => desk.AllStacks.SelectMany(s => s.AllMachines).Select(m => m.Record).OfType<MachineRecord>()
        .ToLookup(m => m.Image, m => m.Name);

    private static BakedImage Known(BakedFolder folder, BakedRecord record, ILookup<string, string> users) => new(
        folder.Disk, record.Name, record.Stack, record.Role, record.Fingerprint, record.Base, record.Made, record.SizeGb,
        [.. users[folder.Disk].Order(StringComparer.Ordinal)]);
}
