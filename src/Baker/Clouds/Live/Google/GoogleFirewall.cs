using System.Collections.Immutable;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>Makes the firewall rules of a stack equal to what is wanted. Rules of others are never touched.</summary>
internal sealed class GoogleFirewall(Compute compute)
{
    private static readonly GoogleJson Json = GoogleJson.Default;

    /// <param name="network">Its path; rules lie in the network's project.</param>
    public async Task EnsureAsync(NetworkWanted wanted, string network, CancellationToken cancel)
    {
        var rules = GoogleRules.Of(wanted, network);
        var project = GooglePlace.ProjectOf(network);
        ImmutableArray<Firewall> found;
        try
        {
            found = await FindAsync(wanted.Owner, project, cancel);
        }
        catch (CloudException e) when (e.Failure == CloudFailure.Denied)
        {
            throw new CloudException(CloudFailure.Denied, "looking at the firewall", e.Message, Request(project, rules), e);
        }
        var unequal = Unequal(rules, found);
        try
        {
            await Task.WhenAll(unequal.Select(r => OneAsync(wanted.Owner, project, r, cancel)));
            await Task.WhenAll(found.Where(f => rules.All(r => r.Name != f.Name)).Select(f => DeleteAsync(project, f, cancel)));
        }
        catch (CloudException e) when (e.Failure == CloudFailure.Denied)
        {
            throw new CloudException(CloudFailure.Denied, "setting the firewall", e.Message, Request(project, unequal), e);
        }
    }

    /// <summary>What to ask of whoever may change the firewall; null when the rules are as wanted.</summary>
    public async Task<string?> RequestAsync(NetworkWanted wanted, string network, CancellationToken cancel)
    {
        var rules = GoogleRules.Of(wanted, network);
        var project = GooglePlace.ProjectOf(network);
        try
        {
            var found = await FindAsync(wanted.Owner, project, cancel);
            var unequal = Unequal(rules, found);
            return unequal.IsEmpty ? null : Request(project, unequal);
        }
        catch (CloudException e) when (e.Failure == CloudFailure.Denied)
        {
            return Request(project, rules);
        }
    }

    /// <summary>What <see cref="EnsureAsync"/> would change; empty where the rules may not be seen.</summary>
    public async Task<ImmutableArray<string>> DifferencesAsync(NetworkWanted wanted, string network, CancellationToken cancel)
    {
        var rules = GoogleRules.Of(wanted, network);
        try
        {
            var found = await FindAsync(wanted.Owner, GooglePlace.ProjectOf(network), cancel);
            return
            [
                .. Unequal(rules, found).Select(r => $"{Title(r, wanted.Owner)} "
                    + (found.Any(f => f.Name == r.Name) ? "is another one" : "is not there")),
                .. found.Where(f => rules.All(r => r.Name != f.Name)).Select(f => $"{Title(f, wanted.Owner)} goes: nothing wants it"),
            ];
        }
        catch (CloudException e) when (e.Failure == CloudFailure.Denied)
        {
            return [];
        }
    }

    private static string Title(Firewall rule, StackOwner owner) =>
        $"firewall rule {rule.Name}{(GoogleMark.More(rule.Description, owner) is { } more ? $" ({more})" : "")}";

    /// <summary>The rules of the stack, by the description they carry.</summary>
    public async Task<ImmutableArray<Firewall>> FindAsync(StackOwner owner, string project, CancellationToken cancel) =>
        [.. (await compute.ListAsync(Collection(project), null, Json.PageFirewall, "listing firewall rules", cancel))
            .Where(f => GoogleMark.IsOurs(f.Description, owner))];

    public Task DeleteAsync(string project, Firewall rule, CancellationToken cancel) =>
        compute.DeleteAsync($"{Collection(project)}/{rule.Name}", $"deleting the firewall rule {rule.Name}", cancel);

    private async Task OneAsync(StackOwner owner, string project, Firewall rule, CancellationToken cancel)
    {
        var path = $"{Collection(project)}/{rule.Name}";
        var made = await compute.EnsureAsync(path, Collection(project), rule, Json.Firewall, f =>
            f.Description, owner, "firewall rule", cancel);
        if (AreSame(rule, made))
            return;
        var doing = $"changing the firewall rule {rule.Name}";
        // A rule cannot be moved to another network.
        if (GooglePlace.Path(made.Network) != rule.Network)
        {
            await compute.DeleteAsync(path, doing, cancel);
            await compute.EnsureAsync(path, Collection(project), rule, Json.Firewall, f => f.Description, owner, "firewall rule", cancel);
        }
        else if (await compute.PatchAsync(path, rule, Json.Firewall, doing, cancel) is { } refusal)
        {
            throw refusal.ToException(doing);
        }
    }

    private static ImmutableArray<Firewall> Unequal(ImmutableArray<Firewall> rules, ImmutableArray<Firewall> found) =>
        [.. rules.Where(r => found.FirstOrDefault(f => f.Name == r.Name) is not { } f || !AreSame(r, f))];

    private static string Collection(string project) => $"projects/{project}/global/firewalls";

    private static string Request(string project, IEnumerable<Firewall> rules) =>
        $"in project {project} you need compute.firewalls.list, .get, .create, .update, .delete and compute.networks.updatePolicy "
            + $"(roles/compute.securityAdmin);\n  or, with compute.firewalls.list alone, let somebody who has them make these rules, and "
            + $"launch again:\n  {string.Join("\n  ", rules.Select(GoogleRules.Command))}";

    private static bool AreSame(Firewall a, Firewall b) =>
        GooglePlace.Path(a.Network) == GooglePlace.Path(b.Network) && a.Direction == b.Direction && a.Priority == b.Priority
            && a.Description == b.Description && (a.Disabled ?? false) == (b.Disabled ?? false)
        && Same(a.SourceRanges, b.SourceRanges) && Same(a.SourceTags, b.SourceTags) && Same(a.DestinationRanges, b.DestinationRanges)
            && Same(a.TargetTags, b.TargetTags)
        && Same(Words(a.Allowed), Words(b.Allowed)) && Same(Words(a.Denied), Words(b.Denied));

    private static string[]? Words(IReadOnlyList<FirewallPorts>? ports) =>
        ports?.SelectMany(p => p.Ports is null ? [p.Protocol!] : p.Ports.Select(n => $"{p.Protocol}:{n}")).ToArray();

    private static bool Same(IReadOnlyList<string>? a, IReadOnlyList<string>? b) =>
        (a ?? []).Order(StringComparer.Ordinal).SequenceEqual((b ?? []).Order(StringComparer.Ordinal));
}
