using System.Collections.Immutable;
using Baker.Clouds.Live;
using Baker.Planning;
using Baker.Stack;

namespace Baker.Launching;

/// <summary>A stack with what only the cloud knows: shown before anything is done, and then done.</summary>
/// <param name="Zones">Where to make it, the best first; one alone when something of the stack is there already.</param>
/// <param name="Images">By machine name, for the machines that are made.</param>
/// <param name="Tags">What is there already and has other tags than the spec.</param>
/// <param name="Bundles">What of user-data lies elsewhere; some of it may be missing, some may be left over.</param>
/// <param name="SurplusNat">A way out of the stack's own network that nothing needs any more.</param>
public sealed record ResolvedPlan(
    StackWanted Wanted, AccountInfo Account, Survey Found, ImmutableArray<Change> Changes, ImmutableArray<string> Zones,
    ImmutableDictionary<string, Image> Images, ImmutableArray<TagChange> Tags, BundlesFound Bundles, ImmutableArray<Resource> SurplusNat,
        Preflight Preflight)
{
    /// <summary>What differs in the network of a stack that stands.</summary>
    public ImmutableArray<string> Network { get; init; } = [];

    /// <summary>What of the network is made for a stack that has no machine yet.</summary>
    public ImmutableArray<Resource> NetworkMade { get; init; } = [];

    /// <summary>What of the network costs as long as it is there, once all is as wanted.</summary>
    public ImmutableArray<Resource> NetworkBilled { get; init; } = [];

    /// <summary>The user-data that machines have now which are to have another, by name; absent: it cannot be read.</summary>
    public ImmutableDictionary<string, ReadOnlyMemory<byte>> UserData { get; init; } =
        ImmutableDictionary<string, ReadOnlyMemory<byte>>.Empty;

    /// <summary>True when the data disk is there and smaller than wanted.</summary>
    public bool GrowsDataDisk => Found.DataDisk is { } found && Wanted.DataDisk is { } wanted && found.SizeGb < wanted.SizeGb;

    /// <summary>Identities that a launch makes.</summary>
    public MachineIdentities Identities { get; init; } = MachineIdentities.None;

    /// <summary>What is made of the stack's name in DNS; null: nothing.</summary>
    public RecordPlan? Record { get; init; }

    /// <summary>Machines whose bundle is not there, or not whole.</summary>
    public ImmutableArray<MachineWanted> LackingBundle => [.. Wanted.Machines.Where(m => m.Bundle is { } bundle && !Bundles.Has(bundle))];

    /// <summary>Bundles that no machine needs once it is as wanted.</summary>
    public ImmutableArray<BundleFound> SurplusBundles => Bundles.Surplus(Wanted.Machines);

    /// <summary>The stack stands in another zone than the spec says, and stays there; null: it does not.</summary>
    public string? OtherZone => Wanted.Zone is { } zone && Found.Zone is { } there && zone != there ? there : null;

    /// <summary>Secrets that are made: nobody has them yet.</summary>
    public ImmutableArray<SecretPlan> SecretsMade { get; init; } = [];

    /// <summary>The user's files and variables that secrets come from.</summary>
    public ImmutableArray<GivenValue> Given { get; init; } = [];

    /// <summary>True when a launch changes nothing. What is refused may still differ: only a new machine can do that.</summary>
    public bool ChangesNothing => Network.IsEmpty && NetworkMade.IsEmpty && SecretsMade.IsEmpty && !Given.Any(g => g.IsStored)
        && !GrowsDataDisk && Tags.IsEmpty
        && Identities.Lacking.IsEmpty && Identities.Surplus.IsEmpty
        && SurplusNat.IsEmpty && LackingBundle.IsEmpty && SurplusBundles.IsEmpty && Found.Reservations.All.IsEmpty
        && (Wanted.PublicAddress is not { ExistingId: null } || Found.Address is not null)
        && Record?.Changes(Found.Address?.Ip) != true && Changes.All(c => c.Kind == ChangeKind.Keep);

    /// <summary>Changes that are made when another machine has made its own.</summary>
    public ImmutableArray<Change> Held => [.. Changes.Where(c => c.After is not null)];

    /// <summary>For a launch that stays and can wait between two changes. Nobody waits for a machine that has not been up yet.</summary>
    public ResolvedPlan InOrder(Plan plan, ImmutableArray<MachineProgress> progress) => this with
    {
        Changes = [.. Changes.Select(c => c.Kind == ChangeKind.Update && plan.Named(c.Wanted.Name).ChangesAfter is { } order
            && progress.Any(m => m.Role == order.Role && m.HasBeenUp(order)) ? c with { After = order } : c)],
    };
}

