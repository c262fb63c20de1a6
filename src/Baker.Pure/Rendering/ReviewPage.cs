using System.Collections.Immutable;
using System.Globalization;
using Baker.Planning;
using Baker.Stack;
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
        ["model_port"] = $"{new Uri(plan.Stack.Model.Url).Port}",
        ["model_nodes"] = plan.Of(ReviewNotes.ModelServer(plan).Server.Name).Select(Node).ToArray(),
        ["network_line"] = NetworkLine(plan),
        ["access"] = plan.Access.Select(rule => new ScriptObject
        {
            ["from"] = rule.FromRoleName ?? string.Join(", ", rule.Networks.Select(n => n == "0.0.0.0/0" ? "everybody" : n)),
            ["to"] = rule.To,
            ["port"] = $"{rule.Port}",
            ["encrypted"] = rule.Encryption ?? "no",
            ["why"] = rule.Why,
        }).Concat(MetadataRow(plan)).ToArray(),
        ["egress"] = plan.Egress.Select(rule => new ScriptObject
        {
            ["role"] = rule.Role,
            ["host"] = rule.Host,
            ["port"] = $"{rule.Port}/{rule.Protocol}",
            ["when"] = rule.When("first boot of a stock VM"),
            ["why"] = rule.Why,
        }).ToArray(),
        ["egress_line"] = EgressLine(plan),
        ["vendor_line"] = VendorLine(plan),
        ["versions"] = Versions(plan).Select(v => new ScriptObject { ["part"] = v.Part, ["version"] = v.Version, ["check"] = v.Check })
            .ToArray(),
        ["anchors"] = TrustAnchor.Of(plan).Select(a =>
            new ScriptObject { ["what"] = a.What, ["for"] = a.For, ["fingerprint"] = a.Fingerprint }).ToArray(),
        ["settings"] = Settings(plan).Select(s => new ScriptObject { ["name"] = s.Name, ["value"] = s.Value }).ToArray(),
        ["told"] = Told(plan).Select(t => new ScriptObject { ["name"] = t.Name, ["value"] = t.Value, ["roles"] = t.Roles }).ToArray(),
        ["user_data"] = userData.Select(data => new ScriptObject
        {
            ["role"] = data.Key,
            ["bytes"] = Number(data.Plain.Length),
            ["sent"] = data.IsCompressed ? $"{Number(data.Sent.Length)}, compressed" : Number(data.Sent.Length),
            ["limit"] = Number(data.Limit),
            ["free"] = Number(data.Limit - data.Sent.Length),
            ["digest"] = data.Digest,
            ["fingerprint"] = data.Machine.Image.Fingerprint,
        }).ToArray(),
        ["bundles"] = userData.Where(d => d.Bundle is not null).Select(d => new ScriptObject
        {
            ["role"] = d.Key,
            ["bytes"] = Number(d.Bundle!.Plain.Length),
            ["parts"] = $"{d.Bundle.Parts.Length}",
            ["folder"] = d.Bundle.Folder,
        }).ToArray(),
        ["secrets"] = plan.Secrets.Select(secret => new ScriptObject
        {
            ["name"] = secret.Name.Replace('_', ' '),
            ["role"] = secret.Role,
            ["place"] = secret.Given ?? secret.VmReference,
            ["maker"] = secret.IsMade ? "baker launch" : "you",
        }).ToArray(),
    };

    /// <summary>No rule of the firewall, but somebody who may reach something all the same.</summary>
    private static IEnumerable<ScriptObject> MetadataRow(Plan plan)
    {
        var gitlab = plan.Machine("gitlab");
        if (gitlab.Value("metadata_for") is not { Length: > 0 } accounts)
            yield break;
        yield return new ScriptObject
        {
            ["from"] = $"{accounts.Replace(" ", " and ", StringComparison.Ordinal)} on the GitLab VM",
            ["to"] = "its metadata service",
            ["port"] = "80",
            ["encrypted"] = "no",
            ["why"] = "object storage by the VM's identity. A request that GitLab is tricked into may then get this VM's user-data"
                + (gitlab.Identity is { } identity
                    ? $", and credentials for all that {identity} may: the stack's own secrets, and whatever else you let it" : ""),
        };
    }

    private static ScriptObject Machine(MachinePlan machine) => new()
    {
        ["role"] = machine.Key,
        ["node"] = Node(machine),
        ["name"] = machine.Name,
        ["label"] = $"{machine.Name} {machine.Address}",
        ["type"] = string.Join(", else ", (machine.Alternatives ?? []).Select(a => a.ToString())
            .Prepend(machine.Size?.ToString() ?? machine.Type)) + (machine.AttachedGpu is { } gpu ? $" with {gpu}" : ""),
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

    /// <summary>What the diagram calls it.</summary>
    private static string Node(MachinePlan machine) => machine.Key.Replace('-', '_');

    private static string NetworkLine(Plan plan) => plan.Network.ExistingId is { } id
        ? $"The network is yours: {id}, {string.Join(", ", plan.Network.Subnets.Select(s => $"{s.ExistingId} ({s.Cidr})").Distinct())}. "
            + "Baker adds firewall rules for its own VMs and touches nothing else."
        : $"Baker makes the network {plan.Network.Cidr}{(plan.Network.NeedsNat ? Nat(plan) : ", without NAT: no VM needs one")}.";

    private static string Nat(Plan plan) =>
        $" with a NAT gateway{(plan.Network.NatAddress is { } nat ? $" at {nat}" : "")}{(
            plan.Cloud.Facts.IsDesk ? "" : ", which is billed by the hour")}";

    private static string EgressLine(Plan plan) => (ImagesLine(plan)
        + (plan.Cloud.Facts.IsDesk && plan.Egress.Any(rule => rule.Range is not null)
        ? " A desk closes no way out of its VMs: there network.egress opens only what a VM closes itself, for the gateway's container and "
            + "the model server's account."
        : "")).Trim();

    private static string ImagesLine(Plan plan) =>
        plan.Egress.All(rule => rule.OnlyAtInstall)
            ? plan.Images.Use == ImageChoice.Baked ? "With baked images nothing is reached outside."
                : "With baked images nothing would be reached outside."
            : plan.Egress.Any(rule => rule.OnlyAtInstall) ? "With baked images only the rows marked always remain." : "";

    /// <summary>By name also behind a proxy, whose one row stands for everything.</summary>
    private static string VendorLine(Plan plan)
    {
        var gitlab = plan.Machine("gitlab");
        return gitlab.Value("vendor_hosts") is not { Length: > 0 } hosts ? ""
            : $"The online licence takes {hosts.Replace(" ", ", ", StringComparison.Ordinal)} on port 443 (/h2: by "
                + $"HTTP/2){(gitlab.Value("proxy") is { Length: > 0 }
                ? ", through the proxy, and the GitLab VM must resolve these names itself too" : "")}. "
                + "The GitLab VM tries them at every start, and baker verify says what it found.";
    }

    private static IEnumerable<(string Part, string Version, string Check)> Versions(Plan plan)
    {
        var stack = plan.Stack;
        yield return ("GitLab EE", stack.GitLabVersion, "package signature, key fingerprint");
        yield return ("AI Gateway", stack.GatewayImage,
            stack.GatewayImage.Contains('@', StringComparison.Ordinal) ? "digest" : "tag only; add @sha256:… to gateway.image to pin it");
        var (server, _) = ReviewNotes.ModelServer(plan);
        yield return (server.Facts.Product, stack.ModelServerVersion,
            stack.ModelServerSha256 is { } sum ? $"SHA-256 {sum}" : server.SumsAdvice);
        foreach (var model in stack.Models)
            yield return ("model", model, model.Contains('@', StringComparison.Ordinal) ? "digest"
                : "blobs by their own digests; the tag may move, add @sha256:… to pin it");
    }

    private static IEnumerable<(string Name, string Value)> Settings(Plan plan)
    {
        foreach (var (key, value) in plan.Tags)
            yield return ($"tag {key}", value);
        if (plan.KmsKey is { } kmsKey)
            yield return ("key for disks, images and secrets", kmsKey);
        foreach (var (name, value) in plan.Cloud.Choices)
        {
            if (value is not null)
                yield return (name, value);
        }
        yield return ("images", $"{plan.Images.Use.ToString().ToLowerInvariant()}; warned about and made anew after "
            + $"{plan.Images.MaxAgeDays} days");
        if (!plan.Cloud.Facts.IsDesk)
            yield return ("builder of images", $"{plan.Images.BuilderAccess}, {plan.Images.BuilderSubnet ?? "the default network"}");
    }

    /// <summary>What the VMs are told, but for what stands elsewhere on the page.</summary>
    private static IEnumerable<(string Name, string Value, string Roles)> Told(Plan plan) =>
        plan.Machines.SelectMany(m => m.Values.Where(v => v.Value.Length > 0 && !v.Value.Contains("-----BEGIN", StringComparison.Ordinal))
            .Select(v => (v.Name, v.Value, m.Key)))
            .GroupBy(v => (v.Name, v.Value), v => v.Key).Select(same => (same.Key.Name, same.Key.Value, string.Join(", ", same)));

    private static ScriptObject Closing(Plan plan) => new()
    {
        ["duo"] = new ScriptObject
        {
            ["name"] = plan.Duo.Name,
            ["family"] = plan.Duo.Family,
            ["endpoint"] = plan.Duo.Endpoint,
            ["identifier"] = plan.Duo.Identifier,
            ["memory"] = $"{plan.Stack.ModelMemory}{(
                plan.Stack.ModelMemory.Parallel > 1 ? $", {plan.Stack.ModelMemory.Parallel} requests at a time" : "")}",
            ["gateway_url"] = plan.Stack.GatewayUrl,
            ["features"] = string.Join(", ", plan.Duo.Features),
            ["seats"] = string.Join(", ", plan.Duo.Seats),
            ["terms"] = plan.Duo.AcceptTestingTerms ? "accepted, where the model is in beta" : "not accepted: models in beta do not work",
            ["others"] = plan.Duo.OnlySelfHosted ? "disabled, so that no code leaves the site"
                : "left as they are: they use GitLab's vendors",
        },
        ["differences"] = ReviewNotes.Differences(plan).ToArray(),
        ["steps"] = ReviewNotes.Steps(plan).ToArray(),
    };

    private static string Number(int number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
