using System.Globalization;
using Baker.Clouds.Facts;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>Compares what a stack takes with what the project may have. Pure.</summary>
internal static class GoogleQuotas
{
    /// <param name="machines">Those that do not exist yet.</param>
    /// <param name="newDisk">A data disk that does not exist yet.</param>
    public static IEnumerable<string> Problems(
        IReadOnlyCollection<MachineWanted> machines, DiskWanted? newDisk, int newAddresses, int newNetworks, Region region,
        Project project)
    {
        var needs = new Dictionary<string, double>();
        void Need(string metric, double amount) => needs[metric] = needs.GetValueOrDefault(metric) + amount;
        foreach (var machine in machines)
        {
            var type = GoogleMachines.Find(machine.Type);
            var series = machine.Type.Split('-')[0].ToUpperInvariant();
            // Some series are counted for themselves, the others together.
            Need((region.Quotas ?? []).Any(q => q.Metric == $"{series}_CPUS") ? $"{series}_CPUS" : "CPUS", type?.Cpus ?? 0);
            Need("CPUS_ALL_REGIONS", type?.Cpus ?? 0);
            if ((machine.AttachedGpu ?? type?.Gpu) is { } gpu)
            {
                Need(GpuMetric(gpu), gpu.Count);
                Need("GPUS_ALL_REGIONS", gpu.Count);
            }
            Need(GoogleDiskTypes.Quota(machine.Type), machine.DiskGb);
        }
        Need(GoogleDiskTypes.Quota(newDisk?.MachineType ?? ""), newDisk?.SizeGb ?? 0);
        Need("STATIC_ADDRESSES", newAddresses);
        Need("NETWORKS", newNetworks);
        foreach (var (quota, where) in (region.Quotas ?? []).Select(q => (q, region.Name!))
            .Concat((project.Quotas ?? []).Select(q => (q, "all regions"))))
        {
            if (needs.GetValueOrDefault(quota.Metric ?? "") is > 0 and var need && quota.Limit is { } limit
                && (quota.Usage ?? 0) + need > limit)
                yield return Sentence(quota.Metric!, where, need, limit, quota.Usage ?? 0);
        }
    }

    private static string Sentence(string metric, string where, double need, double limit, double usage) =>
        string.Create(CultureInfo.InvariantCulture,
        $"quota {metric} in {where}: the stack needs {need} more, {limit} are allowed and {usage} in "
            + $"use{(limit == 0 && metric.Contains("GPU", StringComparison.Ordinal) ? "; new projects may use no GPU" : "")}. Ask for "
            + $"more under IAM & Admin > Quotas, or choose another machine or region");

    /// <summary>Such as <c>NVIDIA_T4_GPUS</c> for <c>nvidia-tesla-t4</c>.</summary>
    private static string GpuMetric(Gpu gpu)
    {
        var model = gpu.Model.Replace("nvidia-tesla-", "", StringComparison.Ordinal).Replace("nvidia-", "", StringComparison.Ordinal)
            .Replace(' ', '_').ToUpperInvariant();
        return $"NVIDIA_{model}{(model == "A100" && gpu.MemoryGb == 80 ? "_80GB" : "")}_GPUS";
    }
}
