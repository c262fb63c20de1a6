using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Baker.Language.Values;
using Baker.Stack;
using Baker.Stack.Roles.Gateway;
using Baker.Stack.Roles.GitLab;
using Baker.Stack.Roles.Versions;
using Baker.Verifying.Registry;

namespace Baker.Cli.Commands;

/// <summary>What <c>doctor</c> says of versions: it knows what day it is, and may ask the registry.</summary>
internal static class DoctorVersions
{
    /// <summary>GitLab mends something about every two weeks.</summary>
    private const int MostDays = 90;

    /// <returns>What stands in the way of a launch.</returns>
    public static async Task<ImmutableArray<string>> SayAsync(World world, Spec spec, CancellationToken cancel)
    {
        SayAge(world);
        if (GitLabReleases.Choose(spec.GitLab.Version) is not { } gitlab)
            return [];
        var (minor, image) = (GitLabReleases.Minor(gitlab),
            spec.Gateway.ImageFor(gitlab) ?? new ImageRef(null, GatewaySpec.ImageName, null, null));
        // As the VM pulls it: a mirror takes the place of the registry, and may have a path.
        var asked = spec.Mirrors.GatewayRegistry is { } mirror
            ? ImageRef.Parse((image with { Registry = mirror, Digest = null }).ToString()) : image;
        var tags = await new ImageRegistry(Authorities(spec.Mirrors.CaPem), world.Time, world.Lookup, world.Connect)
            .AskAsync(asked.Registry, asked.Name, GatewayTags.Beginning(minor), cancel);
        return tags.Refusal is { } refusal
            ? Unknown(world, $"{tags.Where}: {refusal}; by hand: the tags of {asked.Registry ?? "Docker Hub"}/{asked.Name} that begin "
                + $"with {GatewayTags.Beginning(minor)}")
            : Judge(world, tags, image, minor);
    }

    private static ImmutableArray<string> Judge(World world, ImageTags tags, ImageRef image, string minor)
    {
        var newest = GatewayTags.Newest(tags.Names, minor);
        var line = $"gateway: {{ image: \"{image with { Tag = newest, Digest = null }}\" }}";
        if (newest is null)
            return Unknown(world, $"{tags.Where} has no gateway for GitLab {minor} that is to be advised");
        if (image.Tag is null)
            world.Out.WriteLine($"gateway: the newest for GitLab {minor} at {tags.Where} is {newest}; write\n  {line}");
        else if (image.Tag == newest)
            world.Out.WriteLine($"ok: the gateway is {newest}, the newest for GitLab {minor} at {tags.Where}");
        else if (GitLabReleases.VersionOfTag(image.Tag) is null || tags.Names.Contains(image.Tag))
            world.Out.WriteLine($"note: {tags.Where} has another gateway for GitLab {minor}, {newest}, beside {image.Tag}; to take it, "
                + $"write\n  {line}");
        else
            return [$"{tags.Where} has no {image.Tag}; the newest for GitLab {minor} is {newest}: write {line}"];
        return [];
    }

    private static ImmutableArray<string> Unknown(World world, string why)
    {
        world.Out.WriteLine($"not checked: tags of the gateway's image: {why}");
        return [];
    }

    private static void SayAge(World world)
    {
        var oldest = FactTable.All.MinBy(t => t.Date, StringComparer.Ordinal)!;
        if (oldest.Age(world.Time.GetUtcNow()).TotalDays is > MostDays and var days)
            world.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"note: what this Baker knows of versions is {(int)days} days old (as of {oldest.Date}); a newer Baker may know of newer "
                + $"patches and of advisories"));
    }

    private static X509Certificate2Collection Authorities(string? pem)
    {
        var authorities = new X509Certificate2Collection();
        if (pem is not null)
            authorities.ImportFromPem(pem);
        return authorities;
    }
}