/// <summary>Asks the cloud what only it knows, changing nothing.</summary>
public sealed class Resolver(ICloud cloud)
{
    /// <summary>Makes the record of the stack's name; null: people do.</summary>
    public RecordMaker? Records { get; init; }

    /// <param name="account">Whose it is: somebody has signed in.</param>
    /// <param name="replace">Groups whose machines may be replaced.</param>
    /// <exception cref="CloudException">The cloud refused, or there is no image or zone that fits.</exception>
    public async Task<ResolvedPlan> ResolveAsync(
        AccountInfo account, StackWanted wanted, ImmutableHashSet<string> replace, CancellationToken cancel)
    {
        var (survey, lookup) = (Survey.OfAsync(cloud, wanted.Owner, cancel), wanted.NameAsync(cloud, cancel));
        await Task.WhenAll(survey, lookup);
        var (found, name) = (await survey, await lookup);
        // One of the user's own carries no mark of the stack: it is only looked at.
        var made = found.Address;
        if (wanted.PublicAddress is { ExistingId: not null } own)
            found = found with { Address = await cloud.Addresses.EnsureAsync(own, cancel) };
        var tags = cloud.Tags is { } known ? await known.ChangesAsync(wanted, cancel) : [];
        // In a network of the user's own none was made; one from before the stack moved there serves the machines that have not.
        var surplus = wanted.Network is { NeedsNat: false, ExistingId: null } ? await cloud.Network.FindNatAsync(wanted.Owner, cancel)
            : [];
        var parts = found.Machines.IsEmpty ? await NetworkPartsAsync(wanted, cancel) : [];
        var network = found.Machines.IsEmpty ? [] : await cloud.Network.DifferencesAsync(wanted.Network, cancel);
        var identities = await MachineIdentities.OfAsync(cloud, wanted.Identities, found, cancel);
        var changes = Changes.Between(wanted, found, replace, cloud.Machines, identities.Gone);
        var bundles = cloud.Bundles is { } store
            ? await store.FindAsync(wanted.Owner, wanted.Machines.Any(m => m.Bundle is not null), cancel) : BundlesFound.None;
        var machines = changes.Where(c => c.Kind is ChangeKind.Create or ChangeKind.Replace).Select(c => c.Wanted).ToArray();
        var zones = found.Zone is { } zone && cloud.Network.IsZonal ? [zone]
            : machines.Length == 0 ? [] : Preferred(found.Zone, await cloud.Account.ZonesAsync(wanted, cancel));
        var images = await Task.WhenAll(machines.Select(async m => (m.Name, Image: await cloud.Images.ResolveAsync(m.Image, cancel))));
        var retyped = changes.Where(c => c.ChangesType).ToArray();
        var preflight = machines.Length == 0 && retyped.Length == 0 ? Preflight.Clear
            : await cloud.Account.CheckAsync(wanted, zones, cancel);
        foreach (var change in retyped)
            preflight = preflight.With(await OfferedAsync(wanted, change, cancel));
        var named = changes.Where(c => c.Wanted.Bundle is not null
            && (c.Kind is ChangeKind.Create or ChangeKind.Replace or ChangeKind.Update || c.Loose.Contains(Tie.Identity)))
            .ToImmutableArray();
        if (!named.IsEmpty)
            preflight = preflight.With(await cloud.Bundles!.CheckAsync([.. named.Select(c => c.Wanted)], cancel));
        if (made is not null && made.Ip != found.Address?.Ip)
            preflight = preflight.With(Preflight.Clear with
            {
                Notes = [$"the address {made.Ip}, which was made for this stack, is not used any more and is billed: release it by "
                    + "hand, or with the stack (`baker destroy --release-address`)"],
            });
        if (wanted.Owner.KmsKey is { } key && !found.Machines.IsEmpty)
            preflight = preflight.With(Preflight.Clear with
            {
                Unchecked = [$"whether what is there is encrypted with {key}: disks and secrets keep the key that they were made with"],
            });
        foreach (var unseen in new[] { bundles.Unseen, found.Reservations.Unseen }.OfType<string>())
            preflight = preflight.With(Preflight.Clear with { Unchecked = [unseen] });
        preflight = preflight.With(await identities.CheckAsync(cloud, found.Machines.IsEmpty, cancel));
        var (record, said) = await RecordAsync(wanted, name, found, cancel);
        preflight = preflight.With(said);
        var (userData, unread) = await UserDataAsync(changes, cancel);
        return new ResolvedPlan(
            wanted, account, found, changes, zones, images.ToImmutableDictionary(i => i.Name, i => i.Image), tags, bundles, surplus,
            preflight.With(Preflight.Clear with { Unchecked = unread }))
        {
            Network = network,
            NetworkMade = parts,
            Identities = identities,
            Record = record,
            NetworkBilled = [.. cloud.Network.Makes(wanted).Where(r => r.IsBilled)],
            UserData = userData,
        };
    }

