using Baker.Clouds.Live;
using Baker.Planning;

namespace Baker.Launching;

/// <summary>What a launch tells people before it asks, and after it is done.</summary>
public static class LaunchProposal
{
    /// <param name="versions">What is to be known of versions.</param>
    public static void Print(TextWriter writer, Plan plan, ResolvedPlan resolved, IEnumerable<string> versions)
    {
        writer.WriteLine($"stack {plan.Name} ({plan.Id}) on {plan.Cloud.Facts.Title}, {plan.Cloud.Location}: {resolved.Account.Title}");
        if (resolved.ChangesNothing)
            writer.WriteLine(resolved.IsAsWanted ? "  no change: all that is compared is as the spec says"
                : "  nothing is changed: what differs takes something new");
        if (resolved.Found.Address is null && resolved.Wanted.PublicAddress is { ExistingId: null } address)
            writer.WriteLine($"  + public address {address.Name}");
        if (resolved.Found.DataDisk is null && resolved.Wanted.DataDisk is { } disk)
            writer.WriteLine($"  + data disk {disk.Name}, {disk.SizeGb} GB");
        if (resolved is { Found.DataDisk: { } there, Wanted.DataDisk: { } data } && there.SizeGb != data.SizeGb)
            writer.WriteLine(resolved.GrowsDataDisk ? $"  ~ data disk {there.Name}: {there.SizeGb} GB become {data.SizeGb} GB"
                : $"  ! data disk {there.Name}: keeps its {there.SizeGb} GB; a disk gets no smaller");
        foreach (var difference in resolved.Network)
            writer.WriteLine($"  ~ network: {difference}");
        foreach (var machine in resolved.LackingBundle)
            writer.WriteLine($"  + bundle of {machine.Name}, which its user-data names: {machine.Bundle!.Parts.Length} parts");
        if (!resolved.Tags.IsEmpty)
            writer.WriteLine($"  ~ tags of {resolved.Tags.Length} things: {TagChange.Title(resolved.Tags)}");
        foreach (var change in resolved.Changes.Where(c => c.Kind != ChangeKind.Keep))
            writer.WriteLine($"  {Sign(change.Kind)} machine {change.Wanted.Name}: "
                + $"{change.Why}{(change.After is { } first ? $", after {string.Join(", ", plan.Of(first.Role).Select(m => m.Name))}"
                : "")}{Image(resolved, change)}");
        foreach (var change in resolved.Changes.Where(c => c.Refused is not null && c.Kind != ChangeKind.Replace))
            writer.WriteLine($"  ! machine {change.Wanted.Name}: {change.Refused}; only a new machine can do that: --replace "
                + $"{change.Wanted.Group}");
        if (resolved.OtherZone is { } zone)
            writer.WriteLine($"  ! zone {zone} stays: {resolved.Wanted.Zone} is for a stack that is made anew (`baker destroy` keeps a "
                + "snapshot of the data, and the next launch begins with that)");
        foreach (var surplus in resolved.SurplusBundles)
            writer.WriteLine($"  - bundle {surplus.Folder}: no user-data names it any more");
        foreach (var left in resolved.Found.Reservations.All)
            writer.WriteLine($"  - {left.Listed().Kind} {left.Id}, which an earlier run left for {left.Machine}");
        foreach (var surplus in resolved.SurplusNat)
            writer.WriteLine($"  - {surplus.Kind} {surplus.Name}: nothing needs a way out any more");
        if (resolved.Zones.Length > 0)
            writer.WriteLine($"  zone: {string.Join(", else ", resolved.Zones.Take(3))}");
        foreach (var note in versions.Concat(resolved.Preflight.Notes))
            writer.WriteLine($"  note: {note}");
        foreach (var unseen in resolved.Preflight.Unchecked)
            writer.WriteLine($"  not checked: {unseen}");
    }

    /// <param name="address">Null: the stack has none.</param>
    public static void PrintClosing(TextWriter writer, Plan plan, StackOwner owner, ISecretStore secrets, PublicAddress? address)
    {
        writer.WriteLine($"GitLab: {plan.Stack.GitLabUrl}");
        foreach (var secret in plan.Secrets.Where(s => s.IsMade && s.Name == "root_password"))
            writer.WriteLine($"  password of root: {secrets.ReadCommand(owner, secret.Location)}");
        foreach (var secret in plan.Secrets.Where(s => s.IsMade && s.Name == "tls_ca").Take(1))
            writer.WriteLine($"  authority to trust: {secrets.ReadCommand(owner, secret.Location)}");
        if (plan.Cloud.Facts.IsDesk)
            writer.WriteLine($"  line for /etc/hosts: 127.0.0.1 {plan.Stack.GitLabHost}");
        else if (plan.Stack.Dns is { } dns)
            writer.WriteLine($"  DNS record: {dns.Name} A {address?.Ip ?? dns.Target}");
    }

    private static char Sign(ChangeKind kind) => kind switch { ChangeKind.Create => '+', ChangeKind.Replace => '±', _ => '~' };

    private static string Image(ResolvedPlan plan, Change change) =>
        plan.Images.TryGetValue(change.Wanted.Name, out var image) ? $"\n      image {image.Name}: {image.Why}" : "";
}
