using System.Collections.Immutable;
using System.Globalization;
using Baker.Planning;
using Baker.Stack.Images;
using Scriban.Runtime;

namespace Baker.Rendering;

/// <summary>The page on which somebody decides whether the stack may be launched.</summary>
public static class ReviewPage
{
    public static ReadOnlyMemory<byte> Write(Plan plan, ImmutableArray<UserData> userData)
    {
        var page = new Utf8Output(16 * 1024);
        Templates.Render(page, "review/stack.md.scriban", Stack(plan, userData));
        Templates.Render(page, $"review/{plan.Cloud.Facts.Key}.md.scriban", ReviewCommands.Names(plan, userData));
        Templates.Render(page, "review/closing.md.scriban", Closing(plan));
        return page.Bytes;
    }

    private static ScriptObject Stack(Plan plan, ImmutableArray<UserData> userData) => new()
    {
        ["name"] = plan.Name,
        ["cloud"] = plan.Cloud.Facts.Title,
        ["url"] = plan.Stack.GitLabUrl,
        ["location"] = plan.Cloud.Location,
        ["id"] = plan.Id,
        ["evaluation"] = plan.Evaluation,
        ["bypass"] = plan.Stack.GatewayAuth == "bypass",
        ["web_label"] = plan.Stack.IsInternalOnly ? "people in the network" : "people",
        ["machines"] = plan.Machines.Select(Machine).ToArray(),
        ["network_line"] = NetworkLine(plan),
        ["access"] = plan.Access.Select(rule => new ScriptObject
        {
            ["from"] = rule.FromRoleName ?? string.Join(", ", rule.Networks.Select(n => n == "0.0.0.0/0" ? "everybody" : n)),
            ["to"] = rule.To,
            ["port"] = $"{rule.Port}",
            ["why"] = rule.Why,
        }).ToArray(),
        ["egress"] = plan.Egress.Select(rule => new ScriptObject
        {
            ["role"] = rule.Role,
            ["host"] = rule.Host,
            ["port"] = $"{rule.Port}/{rule.Protocol}",
            ["when"] = rule.OnlyAtInstall ? "first boot of a stock VM" : "always",
            ["why"] = rule.Why,
        }).ToArray(),
        ["egress_line"] = EgressLine(plan),
        ["versions"] = Versions(plan).Select(v => new ScriptObject { ["part"] = v.Part, ["version"] = v.Version, ["check"] = v.Check }).ToArray(),
        ["user_data"] = userData.Select(data => new ScriptObject
        {
            ["role"] = data.Role,
            ["bytes"] = Number(data.Plain.Length),
            ["sent"] = data.IsCompressed ? $"{Number(data.Sent.Length)}, compressed" : Number(data.Sent.Length),
            ["limit"] = Number(data.Limit),
            ["free"] = Number(data.Limit - data.Sent.Length),
            ["digest"] = data.Digest,
            ["fingerprint"] = plan.Machine(data.Role).Image.Fingerprint,
        }).ToArray(),
        ["bundles"] = userData.Where(d => d.Bundle is not null).Select(d => new ScriptObject
        {
            ["role"] = d.Role,
            ["bytes"] = Number(d.Bundle!.Plain.Length),
            ["parts"] = $"{d.Bundle.Parts.Length}",
            ["folder"] = d.Bundle.Folder,
        }).ToArray(),
        ["secrets"] = plan.Secrets.Select(secret => new ScriptObject
        {
            ["name"] = secret.Name.Replace('_', ' '),
            ["role"] = secret.Role,
            ["place"] = secret.LocalPath ?? secret.VmReference,
            ["maker"] = secret.IsMade ? "baker launch" : "you",
        }).ToArray(),
    };

    private static ScriptObject Machine(MachinePlan machine) => new()
    {
        ["role"] = machine.Role,
        ["name"] = machine.Name,
        ["label"] = $"{machine.Name} {machine.Address}",
        ["type"] = (machine.Size?.ToString() ?? machine.Type) + (machine.AttachedGpu is { } gpu ? $" with {gpu}" : ""),
        ["disks"] = $"{machine.DiskGb} GB{(machine.DataGb is { } data ? $" + {data} GB data" : "")}",
        ["address"] = machine.Address,
        ["public"] = machine.PublicAddress switch { null => "none", "made" => "made at launch, kept", var id => id },
        ["image"] = machine.Image.Id ?? machine.Image.Use switch
        {
            "auto" => "own image if one fits, else stock Ubuntu 24.04",
            "baked" => "own image",
            _ => "stock Ubuntu 24.04",
        },
    };

    private static string NetworkLine(Plan plan) => plan.Network.ExistingId is { } id
        ? $"The network is yours: {id}, {string.Join(", ", plan.Network.Subnets.Select(s => $"{s.ExistingId} ({s.Cidr})").Distinct())}. Baker adds firewall rules for its own VMs and touches nothing else."
        : $"Baker makes the network {plan.Network.Cidr}{(plan.Network.NeedsNat ? $" with a NAT gateway{(plan.Network.NatAddress is { } nat ? $" at {nat}" : "")}{(plan.Cloud.Facts.IsDesk ? "" : ", which is billed by the hour")}" : ", without NAT: no VM needs one")}.";

    private static string EgressLine(Plan plan) =>
        plan.Egress.All(rule => rule.OnlyAtInstall)
            ? plan.Images.Use == ImageChoice.Baked ? "With baked images nothing is reached outside." : "With baked images nothing would be reached outside."
            : plan.Egress.Any(rule => rule.OnlyAtInstall) ? "With baked images only the rows marked always remain." : "";

    private static IEnumerable<(string Part, string Version, string Check)> Versions(Plan plan)
    {
        var stack = plan.Stack;
        yield return ("GitLab EE", stack.GitLabVersion, "package signature, key fingerprint");
        yield return ("AI Gateway", stack.GatewayImage, stack.GatewayImage.Contains('@', StringComparison.Ordinal) ? "digest" : "tag only; add @sha256:… to gateway.image to pin it");
        yield return ("Ollama", stack.OllamaVersion, stack.OllamaSha256 is { } sum ? $"SHA-256 {sum}" : "the release's own sha256sum.txt");
        foreach (var model in stack.Models)
            yield return ("model", model, model.Contains('@', StringComparison.Ordinal) ? "digest" : "blobs by their own digests; the tag may move, add @sha256:… to pin it");
    }

    private static ScriptObject Closing(Plan plan) => new()
    {
        ["duo"] = new ScriptObject
        {
            ["name"] = plan.Duo.Name,
            ["family"] = plan.Duo.Family,
            ["endpoint"] = plan.Duo.Endpoint,
            ["identifier"] = plan.Duo.Identifier,
            ["memory"] = $"{plan.Stack.ModelMemory}{(plan.Stack.ModelMemory.Parallel > 1 ? $", {plan.Stack.ModelMemory.Parallel} requests at a time" : "")}",
            ["gateway_url"] = plan.Stack.GatewayUrl,
            ["features"] = string.Join(", ", plan.Duo.Features),
            ["seats"] = string.Join(", ", plan.Duo.Seats),
            ["others"] = plan.Duo.OnlySelfHosted ? "disabled, so that no code leaves the site" : "left as they are: they use GitLab's vendors",
        },
        ["differences"] = ReviewNotes.Differences(plan).ToArray(),
        ["steps"] = ReviewNotes.Steps(plan).ToArray(),
    };

    private static string Number(int number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
