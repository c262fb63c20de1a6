using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Amazon.EC2.Model;
using Baker.Clouds.Facts.Aws;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Machines;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Images;

/// <summary>
/// What Packer makes for a while and takes away again, unless it is killed: builder, key, security group, volume, and an AMI without its
/// last tags.
/// All of it carries the tag <see cref="Mark"/>; keys and groups of older plugins do not, and are found by the builder that uses them.
/// </summary>
internal sealed partial class AwsBakeLeftovers(AwsBorder border)
{
    private const string Mark = AwsNames.BakeTag;

    private const string Unfinished = "unfinished image";

    /// <summary>What Packer's temporary things are called.</summary>
    private const string Temporary = "packer_";

    /// <summary>A machine is gone, and lets go of what it used, within this time.</summary>
    private static readonly TimeSpan Going = TimeSpan.FromMinutes(10);

    public async Task<ImmutableArray<Resource>> FindAsync(StackOwner owner, CancellationToken cancel)
    {
        var mine = new Filter($"tag:{Mark}", [owner.Id]);
        var builders = await AwsInstances.InstancesAsync(
            border, [mine, new Filter("instance-state-name", ["pending", "running", "stopping", "stopped"])], cancel);
        var volumes = await border.SendAsync("looking for volumes of a bake", c => border.Pages.VolumesAsync(
            new DescribeVolumesRequest { Filters = [mine, new Filter("status", ["available", "error"])] }, c), cancel);
        var keys = await border.SendAsync("looking for keys of a bake", c =>
            border.Ec2.DescribeKeyPairsAsync(new DescribeKeyPairsRequest { Filters = [mine] }, c), cancel);
        var groups = await border.SendAsync("looking for security groups of a bake", c => border.Pages.SecurityGroupsAsync(
            new DescribeSecurityGroupsRequest { Filters = [mine] }, c), cancel);
        var usedKeys = builders.Select(b => b.KeyName ?? "").Where(IsTemporary);
        var usedGroups = builders.SelectMany(b => b.SecurityGroups ?? []).Where(g => IsTemporary(g.GroupName ?? ""))
            .Select(g => (g.GroupId, g.GroupName));
        return
        [
            .. builders.Select(b => new Resource("builder", AwsTags.Name(b.Tags), b.InstanceId, Profile(b))),
            .. (volumes.Volumes ?? []).Select(v => new Resource("volume", AwsTags.Name(v.Tags), v.VolumeId)),
            .. (keys.KeyPairs ?? []).Select(k => k.KeyName).Union(usedKeys).Select(k => new Resource("key pair", k, k)),
            .. (groups.SecurityGroups ?? []).Select(g => (g.GroupId, g.GroupName)).Union(usedGroups)
                .Select(g => new Resource("security group", g.GroupName, g.GroupId)),
            .. (await ImagesAsync(owner, cancel)).Select(i => new Resource(Unfinished, i.Name, i.ImageId)),
        ];
    }

    public async Task<ImmutableArray<Resource>> RemoveAsync(StackOwner owner, CancellationToken cancel)
    {
        var left = ImmutableArray.CreateBuilder<Resource>();
        // In the order in which they were found: the machine before what it uses.
        foreach (var resource in await FindAsync(owner, cancel))
        {
            try
            {
                await RemoveAsync(resource, cancel);
                border.Say($"removed what a bake had left: {resource.Kind} {resource.Id}");
            }
            catch (CloudException e)
            {
                left.Add(resource with { Note = e.Message, IsStuck = true });
            }
        }
        return left.ToImmutable();
    }

    private async Task RemoveAsync(Resource resource, CancellationToken cancel)
    {
        var doing = $"removing the {resource.Kind} {resource.Id}";
        if (resource.Kind == Unfinished)
        {
            await new AwsImageRemoval(border).RemoveAsync(resource.Id, cancel);
            return;
        }
        await border.RemoveAsync(doing, c => resource.Kind switch
        {
            "builder" => border.Ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [resource.Id] }, c),
            "volume" => border.Ec2.DeleteVolumeAsync(new DeleteVolumeRequest { VolumeId = resource.Id }, c),
            "key pair" => border.Ec2.DeleteKeyPairAsync(new DeleteKeyPairRequest { KeyName = resource.Id }, c),
            _ => border.Ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = resource.Id }, c),
        }, Going, cancel);
        if (resource.Kind == "builder")
        {
            List<Filter> alive = [new Filter("instance-id", [resource.Id]),
                new Filter("instance-state-name", ["pending", "running", "stopping", "stopped", "shutting-down"])];
            await border.UntilAsync(doing, async c =>
                (await AwsInstances.InstancesAsync(border, alive, c)).Count > 0 ? null : resource, Going, cancel);
        }
    }

    /// <summary>AMIs that this stack's bakes have begun: they have the name, and neither the last tags nor another stack's mark.</summary>
    private async Task<IEnumerable<Amazon.EC2.Model.Image>> ImagesAsync(StackOwner owner, CancellationToken cancel)
    {
        var found = await border.SendAsync("looking for unfinished images", c => border.Pages.ImagesAsync(
            new DescribeImagesRequest { Owners = ["self"], Filters = [new Filter("name", [$"baker-{owner.Stack}-*"])] }, c), cancel);
        return (found.Images ?? []).Where(i => IsBaked(i.Name ?? "", owner.Stack) && AwsTags.Value(i.Tags, AwsTags.Fingerprint) is null
            && (AwsTags.Value(i.Tags, Mark) ?? owner.Id) == owner.Id && (AwsTags.Value(i.Tags, AwsTags.Id) ?? owner.Id) == owner.Id);
    }

    private static bool IsBaked(string name, string stack) => Rest().IsMatch(name[Math.Min(name.Length, $"baker-{stack}-".Length)..]);

    private static bool IsTemporary(string name) => name.StartsWith(Temporary, StringComparison.Ordinal);

    // Packer makes one for Session Manager; it belongs to IAM, which Baker has no rights in.
    private static string? Profile(Instance builder) =>
        builder.IamInstanceProfile?.Arn is { } arn && arn.Contains("/packer", StringComparison.Ordinal)
            ? $"its instance profile {arn} and the role of that name stay in IAM" : null;

    // Role, fingerprint, time: as the template names them.
    [GeneratedRegex(@"\A[a-z]+-[0-9a-f]{12}-[0-9]{14}\z")]
    private static partial Regex Rest();
}
