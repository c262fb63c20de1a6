using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>
/// Images that Packer made from Baker's templates. Their labels come with the request that makes them, so one that is ready is finished.
/// </summary>
internal sealed partial class GoogleBakery(Compute compute, GooglePlace place, GoogleZones zones, GoogleImages images) : IBakery
{
    /// <summary>On the builder, whose bake it is.</summary>
    private const string Mark = "baker-bake";

    private static readonly GoogleJson Json = GoogleJson.Default;

    public string IdOf(string made) => place.Global($"images/{made}");

    public async Task<BakeBase> BaseAsync(CancellationToken cancel)
    {
        var stock = await images.ResolveAsync(new ImageWanted("stock", null, "", "", false, 0), cancel);
        // A label's value: the name, which is one of its kind in Canonical's project.
        return new BakeBase(stock.Name, stock.Name);
    }

    public async Task<string?> BuilderProblemAsync(string? subnet, CancellationToken cancel)
    {
        const string Doing = "looking where images are to be made";
        const string Advice = "write the path or name of a subnet with a way out at images.builder.subnet";
        if (subnet is not null)
            return (await compute.GetAsync(place.Subnet(subnet), Json.Subnetwork, Doing, cancel)).Refusal is { IsMissing: true }
                ? $"there is no subnet {place.Subnet(subnet)}; {Advice}" : null;
        return (await compute.GetAsync(place.Global("networks/default"), Json.Network, Doing, cancel)).Refusal is { IsMissing: true }
            ? $"the project {place.Project} has no network \"default\", in which Packer makes its builder; {Advice}" : null;
    }

    public async Task<ImmutableArray<BakedImage>> ListAsync(CancellationToken cancel)
    {
        const string Doing = "looking for baked images";
        var found = (await compute.ListAsync(place.Global("images"), $"labels.{GoogleImages.Fingerprint}:*", Json.PageImage, Doing,
            cancel)).Where(i => i.Status == "READY").ToArray();
        var machines = found.Length == 0 ? [] : await compute.InstancesAsync(
            place, $"labels.{GoogleMark.Id}:*", "looking who uses the images", cancel);
        var users = machines.ToLookup(InstanceView.ImageId, m => m.Name!);
        return [.. found.Select(i => Known(i, users)).OrderByDescending(i => i.Made).ThenBy(i => i.Id, StringComparer.Ordinal)];
    }

    public Task DeleteAsync(BakedImage image, CancellationToken cancel) =>
        compute.DeleteAsync(image.Id, $"deleting the image {image.Name}", cancel);

    public async Task<ImmutableArray<Resource>> LeftoversAsync(StackOwner owner, CancellationToken cancel)
    {
        const string Doing = "looking for what a bake has left";
        var builders = await compute.InstancesAsync(place, $"labels.{Mark}={owner.Id}", Doing, cancel);
        var disks = await zones.EachAsync(z => compute.ListAsync(place.Zonal(z, "disks"), null, Json.PageDisk, Doing, cancel), Doing,
            cancel);
        // A builder's disk has its name; while the builder is there, it is removed with it.
        var names = builders.Select(b => b.Name).ToHashSet();
        var stray = disks.Where(d => IsBuild(d.Name!, owner.Stack) && (names.Contains(d.Name) || d.Users is null or []));
        return
        [
            .. builders.Select(b => new Resource("builder", b.Name!, GooglePlace.Path(b.SelfLink))),
            .. stray.Select(d => new Resource("disk", d.Name!, GooglePlace.Path(d.SelfLink))),
        ];
    }

    public async Task<ImmutableArray<Resource>> SweepAsync(StackOwner owner, CancellationToken cancel)
    {
        const string Doing = "waiting for an image that a bake had begun";
        var left = ImmutableArray.CreateBuilder<Resource>();
        // An image whose making goes on will be whole, and keeps its disk busy until then.
        await compute.SettleAsync(place.Global("")[..^1], p =>
            p.StartsWith(place.Global($"images/baker-{owner.Stack}-"), StringComparison.Ordinal), Doing, cancel);
        foreach (var resource in await LeftoversAsync(owner, cancel))
        {
            try
            {
                await compute.DeleteAsync(resource.Id, $"removing the {resource.Kind} {resource.Name}", cancel);
            }
            catch (CloudException e)
            {
                left.Add(resource with { Note = e.Message, IsStuck = true });
            }
        }
        return left.ToImmutable();
    }

    private static BakedImage Known(Wire.Image image, ILookup<string, string> users)
    {
        var labels = image.Labels!;
        var path = GooglePlace.Path(image.SelfLink);
        return new BakedImage(
            path, image.Name!, labels.GetValueOrDefault(GoogleMark.Stack) ?? "", labels.GetValueOrDefault(GoogleMark.Group) ?? "",
            labels[GoogleImages.Fingerprint], labels.GetValueOrDefault("baker-base") ?? "",
            DateTimeOffset.Parse(image.CreationTimestamp!, CultureInfo.InvariantCulture), (int)(image.DiskSizeGb ?? 0),
                [.. users[path].Order(StringComparer.Ordinal)]);
    }

    private static bool IsBuild(string name, string stack) => Rest().IsMatch(name[Math.Min(name.Length, $"baker-{stack}-".Length)..]);

    // Role, fingerprint, time: as the template names builder, disk and image.
    [GeneratedRegex(@"\A[a-z]+-[0-9a-f]{12}-[0-9]{14}\z")]
    private static partial Regex Rest();
}