    /// <summary>Whether a machine that stays can have another type where it stands: asked before it is stopped.</summary>
    private async Task<Preflight> OfferedAsync(StackWanted wanted, Change change, CancellationToken cancel)
    {
        var zone = change.Found!.Zone;
        // In subnets of the user's own a cloud says by itself what is not offered there; of a zone that the spec does not name it says
        // nothing.
        if ((wanted.Network.ExistingId is not null && cloud.Network.IsZonal) || (wanted.Zone is { } named && named != zone))
            return Preflight.Clear;
        var zones = await cloud.Account.ZonesAsync(wanted with { Machines = [change.Wanted] }, cancel);
        return zones.Contains(zone) ? Preflight.Clear : Preflight.Clear with
        {
            Problems = [$"{string.Join(" or ", change.Wanted.Types)} is not offered in {zone}, where {change.Wanted.Name} is: choose "
                + $"another type ({change.Wanted.Group}.machine)"],
        };
    }

    /// <summary>What a launch would make of the stack's name alone.</summary>
    public async Task<(RecordPlan? Record, Preflight Said)> RecordAsync(StackWanted wanted, CancellationToken cancel)
    {
        var name = await wanted.NameAsync(cloud, cancel);
        return await RecordAsync(wanted, name, new Survey(await cloud.Addresses.FindAsync(wanted.Owner, cancel), null, []), cancel);
    }

    /// <summary>A zone that the user names has to be there and theirs to change. Without one a launch goes on, and says so.</summary>
    private async Task<(RecordPlan? Record, Preflight Said)> RecordAsync(
        StackWanted wanted, NameFound name, Survey found, CancellationToken cancel)
    {
        if (wanted.Record is not { } asked)
            return (null, Preflight.Clear);
        var isNamed = asked.Zone is not null;
        (RecordPlan?, Preflight) Without(string why) => (null, isNamed ? Preflight.Clear with { Problems = [why] }
            : Preflight.Clear with { Notes = [$"{why}: the DNS record is made by hand (`dns`)"] });
        if (name.Unseen is { } unseen)
            return isNamed ? Without(unseen) : (null, Preflight.Clear with { Unchecked = [name.Told!] });
        if (name.NoZone is { } none)
            return isNamed || found.Machines.IsEmpty ? Without(none) : (null, Preflight.Clear);
        if (name.Record is not { } there)
            return (null, Preflight.Clear);
        var plan = new RecordPlan(there, asked);
        if (plan.Problem is { } problem)
            return (plan, Preflight.Clear with { Problems = [problem] });
        if (Records is null || !plan.Changes(found.Address?.Ip))
            return (plan, Preflight.Clear);
        var (refused, note) = await Records.CheckAsync(plan, cancel);
        return refused is null ? (plan, Preflight.Clear with { Notes = note is null ? [] : [note] })
            : (plan with { Refused = refused }, Without(refused).Item2);
    }

    private async Task<ImmutableArray<Resource>> NetworkPartsAsync(StackWanted wanted, CancellationToken cancel)
    {
        var there = (await cloud.Network.FindAsync(wanted.Owner, cancel)).Select(r => (r.Kind, r.Name)).ToHashSet();
        return [.. cloud.Network.Makes(wanted).Where(r => !there.Contains((r.Kind, r.Name)))];
    }

    /// <summary>Only to tell what differs: who may not read it may launch all the same.</summary>
    private async Task<(ImmutableDictionary<string, ReadOnlyMemory<byte>> Found, ImmutableArray<string> Unread)> UserDataAsync(
        ImmutableArray<Change> changes, CancellationToken cancel)
    {
        var found = ImmutableDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>();
        var unread = ImmutableArray.CreateBuilder<string>();
        foreach (var change in changes.Where(c => c.Found is { } machine && c.HasOtherUserData))
        {
            try
            {
                found[change.Wanted.Name] = await cloud.Machines.UserDataAsync(change.Found!, cancel);
            }
            catch (CloudException e) when (e.Failure == CloudFailure.Denied)
            {
                unread.Add($"what differs in the user-data of {change.Wanted.Name}: {e.Message.ReplaceLineEndings(" ")}");
            }
        }
        return (found.ToImmutable(), unread.ToImmutable());
    }

    private static ImmutableArray<string> Preferred(string? first, ImmutableArray<string> zones) =>
        first is null ? zones : [first, .. zones.Where(z => z != first)];
}
