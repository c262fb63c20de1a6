using System.Collections.Immutable;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>Network, subnet, firewall, and the way out through Cloud NAT.</summary>
internal sealed class GoogleNetwork(Compute compute, GooglePlace place, GoogleVpc vpc, GoogleFirewall firewall,
    GoogleInternalAddresses addresses) : INetwork
{
    private static readonly GoogleJson Json = GoogleJson.Default;

    public bool IsZonal => false;

    public async Task EnsureAsync(NetworkWanted wanted, string zone, CancellationToken cancel)
    {
        await SettleAsync(wanted.Owner, cancel);
        var network = await vpc.EnsureAsync(wanted, cancel);
        await firewall.EnsureAsync(wanted, network, cancel);
    }

    public async Task<ImmutableArray<string>> DifferencesAsync(NetworkWanted wanted, CancellationToken cancel)
    {
        var rules = firewall.DifferencesAsync(wanted, vpc.PathOf(wanted), cancel);
        var needsNat = wanted is { NeedsNat: true, ExistingId: null };
        return [.. await rules, .. needsNat && (await FindNatAsync(wanted.Owner, cancel)).IsEmpty ? ["the router with NAT is not there"]
            : Array.Empty<string>()];
    }

    public async Task EnsureNatAsync(NetworkWanted wanted, CancellationToken cancel)
    {
        // A network that is not ours gets no way out from us: its owner decides that.
        if (wanted.ExistingId is not null)
            return;
        var owner = wanted.Owner;
        var router = new Router(owner.Stack, GoogleMark.Description(owner), place.Global($"networks/{owner.Stack}"),
            [new RouterNat(owner.Stack, "AUTO_ONLY", "ALL_SUBNETWORKS_ALL_IP_RANGES")]);
        var found = await compute.EnsureAsync(place.Regional($"routers/{owner.Stack}"), place.Regional("routers"), router, Json.Router,
            r => r.Description, owner, "router", cancel);
        var doing = $"giving the router {owner.Stack} its NAT";
        if (found.Nats is not { Count: > 0 } && await compute.PatchAsync(
            place.Regional($"routers/{owner.Stack}"), new Router(Nats: router.Nats), Json.Router, doing, cancel) is { } refusal)
            throw refusal.ToException(doing);
    }

    public async Task<ImmutableArray<Resource>> FindNatAsync(StackOwner owner, CancellationToken cancel) =>
        await OursAsync(place.Regional($"routers/{owner.Stack}"), Json.Router, r => r.Description, owner, cancel) is { } router
            ? [Named("router with NAT", router.SelfLink)] : [];

    public async Task RemoveNatAsync(StackOwner owner, CancellationToken cancel)
    {
        // It was made for its NAT alone.
        foreach (var router in await FindNatAsync(owner, cancel))
            await compute.DeleteAsync(router.Id, $"deleting the {router.Kind} {router.Name}", cancel);
    }

    public ImmutableArray<Resource> Makes(StackWanted wanted)
    {
        var (name, network) = (wanted.Owner.Stack, wanted.Network);
        var isOurs = network.ExistingId is null;
        return
        [
            .. isOurs ? new Resource[] { new("network", name, ""), new("subnet", name, "", network.Cidr) } : [],
            .. GoogleRules.Of(network, vpc.PathOf(network)).Select(r => new Resource("firewall rule", r.Name!, "")),
            .. wanted.Machines.Select(m => new Resource("internal address", GoogleInternalAddresses.Name(m), "", m.Address)),
            .. isOurs && network.NeedsNat ? new Resource[] { new("router with NAT", name, "") { IsBilled = true } } : [],
        ];
    }

    public async Task<ImmutableArray<Resource>> FindAsync(StackOwner owner, CancellationToken cancel)
    {
        var found = ImmutableArray.CreateBuilder<Resource>();
        found.AddRange(await RulesAsync(owner, cancel));
        found.AddRange((await addresses.FindAsync(owner, cancel)).Select(a => Named("internal address", a.SelfLink) with { Note = a.Ip }));
        found.AddRange(await FindNatAsync(owner, cancel));
        if (await OursAsync(place.Regional($"subnetworks/{owner.Stack}"), Json.Subnetwork, s =>
            s.Description, owner, cancel) is { } subnet)
            found.Add(Named("subnet", subnet.SelfLink));
        if (await OursAsync(place.Global($"networks/{owner.Stack}"), Json.Network, n => n.Description, owner, cancel) is { } network)
            found.Add(Named("network", network.SelfLink));
        return found.ToImmutable();
    }

    public async Task<ImmutableArray<Resource>> DeleteAsync(StackOwner owner, CancellationToken cancel)
    {
        await SettleAsync(owner, cancel);
        var found = await FindAsync(owner, cancel);
        var left = ImmutableArray.CreateBuilder<Resource>();
        left.AddRange(found.Where(r => r.IsStuck));
        // Rules, addresses and the router hang on subnet and network; among themselves they do not care.
        foreach (var step in new[] { found.Where(r => !r.IsStuck && r.Kind is not ("subnet" or "network")),
            found.Where(r => r.Kind == "subnet"), found.Where(r => r.Kind == "network") })
            await Task.WhenAll(step.Select(r => TryAsync(left, r, cancel)));
        return left.ToImmutable();
    }

    /// <summary>A network, subnet or rule says nothing of being made or deleted at this moment; its operation does.</summary>
    private async Task SettleAsync(StackOwner owner, CancellationToken cancel)
    {
        const string Doing = "waiting for what an earlier run began";
        bool IsOurs(string path) => GooglePlace.Name(path) == owner.Stack || GooglePlace.Name(path)
            .StartsWith(owner.Stack + "-", StringComparison.Ordinal);
        await compute.SettleAsync($"{place.Root}/global", IsOurs, Doing, cancel);
        await compute.SettleAsync($"{place.Root}/regions/{place.Region}", IsOurs, Doing, cancel);
    }

    /// <summary>
    /// In a host project the rules may be there without a right to look at them; the rest of the stack can go all the same.
    /// </summary>
    private async Task<IEnumerable<Resource>> RulesAsync(StackOwner owner, CancellationToken cancel)
    {
        var project = RulesProject(owner);
        try
        {
            return (await firewall.FindAsync(owner, project, cancel)).Select(f => Named("firewall rule", f.SelfLink));
        }
        catch (CloudException e) when (e.Failure == CloudFailure.Denied && project != place.Project)
        {
            return [new Resource("firewall rules", $"{owner.Stack}-…", $"projects/{project}/global/firewalls",
                $"cannot be looked at: {e.Message}; somebody with rights there removes those that say baker:id={owner.Id}",
                IsStuck: true)];
        }
    }

    /// <summary>Where the firewall rules lie: with the network.</summary>
    private string RulesProject(StackOwner owner) =>
        owner.ExistingNetwork is { } id ? GooglePlace.ProjectOf(place.Network(id)) : place.Project;

    private async Task<T?> OursAsync<T>(string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type,
        Func<T, string?> description, StackOwner owner, CancellationToken cancel)
        where T : class =>
        await compute.FindAsync(path, type, $"looking for {GooglePlace.Name(path)}", cancel) is { } found
            && GoogleMark.IsOurs(description(found), owner) ? found : null;

    private async Task TryAsync(ImmutableArray<Resource>.Builder left, Resource resource, CancellationToken cancel)
    {
        try
        {
            await compute.DeleteAsync(resource.Id, $"deleting the {resource.Kind} {resource.Name}", cancel);
        }
        catch (CloudException e)
        {
            lock (left)
                left.Add(resource with { Note = e.Message, IsStuck = true });
        }
    }

    private static Resource Named(string kind, string? link) => new(kind, GooglePlace.Name(link), GooglePlace.Path(link));
}
