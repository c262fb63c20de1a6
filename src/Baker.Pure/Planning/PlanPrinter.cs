namespace Baker.Planning;

/// <summary>The plan for people, in one screen.</summary>
public static class PlanPrinter
{
    public static void Print(TextWriter writer, Plan plan)
    {
        var stack = plan.Stack;
        writer.Write($"stack {plan.Name} ({plan.Id}) on {plan.Cloud.Facts.Title}, {plan.Cloud.Location}\n");
        writer.Write($"GitLab {stack.GitLabVersion} at {stack.GitLabUrl}, certificate: {stack.Tls}, licence: {stack.License}\n");
        Table(writer, "machines", plan.Machines.Select(m => new[]
        {
            m.Name, string.Join(", else ", m.Types.Skip(1).Prepend(m.Size?.ToString() ?? m.Type)),
            m.AttachedGpu is { } gpu ? $"+ {gpu}" : "",
            $"{m.DiskGb} GB{(m.DataGb is { } data ? $" + {data} GB data" : "")}",
            m.Address, m.PublicAddress switch { null => "private", "made" => "public address", var id => id },
            m.Image.Id ?? $"image: {m.Image.Use} {m.Image.Fingerprint}",
        }));
        Table(writer, "network", [[plan.Network.ExistingId ?? plan.Network.Cidr ?? "", plan.Network.NeedsNat ? "with NAT" : "without NAT"],
            .. plan.Network.Subnets.DistinctBy(s => s.Name).Select(s => new[] { s.ExistingId ?? s.Name, s.Cidr })]);
        Table(writer, "allowed", plan.Access.Select(a =>
            new[] { a.FromRoleName ?? string.Join(", ", a.Networks), "→", $"{a.To}:{a.Port}", a.Why }));
        Table(writer, "outside", plan.Egress.Select(e =>
            new[] { e.Role, "→", $"{e.Host}:{e.Port}", e.When("stock images only"), e.Why }));
        Table(writer, "secrets", plan.Secrets.Select(s =>
            new[] { s.Role, s.Name, s.Given ?? s.VmReference, s.IsMade ? "made by launch" : "made by you" }));
        Table(writer, "duo", [
            [$"{plan.Duo.Identifier} ({plan.Duo.Family}) at {plan.Duo.Endpoint}"],
            [$"in memory: {stack.ModelMemory}{(stack.ModelMemory.Parallel > 1 ? $", {stack.ModelMemory.Parallel} requests at a time"
                : "")}"],
            [$"through {stack.GatewayImage} at {stack.GatewayUrl}"],
            [$"for {string.Join(", ", plan.Duo.Features)}{(plan.Duo.OnlySelfHosted ? "; everything else disabled" : "")}"]]);
    }

    private static void Table(TextWriter writer, string title, IEnumerable<string[]> rows)
    {
        var all = rows.ToArray();
        if (all.Length == 0)
            return;
        writer.Write($"\n{title}\n");
        var widths = Enumerable.Range(0, all.Max(r => r.Length)).Select(i => all.Max(r => i < r.Length ? r[i].Length : 0)).ToArray();
        foreach (var row in all)
            writer.Write(("  " + string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i])))).TrimEnd() + "\n");
    }
}
