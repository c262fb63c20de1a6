using System.Collections.Immutable;
using Baker.Clouds.Facts;
using Baker.Language.Shapes;
using Baker.Language.Values;
using Baker.Stack.Roles;

namespace Baker.Stack;

/// <summary>What a spec says about one VM; null wherever it says nothing.</summary>
/// <param name="Types">Machine types in the order in which they are wanted; empty: nothing is said.</param>
/// <param name="DiskGb">Root disk, gibibytes.</param>
/// <param name="Address">Static private IPv4 address.</param>
/// <param name="Identities">By the keys that clouds have for them, in their order.</param>
public sealed record MachineSpec(
    ImmutableArray<string> Types, int? DiskGb, string? Address, ImmutableArray<(string Key, string Identity)> Identities)
{
    /// <summary>The types stand in a list, be it of one.</summary>
    public bool IsListed { get; init; }

    /// <summary>The type that is wanted most.</summary>
    public string? Machine => Types.FirstOrDefault();

    /// <summary>As written, or what a cloud has for the class.</summary>
    public ImmutableArray<string> TypesOn(CloudFacts cloud, MachineClass wanted) =>
        Types.IsEmpty ? [cloud.DefaultMachine(wanted)] : Types;

    public static MachineSpec From(SpecMap map) => new(
        map.Texts("machine") ?? (map.Text("machine") is { } only ? [only] : []), map.Number("disk_gb"), map.Text("address"),
        [.. CloudCatalog.All.Where(c => c.IdentityKey is { } key && map.Text(key) is not null)
            .Select(c => (c.IdentityKey!, map.Text(c.IdentityKey!)!))])
    {
        IsListed = map.Texts("machine") is not null,
    };

    /// <summary>The identity under the key that the cloud has for it.</summary>
    public string? Identity(CloudFacts cloud) => Identities.FirstOrDefault(i => i.Key == cloud.IdentityKey).Identity;
}

/// <summary>The keys that every role has.</summary>
public static class MachineShape
{
    /// <summary>Each is asked for in each zone before one waits: more would make that long.</summary>
    private const int MostTypes = 8;

    private static readonly TextFormat Machine = new("a machine type", text =>
        text.Any(char.IsWhiteSpace) || text.Length > 63 ? "write one word" : null);

    private static readonly TextFormat Identity = new("an identity", text =>
        text.Any(char.IsWhiteSpace) || text.Length > 256 ? "write one word" : null);

    public static Key[] Keys(RoleFacts role) =>
    [
        new("machine", new EitherShape("machine type of the cloud; on local such as 4cpu-8gb",
            new TextShape("a machine type", Machine),
            new ListShape("machine types, the one that is wanted most first", new TextShape("a machine type", Machine), 1, MostTypes)),
            Default: string.Join(", ", CloudCatalog.All.Select(c => DefaultMachine(c, role)))),
        new("disk_gb", new NumberShape("size of the root disk", role.LeastDiskGb, 16_384, "GiB"), Default: $"{role.DiskGb}"),
        new("address", new TextShape("static private address", Ipv4.AddressFormat),
            Default: $"host {role.HostNumber} of the "
            + $"{(role.IsPublic ? "first /24 (aws: of the second, without a public address)" : "second /24")}"),
        .. CloudCatalog.All.Where(c => c.IdentityKey is not null)
            .Select(c => new Key(c.IdentityKey!, new TextShape(c.IdentityTitle, Identity))),
    ];

    private static string DefaultMachine(CloudFacts cloud, RoleFacts role) =>
        $"{cloud.DefaultMachine(role.Class)}{(cloud.DefaultAttachedGpu(role.Class) is { } gpu ? $" with {gpu.Count} × {gpu.Model}" : "")} "
            + $"({cloud.Key})";
}
