using System.Globalization;
using System.Text.Json.Nodes;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>What a pretended region has: zones, machine types, GPUs, quotas, and what is sold out at the moment.</summary>
internal sealed class FakeOffer
{
    public static readonly string[] Letters = ["a", "b", "c"];

    /// <summary>Machine types and GPUs that a zone does not have: <c>ZONE/NAME</c>.</summary>
    public HashSet<string> NotOffered { get; } = [];

    /// <summary>Zones that have none left of anything with a GPU, and the zones that are named instead.</summary>
    public Dictionary<string, string> SoldOut { get; } = [];

    /// <summary>Machine types of which no zone has one left, and none is named instead.</summary>
    public HashSet<string> SoldOutTypes { get; } = [];

    /// <summary>
    /// Where the organisation lets data lie (<c>constraints/gcp.resourceLocations</c>): the two regions of the tests, and no group of regions. Null: everywhere.
    /// </summary>
    public HashSet<string>? Locations { get; set; } = ["asia-northeast1", "us-central1"];

    /// <summary>The sentence that services end such a refusal with: googleapis/google-cloud-cpp, issue 11346.</summary>
    public string? LocationProblem(string location, string path) => Locations?.Contains(location) != false ? null
        : $"{location} violates constraint constraints/gcp.resourceLocations on the resource {path}";

    /// <summary>Limits by metric.</summary>
    public Dictionary<string, double> Quotas { get; } = new()
    {
        ["CPUS"] = 72,
        ["C2_CPUS"] = 24,
        ["NVIDIA_T4_GPUS"] = 4,
        ["SSD_TOTAL_GB"] = 2000,
        ["STATIC_ADDRESSES"] = 8,
        ["GPUS_ALL_REGIONS"] = 4,
        ["CPUS_ALL_REGIONS"] = 200,
        ["NETWORKS"] = 5,
    };

    /// <summary>Metrics that count projects, not regions.</summary>
    private static readonly string[] OfProject = ["GPUS_ALL_REGIONS", "CPUS_ALL_REGIONS", "NETWORKS"];

    private static readonly string[] MachineTypes = ["a2-ultragpu-1g", "c2-standard-4", "e2-medium", "e2-standard-2", "g2-standard-12", "g2-standard-4", "g2-standard-8", "n1-standard-4", "n4-standard-4"];

    private static readonly string[] Gpus = ["nvidia-l4", "nvidia-tesla-t4"];

    public bool HasMachine(string zone, string type) => MachineTypes.Contains(type) && !NotOffered.Contains($"{zone}/{type}");

    public bool HasGpu(string zone, string type) => Gpus.Contains(type) && !NotOffered.Contains($"{zone}/{type}");

    /// <returns>Null when the call is about something else.</returns>
    public FakeAnswer? Answer(string method, string path, IReadOnlyDictionary<string, string> query, string root)
    {
        var parts = path.Split('/');
        return method switch
        {
            "projects.get" => FakeAnswer.Ok(new JsonObject { ["name"] = parts[1], ["quotas"] = Metrics(OfProject.Contains) }),
            "regions.get" => FakeAnswer.Ok(new JsonObject
            {
                ["name"] = parts[3],
                ["status"] = "UP",
                ["quotas"] = Metrics(m => !OfProject.Contains(m)),
                ["selfLink"] = root + path,
                ["zones"] = new JsonArray([.. Letters.Select(l => (JsonNode)$"{root}projects/{parts[1]}/zones/{parts[3]}-{l}")]),
            }),
            "zones.get" => FakeAnswer.Ok(new JsonObject { ["name"] = parts[3], ["status"] = "UP", ["selfLink"] = root + path, ["region"] = $"{root}projects/{parts[1]}/regions/{parts[3][..^2]}" }),
            "machineTypes.list" => Names(MachineTypes.Where(t => HasMachine(parts[3], t)), query),
            "machineTypes.get" => HasMachine(parts[3], parts[^1]) ? FakeAnswer.Ok(new JsonObject { ["name"] = parts[^1], ["selfLink"] = root + path }) : FakeAnswer.Missing(path),
            "acceleratorTypes.list" => Names(Gpus.Where(g => HasGpu(parts[3], g)), query),
            _ => null,
        };
    }

    public static FakeThing? NewestOf(IEnumerable<FakeThing> things, string familyPath)
    {
        var (project, family) = (familyPath.Split('/')[1], familyPath.Split('/')[^1]);
        return things.Where(t => t.Kind == "images" && t.Path.Split('/')[1] == project && t.Text("family") == family).MaxBy(t => t.Text("creationTimestamp"), StringComparer.Ordinal);
    }

    private JsonArray Metrics(Func<string, bool> which) => new([.. Quotas.Where(q => which(q.Key)).Select(q => (JsonNode)new JsonObject { ["metric"] = q.Key, ["limit"] = q.Value, ["usage"] = 0.0 })]);

    private static FakeAnswer Names(IEnumerable<string> names, IReadOnlyDictionary<string, string> query)
    {
        var filter = FakeFilter.Of(query.GetValueOrDefault("filter"));
        if (filter is null)
            return FakeAnswer.Invalid("Invalid value for field 'filter'");
        var all = names.Select(n => new JsonObject { ["name"] = n }).Where(filter).ToArray();
        var start = int.Parse(query.GetValueOrDefault("pageToken", "0"), CultureInfo.InvariantCulture);
        var page = new JsonObject { ["items"] = new JsonArray([.. all.Skip(start).Take(2)]) };
        if (start + 2 < all.Length)
            page["nextPageToken"] = (start + 2).ToString(CultureInfo.InvariantCulture);
        return FakeAnswer.Ok(page);
    }
}
