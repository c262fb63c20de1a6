using System.Collections.Immutable;
using System.Text.Json;
using Baker.Planning;
using Baker.Specs;
using Scriban.Runtime;

namespace Baker.Rendering;

/// <summary>What the commands on the review page are made of; each cloud's template takes what it needs.</summary>
internal static class ReviewCommands
{
    public static ScriptObject Names(Plan plan, ImmutableArray<UserData> userData)
    {
        var store = plan.Cloud.Facts.SecretStore;
        var stored = plan.Secrets.Where(s => s.Kind == store && s.LocalPath is null).ToArray();
        var identities = plan.Machines.Where(m => m.Identity is not null && stored.Any(s => s.Role == m.Role))
            .GroupBy(m => m.Identity!).Select(g => (Name: g.Key, Secrets: stored.Where(s => g.Any(m => m.Role == s.Role)).ToArray())).ToArray();
        var names = new ScriptObject
        {
            ["identities"] = identities.Select(i => new ScriptObject
            {
                ["name"] = i.Name,
                ["short_name"] = i.Name.Split('@')[0],
                ["policy"] = plan.Cloud.Facts.SecretPolicy(plan.Cloud, i.Secrets.Select(s => s.Location).Distinct(), plan.KmsKey),
            }).ToArray(),
            ["given"] = stored.Where(s => !s.IsMade).DistinctBy(s => s.Location).Select(Secret).ToArray(),
            ["made"] = stored.Where(s => s.IsMade).DistinctBy(s => s.Location).Select(Secret).ToArray(),
            ["grants"] = identities.SelectMany(i => i.Secrets.DistinctBy(s => s.Location).Select(s => new ScriptObject
            {
                ["secret"] = ShortName(s.Location),
                ["member"] = $"serviceAccount:{i.Name}",
            })).ToArray(),
            ["machines"] = plan.Machines.Select(m => Machine(plan, m, userData.First(d => d.Role == m.Role))).ToArray(),
        };
        foreach (var (name, value) in plan.Cloud.TemplateNames)
            names[name] = value;
        return names;
    }

    private static ScriptObject Secret(SecretPlan secret) => new()
    {
        ["location"] = secret.Location,
        ["short_name"] = ShortName(secret.Location),
        ["file"] = $"file://{secret.Name.Replace('_', '-')}.txt",
        ["plain_file"] = $"{secret.Name.Replace('_', '-')}.txt",
    };

    private static string ShortName(string location) => location[(location.LastIndexOf('/') + 1)..];

    private static ScriptObject Machine(Plan plan, MachinePlan machine, UserData data)
    {
        var file = $"cloud-init/{machine.Role}.yaml{(data.IsCompressed ? ".gz" : "")}";
        var names = new ScriptObject
        {
            ["name"] = machine.Name,
            ["instance_type"] = machine.Type,
            ["address"] = machine.Address,
            ["has_public"] = machine.PublicAddress is not null,
            ["disk"] = $"{machine.DiskGb}GB",
            ["accelerator"] = machine.AttachedGpu is { } gpu ? $"type={gpu.Model},count={gpu.Count}" : "",
            ["data_disk"] = machine.DataGb is { } size ? $"name={machine.Name}-data,device-name=data,size={size}GB,type=pd-balanced,auto-delete=no" : "",
            ["identity"] = machine.Identity ?? "",
            ["profile"] = $"Name={machine.Identity}",
            ["seed"] = $"{machine.Role}-seed.img",
            ["mappings"] = Mappings(machine, plan.KmsKey),
            ["user_data"] = plan.Cloud.Facts.UserDataArgument(file),
        };
        foreach (var (name, value) in plan.Cloud.Facts.StockImageNames)
            names[name] = value;
        return names;
    }

    private static string Mappings(MachinePlan machine, string? kmsKey)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            Disk(json, "/dev/sda1", machine.DiskGb, true, kmsKey);
            if (machine.DataGb is { } data)
                Disk(json, "/dev/sdf", data, false, kmsKey);
            json.WriteEndArray();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Disk(Utf8JsonWriter json, string device, int gb, bool goesWithVm, string? kmsKey)
    {
        json.WriteStartObject();
        json.WriteString("DeviceName", device);
        json.WriteStartObject("Ebs");
        json.WriteNumber("VolumeSize", gb);
        json.WriteString("VolumeType", "gp3");
        json.WriteBoolean("Encrypted", true);
        if (kmsKey is not null)
            json.WriteString("KmsKeyId", kmsKey);
        json.WriteBoolean("DeleteOnTermination", goesWithVm);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
