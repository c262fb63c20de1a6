using Baker.Clouds.Facts;
using Baker.Language.Shapes;
using Baker.Language.Values;
using Baker.Stack.Roles;

namespace Baker.Stack;

/// <summary>What a spec says about one VM; null wherever it says nothing.</summary>
/// <param name="DiskGb">Root disk, gibibytes.</param>
/// <param name="Address">Static private IPv4 address.</param>
/// <param name="InstanceProfile">AWS only.</param>
/// <param name="ServiceAccount">Google Cloud only.</param>
public sealed record MachineSpec(string? Machine, int? DiskGb, string? Address, string? InstanceProfile, string? ServiceAccount)
{
    public static MachineSpec From(SpecMap map) =>
        new(map.Text("machine"), map.Number("disk_gb"), map.Text("address"), map.Text("instance_profile"), map.Text("service_account"));

    /// <summary>The identity under the key that the cloud has for it.</summary>
    public string? Identity(CloudFacts cloud) => cloud.IdentityKey switch
    {
        "instance_profile" => InstanceProfile,
        "service_account" => ServiceAccount,
        _ => null,
    };
}

/// <summary>The keys that every role has.</summary>
public static class MachineShape
{
    private static readonly TextFormat Machine = new("a machine type", text => text.Any(char.IsWhiteSpace) || text.Length > 63 ? "write one word" : null);

    private static readonly TextFormat Identity = new("an identity", text => text.Any(char.IsWhiteSpace) || text.Length > 256 ? "write one word" : null);

    /// <param name="leastDiskGb">Below this the role's own packages do not fit.</param>
    public static Key[] Keys(Role role, int leastDiskGb) =>
    [
        new("machine", new TextShape("machine type of the cloud; on local such as 4cpu-8gb", Machine), Default: string.Join(", ", CloudCatalog.All.Select(c => DefaultMachine(c, role)))),
        new("disk_gb", new NumberShape("size of the root disk", leastDiskGb, 16_384, "GiB"), Default: $"{role.DefaultDiskGb}"),
        new("address", new TextShape("static private address", Ipv4.AddressFormat), Default: $"host {role.HostNumber} of the {(role.IsPublic ? "first /24 (aws: of the second, without a public address)" : "second /24")}"),
        new("instance_profile", new TextShape("IAM instance profile of the VM (aws)", Identity)),
        new("service_account", new TextShape("service account of the VM (gcp)", Identity)),
    ];

    private static string DefaultMachine(CloudFacts cloud, Role role) =>
        $"{cloud.DefaultMachine(role.Class)}{(cloud.DefaultAttachedGpu(role.Class) is { } gpu ? $" with {gpu.Count} × {gpu.Model}" : "")} ({cloud.Key})";
}
