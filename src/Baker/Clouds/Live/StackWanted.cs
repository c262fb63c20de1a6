using System.Collections.Immutable;
using Baker.Clouds.Facts;

namespace Baker.Clouds.Live;

/// <summary>A stack in the nouns that all clouds share. Machines are told apart by their group, which is opaque to a cloud.</summary>
public sealed record StackWanted(
    StackOwner Owner, NetworkWanted Network, PublicAddressWanted? PublicAddress, DiskWanted? DataDisk,
        ImmutableArray<MachineWanted> Machines)
{
    /// <summary>What a launch can make as identities: one for every machine that there is a name for.</summary>
    public ImmutableArray<IdentityWanted> Identities { get; init; } = [];

    /// <summary>What a launch makes in DNS; null: people do that.</summary>
    public RecordWanted? Record { get; init; }

    /// <summary>Where it is to be made; null: where all of it is offered.</summary>
    public string? Zone { get; init; }
}

/// <param name="ExistingId">The user's own network; null: it is made.</param>
/// <param name="Cidr">Of a network that is made.</param>
/// <param name="NatAddress">Private address at which the NAT gateway is pinned; null where the cloud needs none or
/// <paramref name="NeedsNat"/> is false.</param>
/// <param name="Rules">All that is let in. What is not listed is closed.</param>
/// <param name="Egress">All that is let out, by group.</param>
public sealed record NetworkWanted(
    StackOwner Owner, string? ExistingId, string? Cidr, ImmutableArray<SubnetWanted> Subnets, bool NeedsNat, string? NatAddress,
    ImmutableArray<FirewallRule> Rules, ImmutableArray<EgressAllowance> Egress);

/// <param name="ExistingId">The user's own subnet; null: it is made.</param>
public sealed record SubnetWanted(string Name, bool IsPublic, string Cidr, string? ExistingId);

/// <summary>One allowed TCP port into a group of machines.</summary>
/// <param name="FromGroup">Machines of the stack; null: <paramref name="Networks"/>.</param>
public sealed record FirewallRule(string? FromGroup, ImmutableArray<string> Networks, string ToGroup, int Port, string Why);

/// <summary>One port that a group of machines may reach outside.</summary>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="Port">TCP or UDP port.</param>
public sealed record EgressAllowance(string Group, string Protocol, int Port)
{
    public const string Anywhere = "0.0.0.0/0";

    /// <summary>The addresses that it reaches there, a CIDR range.</summary>
    public string To { get; init; } = Anywhere;

    /// <summary>Says what a rule of the user's own is for, and stands at it; null: Baker itself wants it.</summary>
    public EgressReason? Reason { get; init; }
}

/// <param name="Key">Where the spec has it.</param>
/// <param name="Why">In the user's words.</param>
public sealed record EgressReason(string Key, string Why)
{
    public override string ToString() => $"{Key}: {Why}";
}

/// <param name="ExistingId">One that the user owns; null: it is made.</param>
public sealed record PublicAddressWanted(StackOwner Owner, string Name, string? ExistingId);

/// <summary>A volume that outlives its machine.</summary>
/// <param name="SizeGb">Gibibytes.</param>
public sealed record DiskWanted(StackOwner Owner, string Name, int SizeGb)
{
    /// <summary>The cloud's type of the machine that it is for; which kinds of disk that takes may depend on it. Null: any.</summary>
    public string? MachineType { get; init; }
}

/// <param name="Group">Which firewall rules hold for it.</param>
/// <param name="Type">The cloud's machine type.</param>
/// <param name="AttachedGpu">Attached to a type without one of its own.</param>
/// <param name="DiskGb">Root disk, gibibytes.</param>
/// <param name="Address">Static private address.</param>
/// <param name="Identity">Instance profile or service account; null: none.</param>
/// <param name="Secrets">Names of secrets that reach it by the cloud's own means (the local cloud's disk); VMs of other clouds fetch
/// theirs.</param>
/// <param name="UserData">As sent: plain cloud-config, or gzip.</param>
/// <param name="UserDataDigest">Names the content of <paramref name="UserData"/>; found again in the cloud.</param>
/// <param name="HasPublicAddress">It gets the stack's public address.</param>
/// <param name="HasDataDisk">It gets the stack's data disk, and is protected against deletion by hand.</param>
/// <param name="IsScarce">Of a type that a zone may have none left of: made first.</param>
/// <param name="Release">The version that its user-data asks for, in a word; found again in the cloud. Null: none is known.</param>
public sealed record MachineWanted(
    StackOwner Owner, string Name, string Group, string Type, Gpu? AttachedGpu, int DiskGb, string Address, string Subnet,
    string? Identity,
    ImageWanted Image, ImmutableArray<string> Secrets, ReadOnlyMemory<byte> UserData, string UserDataDigest,
    bool HasPublicAddress, bool HasDataDisk, bool IsScarce, string? Release = null)
{
    /// <summary>Types that it may have instead, in the order in which they are wanted.</summary>
    public ImmutableArray<string> Alternatives { get; init; } = [];

    /// <summary>All types that it may have, the one that is wanted most first.</summary>
    public ImmutableArray<string> Types => [Type, .. Alternatives];

    /// <summary>For people.</summary>
    public string TypeTitle => string.Join(", else ", Types);

    /// <summary>The same machine of one type and no other.</summary>
    public MachineWanted As(string type) => this with { Type = type, Alternatives = [] };

    /// <summary>Where the spec says it, for people; null where machines have none.</summary>
    public string? IdentityKey { get; init; }

    /// <summary>A launch makes <see cref="Identity"/>; false: the user has.</summary>
    public bool MakesIdentity { get; init; }

    /// <summary>What <see cref="UserData"/> had no room for and names; null: it had.</summary>
    public BundleWanted? Bundle { get; init; }
}

/// <param name="Use"><c>auto</c>, <c>stock</c>, <c>baked</c> or <c>id</c>.</param>
/// <param name="Id">Named by the user, with <c>id</c>.</param>
/// <param name="Fingerprint">What a baked image must carry to fit.</param>
/// <param name="WantsGpuDriver">It boots a machine with a GPU.</param>
/// <param name="MaxAgeDays">An older baked image is used with a warning.</param>
/// <param name="DiskGb">Size of the machine's root disk, gibibytes: an image of a larger one does not fit.</param>
public sealed record ImageWanted(string Use, string? Id, string Group, string Fingerprint, bool WantsGpuDriver, int MaxAgeDays,
    int DiskGb = int.MaxValue)
{
    /// <summary>Why no baked image is used: none carries the fingerprint, or those that do need a larger disk.</summary>
    /// <param name="larger">Gibibytes that the smallest of these needs; null: there is none.</param>
    public string NoneFits(int? larger) => larger is { } size
        ? $"the baked image needs a disk of {size} GB, and {Group}.disk_gb is {DiskGb}"
        : $"no baked image has the fingerprint {Fingerprint}";

    /// <summary>Ends the reason why a baked image is used; empty while it is young enough.</summary>
    public string AgeWarning(DateTimeOffset made, DateTimeOffset now)
    {
        var days = (int)(now - made).TotalDays;
        return days > MaxAgeDays ? $"; warning: {days} days old, and images.max_age_days is {MaxAgeDays}" : "";
    }
}
