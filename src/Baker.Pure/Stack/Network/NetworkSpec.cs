using System.Collections.Immutable;
using System.Net;
using Baker.Clouds.Facts;
using Baker.Language.Shapes;

namespace Baker.Stack.Network;

/// <param name="Cidr">Of the managed network; null: the default, or an existing network.</param>
/// <param name="WebFrom">Who may reach GitLab on 443; null: everybody.</param>
/// <param name="Egress">In the order of the spec; null stands for one that could not be read.</param>
public sealed record NetworkSpec(
    IPNetwork? Cidr, ImmutableArray<IPNetwork>? WebFrom, ImmutableArray<EgressSpec?> Egress, ExistingNetwork? Existing)
{
    public static readonly IPNetwork DefaultCidr = IPNetwork.Parse("10.77.0.0/16");

    public static NetworkSpec From(SpecMap map) => new(
        map.Text("cidr") is { } cidr ? IPNetwork.Parse(cidr) : null,
        map.Texts("web_from") is { } from ? [.. from.Select(IPNetwork.Parse)] : null,
        [.. map.Maps("egress").Select(EgressSpec.From)],
        map.Map("existing") is { } existing ? ExistingNetwork.From(existing) : null);
}

/// <summary>The user's own network: one subnet for everything, or a public and a private one, by what the cloud has.</summary>
public sealed record ExistingNetwork(string Id, ExistingSubnet? Only, ExistingSubnet? PublicOnly, ExistingSubnet? PrivateOnly)
{
    public ExistingSubnet? Public => PublicOnly ?? Only;

    public ExistingSubnet? Private => PrivateOnly ?? Only;

    public static ExistingNetwork From(SpecMap map) => new(map.Text("network") ?? "",
        ExistingSubnet.From(map.Map("subnet")), ExistingSubnet.From(map.Map("public_subnet")),
            ExistingSubnet.From(map.Map("private_subnet")));
}

/// <param name="Cidr">As the user says; `launch` compares it with the real one.</param>
public sealed record ExistingSubnet(string Id, IPNetwork Cidr)
{
    public static ExistingSubnet? From(SpecMap? map) =>
        map?.Text("id") is { } id && map.Text("cidr") is { } cidr ? new ExistingSubnet(id, IPNetwork.Parse(cidr)) : null;
}

/// <param name="From">Who may open an SSH session.</param>
/// <param name="Keys">Public keys of the default user.</param>
/// <param name="Entries">The clouds' own ways in that are wanted, by their words.</param>
public sealed record SshSpec(ImmutableArray<IPNetwork> From, ImmutableArray<string> Keys, ImmutableArray<string> Entries)
{
    public static SshSpec Read(SpecMap map) =>
        new([.. (map.Texts("from") ?? []).Select(IPNetwork.Parse)], map.Texts("keys") ?? [],
            [.. Words.Where(word => map.Flag(word) == true)])
        {
            NamesEntry = Words.Any(map.Has),
        };

    private static readonly string[] Words = ["iap", "session_manager"];

    /// <summary>One of them is spoken of, be it to say no.</summary>
    public bool NamesEntry { get; init; }

    /// <summary>That of this cloud; null: none is wanted.</summary>
    public CloudEntry? EntryOf(CloudFacts cloud) => cloud.Entry is { } entry && Entries.Contains(entry.Key) ? entry : null;
}
