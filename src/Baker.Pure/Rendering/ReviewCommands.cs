using System.Collections.Immutable;
using Baker.Clouds.Facts;
using Baker.Planning;
using Baker.Stack;
using Scriban.Runtime;

namespace Baker.Rendering;

/// <summary>What the commands on the review page are made of; each cloud's template takes what it needs.</summary>
internal static class ReviewCommands
{
    public static ScriptObject Names(Plan plan, ImmutableArray<UserData> userData)
    {
        var store = plan.Cloud.Facts.SecretStore;
        var stored = plan.Secrets.Where(s => s.Kind == store).ToArray();
        var bundles = userData.Where(d => d.Bundle is not null).ToDictionary(d => d.Key, d => d.Bundle!);
        var rights = userData.Where(d => d.Identity is not null).Select(d => (Data: d, Rights: MachineRights.Of(plan, d)))
            .Where(r => r.Rights.HasEntry || r.Rights.Reads.Length > 0).ToArray();
        // What a launch makes, it makes for one VM; one of the user's own may serve several.
        var identities = rights.Where(r => !r.Data.MakesIdentity).GroupBy(r => r.Data.Identity!).Select(g =>
            (Name: g.Key, Secrets: stored.Where(s => g.Any(r => r.Data.Role == s.Role)).ToArray(),
                Reads: g.SelectMany(r => r.Rights.Reads).Distinct().ToArray())).ToArray();
        var names = new ScriptObject
        {
            ["identities"] = identities.Select(i => new ScriptObject
            {
                ["name"] = i.Name,
                ["short_name"] = i.Name.Split('@')[0],
                ["project"] = plan.Cloud.Facts.ProjectOf(i.Name),
                ["policy"] = i.Reads.Length > 0 ? plan.Cloud.Facts.SecretPolicy(plan.Cloud, i.Reads, plan.KmsKey) : "",
            }).ToArray(),
            ["made_identities"] = rights.Where(r => r.Data.MakesIdentity).Select(r => new ScriptObject
            {
                ["name"] = r.Data.Identity,
                ["machine"] = r.Data.Machine.Name,
                ["named"] = $"{r.Data.Role}.{plan.Cloud.Facts.IdentityKey}: "
                    + (r.Data.Identity!.Contains('@', StringComparison.Ordinal) ? r.Data.Identity : r.Data.Machine.Name),
                ["member"] = $"serviceAccount:{r.Data.Identity}",
                ["policy_file"] = PolicyFiles.Machine(r.Data.Key),
                ["policy_url"] = $"file://{PolicyFiles.Machine(r.Data.Key)}",
                ["project"] = plan.Cloud.Facts.ProjectOf(r.Data.Identity!),
                ["reads"] = r.Rights.Reads.ToArray(),
                // On what a launch makes it grants the right itself, whosever the identity is.
                ["own_reads"] = stored.Where(s => s.Role == r.Data.Role && !s.IsTheStacks).DistinctBy(s => s.Location)
                    .Select(s => Secret(plan.Cloud.Facts, s)).ToArray(),
            }).ToArray(),
            ["boundary"] = plan.Boundary ?? "",
            ["has_values"] = identities.Length > 0 || stored.Length > 0,
            ["has_commands"] = identities.Length > 0 || stored.Any(s => !s.IsTheStacks),
            ["given"] = stored.Where(s => !s.IsTheStacks).DistinctBy(s => s.Location).Select(s => Secret(plan.Cloud.Facts, s)).ToArray(),
            ["made"] = stored.Where(s => s.IsTheStacks).DistinctBy(s => s.Location).Select(s => Secret(plan.Cloud.Facts, s)).ToArray(),
            ["grants"] = identities.SelectMany(i => i.Secrets.DistinctBy(s => s.Location).Select(s => new ScriptObject
            {
                ["secret"] = ShortName(s.Location),
                ["project"] = plan.Cloud.Facts.ProjectOf(s.Location),
                ["member"] = $"serviceAccount:{i.Name}",
            })).ToArray(),
            ["passwords"] = stored.Where(s => s.IsMade && s.Name == "root_password").Select(s => Secret(plan.Cloud.Facts, s)).ToArray(),
            ["bundle_parts"] = bundles.SelectMany(b => b.Value.Parts.Select((_, i) => new ScriptObject
            {
                ["location"] = $"{b.Value.Folder}/{i + 1}",
                ["file"] = $"file://{BundleFiles.PartFile(b.Key, i)}",
            })).ToArray(),
            ["part_tags"] = $"Key=baker:id,Value={plan.Id}",
            ["makes_record"] = plan.Stack.Dns is { Target: null, Maker: not "none" },
            ["has_entry"] = plan.Entry is not null,
            ["makes_ca"] = plan.Stack.Tls == "private_ca",
            ["kms_key"] = plan.KmsKey ?? "",
            ["launch_policy"] = $"baker-{plan.Name}-launch",
            ["machines"] = userData.Select(d => Machine(plan, d)).ToArray(),
        };
        foreach (var (name, value) in plan.Cloud.TemplateNames)
            names[name] = value;
        return names;
    }

    private static ScriptObject Secret(CloudFacts facts, SecretPlan secret) => new()
    {
        ["location"] = secret.Location,
        ["short_name"] = ShortName(secret.Location),
        ["project"] = facts.ProjectOf(secret.Location),
        ["file"] = $"file://{secret.Name.Replace('_', '-')}.txt",
        ["plain_file"] = $"{secret.Name.Replace('_', '-')}.txt",
    };

    private static string ShortName(string location) => location[(location.LastIndexOf('/') + 1)..];

    private static ScriptObject Machine(Plan plan, UserData data)
    {
        var machine = data.Machine;
        var names = new ScriptObject
        {
            ["name"] = machine.Name,
            ["instance_type"] = machine.Type,
            ["address"] = machine.Address,
            ["has_public"] = machine.PublicAddress is not null,
            ["is_made_public"] = machine.PublicAddress == "made",
            ["public"] = machine.PublicAddress ?? "",
            ["identity"] = data.Identity ?? "",
        };
        var vm = new ManualLaunch(
            machine.Name, machine.Type, plan.Id, machine.DiskGb, machine.DataGb, data.Identity, machine.AttachedGpu, plan.KmsKey,
            $"cloud-init/{machine.Key}.yaml{(data.IsCompressed ? ".gz" : "")}");
        foreach (var (name, value) in plan.Cloud.Facts.ManualLaunchNames(vm))
            names[name] = value;
        return names;
    }
}
