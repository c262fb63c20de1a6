using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>What a policy of the organisation is asked about a stack. Pure.</summary>
/// <param name="Constraint">Without <c>constraints/</c> before it.</param>
/// <param name="What">What the stack needs, as a sentence ends with it.</param>
/// <param name="IsMeant">Whether a value of its list means what the stack needs; null: that cannot be told from here.</param>
internal sealed record PolicyQuestion(string Constraint, string What, Func<string, bool?> IsMeant)
{
    private static readonly string[] Parts = ["africa", "asia", "australia", "europe", "me", "northamerica", "southamerica", "us"];

    /// <summary>The launch works all the same.</summary>
    public bool IsNote { get; private init; }

    public static IEnumerable<PolicyQuestion> Of(StackWanted wanted, GooglePlace place)
    {
        var isMade = wanted.Network.ExistingId is null;
        yield return new("gcp.resourceLocations", $"anything in {place.Region}", v => IsPlace(v, place.Region));
        if (wanted.PublicAddress is not null && wanted.Machines.FirstOrDefault(m => m.HasPublicAddress) is { } exposed)
            yield return new("compute.vmExternalIpAccess", $"an external address for {exposed.Name}",
                v => IsBelow(v) ? null : v.StartsWith(place.Root + "/", StringComparison.Ordinal)
                    && v.EndsWith($"/instances/{exposed.Name}", StringComparison.Ordinal));
        foreach (var project in wanted.Machines.Select(m => Project(m.Image, place)).OfType<string>().Distinct())
            yield return new("compute.trustedImageProjects", $"images of {project}", v => IsBelow(v) ? null : v == $"projects/{project}");
        if (isMade && wanted.Network.NeedsNat)
            yield return new("compute.restrictCloudNATUsage", "a Cloud NAT for the stack's subnet",
                v => IsBelow(v) ? null : v == place.Regional($"subnetworks/{wanted.Owner.Stack}"));
        // Its values are how much is to be logged: whatever it asks for, the subnets that Baker makes do not.
        if (isMade)
            yield return new("compute.requireVpcFlowLogs", "subnets without flow logs", _ => false);
        yield return new("compute.disableSerialPortAccess", "a look at the serial console, by which Baker follows the VMs", _ => false)
        {
            IsNote = true,
        };
    }

    /// <returns>Null when it cannot be told.</returns>
    public bool? Allows(IReadOnlyList<OrgPolicyRule> rules)
    {
        if (rules.Any(r => r.Condition is not null))
            return null;
        if (rules.Any(r => r.DenyAll == true || r.Enforce == true))
            return false;
        var denied = rules.SelectMany(r => r.Values?.DeniedValues ?? []).Select(v => IsMeant(Value(v))).ToArray();
        if (denied.Contains(true))
            return false;
        var allowed = rules.SelectMany(r => r.Values?.AllowedValues ?? []).Select(v => IsMeant(Value(v))).ToArray();
        var isListed = allowed.Length == 0 || allowed.Contains(true) || rules.Any(r => r.AllowAll == true);
        return isListed ? (denied.Contains(null) ? null : true) : allowed.Contains(null) ? null : false;
    }

    /// <summary>"is:" may stand before a value that means itself alone.</summary>
    private static string Value(string value) => value.StartsWith("is:", StringComparison.Ordinal) ? value[3..] : value;

    /// <summary>All below a folder or an organisation: what lies there is not known here.</summary>
    private static bool IsBelow(string value) => value.StartsWith("under:", StringComparison.Ordinal);

    /// <summary>Groups of places: <c>in:asia-northeast1-locations</c>, <c>in:asia-locations</c>; others are Google's to know.</summary>
    private static bool? IsPlace(string value, string region) =>
        value == region || value == $"in:{region}-locations" || value == $"in:{region.Split('-')[0]}-locations" ? true
            : value.StartsWith("in:", StringComparison.Ordinal) && !IsGroupOfRegion(value) ? null : false;

    // A region has a number, and begins with a part of the world; in:eu-locations and in:low-carbon-locations are neither.
    private static bool IsGroupOfRegion(string value) => value.Any(char.IsAsciiDigit) || Parts.Contains(value[3..].Split('-')[0]);

    /// <summary>Whose image it is; null where a launch decides that later.</summary>
    private static string? Project(ImageWanted image, GooglePlace place) => image switch
    {
        { Id: { } id } => GooglePlace.ProjectOf(GoogleImages.PathOf(id, place)),
        { Use: "stock" } => GooglePlace.ProjectOf(GoogleImages.Ubuntu),
        { Use: "baked" } => place.Project,
        _ => null,
    };
}
