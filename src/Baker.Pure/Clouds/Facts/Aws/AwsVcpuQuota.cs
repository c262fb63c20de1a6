using System.Globalization;

namespace Baker.Clouds.Facts.Aws;

/// <summary>The limit of virtual CPUs that counts a machine type. Source: Service Quotas of EC2, as of November 2026.</summary>
/// <param name="Code">As the API knows it.</param>
/// <param name="Title">As the console shows it.</param>
internal sealed record AwsVcpuQuota(string Code, string Title)
{
    private static readonly AwsVcpuQuota Standard = new("L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances");

    private static readonly AwsVcpuQuota Graphics = new("L-DB2E81BA", "Running On-Demand G and VT instances");

    private static readonly AwsVcpuQuota Parallel = new("L-417A185B", "Running On-Demand P instances");

    /// <returns>Null for a family that has a limit of its own.</returns>
    public static AwsVcpuQuota? Of(string type) => new string([.. type.TakeWhile(char.IsLetter)]) switch
    {
        "dl" or "trn" or "inf" or "hpc" or "mac" => null,
        ['a' or 'c' or 'd' or 'h' or 'i' or 'm' or 'r' or 't' or 'z', ..] => Standard,
        "g" or "gr" or "vt" => Graphics,
        "p" => Parallel,
        _ => null,
    };

    /// <summary>How to ask for more of it.</summary>
    public string Advice(string type) =>
        $"a {type} takes {AwsMachines.Find(type)?.Cpus.ToString(CultureInfo.InvariantCulture) ?? "several"} virtual CPUs of the limit "
        + $"\"{Title}\", and new accounts begin low: {Request(null, "…")}";

    /// <summary>The command that asks for more of it.</summary>
    /// <param name="region">Null: that of whoever types it.</param>
    public string Request(string? region, string value) =>
        $"`aws service-quotas request-service-quota-increase{(region is null ? "" : $" --region {region}")} --service-code ec2 "
        + $"--quota-code {Code} --desired-value {value}` asks for more";
}
