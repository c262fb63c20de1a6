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
        var identities = plan.Machines.Where(m =>
            m.Identity is not null && (plan.Entry is { NeedsIdentity: true } || bundles.ContainsKey(m.Key)
                || stored.Any(s => s.Role == m.Role)))
            .GroupBy(m => m.Identity!).Select(g => (Name: g.Key, Secrets: stored.Where(s => g.Any(m => m.Role == s.Role)).ToArray(),
                // Of every bundle that the role will ever have: the next one needs no other policy.
                Bundles: g.Where(m => bundles.ContainsKey(m.Key)).Select(m => $"{plan.Cloud.Facts.Bundles!.Folder(plan.Name, m.Key)}*")))
                    .ToArray();
        var names = new ScriptObject
        {
            ["identities"] = identities.Select(i => new ScriptObject
            {
                ["name"] = i.Name,
                ["short_name"] = i.Name.Split('@')[0],
                ["project"] = plan.Cloud.Facts.ProjectOf(i.Name),
                ["policy"] = i.Secrets.Select(s => s.Location).Distinct().Concat(i.Bundles).ToArray() is { Length: > 0 } reads
                    ? plan.Cloud.Facts.SecretPolicy(plan.Cloud, reads, plan.KmsKey) : "",
            }).ToArray(),
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
            ["machines"] = plan.Machines.Select(m => Machine(plan, m, userData.First(d => d.Key == m.Key))).ToArray(),
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

    private static ScriptObject Machine(Plan plan, MachinePlan machine, UserData data)
    {
        var names = new ScriptObject
        {
            ["name"] = machine.Name,
            ["instance_type"] = machine.Type,
            ["address"] = machine.Address,
            ["has_public"] = machine.PublicAddress is not null,
            ["is_made_public"] = machine.PublicAddress == "made",
            ["public"] = machine.PublicAddress ?? "",
            ["identity"] = machine.Identity ?? "",
        };
        var vm = new ManualLaunch(
            machine.Name, machine.Type, plan.Id, machine.DiskGb, machine.DataGb, machine.Identity, machine.AttachedGpu, plan.KmsKey,
            $"cloud-init/{machine.Key}.yaml{(data.IsCompressed ? ".gz" : "")}");
        foreach (var (name, value) in plan.Cloud.Facts.ManualLaunchNames(vm))
            names[name] = value;
        return names;
    }
}
