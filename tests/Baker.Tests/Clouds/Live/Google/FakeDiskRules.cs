using System.Text.Json.Nodes;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>
/// Which disks go with which machines: Compute Engine's pages "Choose a disk type" and "About Hyperdisk Balanced", machine series support. Of each kind the
/// types that the tests use.
/// </summary>
internal static class FakeDiskRules
{
    public static readonly string[] Types = ["pd-balanced", "hyperdisk-balanced"];

    /// <summary>The service's own words: kubernetes-sigs/gcp-compute-persistent-disk-csi-driver and many others quote them.</summary>
    public static void Fits(string machine, string type) =>
        FakeRules.Demand(machine.StartsWith("n4-", StringComparison.Ordinal) ? type.StartsWith("hyperdisk-", StringComparison.Ordinal) : type.StartsWith("pd-", StringComparison.Ordinal),
            $"[{type}] features are not compatible for creating instance.");

    /// <summary>A2 ultra machines bring one Local SSD for each GPU; it has no disk of its own behind it.</summary>
    public static void LocalSsd(FakeThing instance)
    {
        if (instance.Text("machineType")!.Contains("/a2-ultragpu-", StringComparison.Ordinal))
            (instance.Body["disks"] as JsonArray)!.Add(new JsonObject { ["type"] = "SCRATCH", ["interface"] = "NVME", ["autoDelete"] = true, ["diskSizeGb"] = "375" });
    }

    /// <summary>skypilot-org/skypilot, issue 2586.</summary>
    public static void Stop(FakeThing instance, IReadOnlyDictionary<string, string> query) =>
        FakeRules.Demand(query.ContainsKey("discardLocalSsd") || instance.List("disks").All(d => d["type"]?.ToString() != "SCRATCH"),
            "VM has a Local SSD attached but an undefined value for `discard-local-ssd`. If using gcloud, please add `--discard-local-ssd=false` or `--discard-local-ssd=true` to your command.");
}
