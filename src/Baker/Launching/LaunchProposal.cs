using System.Collections.Immutable;
using Baker.Clouds.Live;
using Baker.Planning;

namespace Baker.Launching;

/// <summary>What a launch tells people before it asks, and after it is done.</summary>
public static class LaunchProposal
{
    /// <param name="versions">What is to be known of versions.</param>
    public static void Print(TextWriter writer, Plan plan, ResolvedPlan resolved, ImmutableArray<ProposedChange> changes,
        IEnumerable<string> versions)
    {
        writer.WriteLine($"stack {plan.Name} ({plan.Id}) on {plan.Cloud.Facts.Title}, {plan.Cloud.Location}: {resolved.Account.Title}");
        if (resolved.ChangesNothing)
            writer.WriteLine(changes.IsEmpty ? "  no change: all that is compared is as the spec says"
                : "  nothing is changed: what differs is left as it is");
        foreach (var change in changes)
        {
            var subject = change.Name.Length == 0 ? change.Kind : $"{change.Kind} {change.Name}";
            writer.WriteLine($"  {Sign(change.Action)} {subject}{(change.Why.Length == 0 ? "" : $": {change.Why}")}"
                + (change.After is { } first ? $", after {first}" : ""));
            if (change.Image is { } image)
                writer.WriteLine($"      image {image}");
            foreach (var line in change.UserData is { } told ? UserDataText.Of(told) : [])
                writer.WriteLine($"      {line}");
        }
        if (resolved.Zones.Length > 0)
            writer.WriteLine($"  zone: {string.Join(", else ", resolved.Zones.Take(3))}");
        var costs = changes.IsEmpty ? [] : Billed.Of(plan, resolved);
        if (costs.Length > 0)
            writer.WriteLine("  goes on costing from then on:");
        foreach (var cost in costs)
            writer.WriteLine($"      {cost}");
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

    private static char Sign(ProposedAction action) => action switch
    {
        ProposedAction.Create => '+',
        ProposedAction.Replace => '±',
        ProposedAction.Remove => '-',
        ProposedAction.Leave => '!',
        _ => '~',
    };
}
