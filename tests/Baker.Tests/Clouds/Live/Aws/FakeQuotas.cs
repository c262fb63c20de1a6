using System.Text.Json.Nodes;
using Baker.Clouds.Facts.Aws;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>
/// What the account may run, as Service Quotas tells it and EC2 holds it. GetServiceQuota by its model: botocore 1.43.11,
/// service-quotas/2019-06-24/service-2.json (JSON 1.1; both names are required; NoSuchResourceException, TooManyRequestsException). The words of EC2's
/// refusal: EC2 API reference, "Error codes", VcpuLimitExceeded, and what people report of it.
/// </summary>
internal sealed class FakeQuotas
{
    /// <summary>Virtual CPUs by the quota's code.</summary>
    public Dictionary<string, int> Most { get; } = new() { ["L-1216C47A"] = 32, ["L-DB2E81BA"] = 8, ["L-417A185B"] = 0 };

    public JsonObject Answer(string operation, JsonObject request)
    {
        if (operation != "GetServiceQuota")
            throw new Ec2Refusal("UnknownOperationException", operation);
        foreach (var required in new[] { "ServiceCode", "QuotaCode" })
        {
            if (request[required] is null)
                throw new Ec2Refusal("IllegalArgumentException", $"{required} is missing");
        }
        if (request.Select(p => p.Key).Except(["ServiceCode", "QuotaCode", "ContextId"]).FirstOrDefault() is { } unknown)
            throw new Ec2Refusal("SerializationException", $"{unknown} is no member of GetServiceQuotaRequest");
        var code = (string)request["QuotaCode"]!;
        return (string)request["ServiceCode"]! == "ec2" && Most.TryGetValue(code, out var most)
            ? new JsonObject { ["Quota"] = new JsonObject { ["ServiceCode"] = "ec2", ["QuotaCode"] = code, ["Value"] = (double)most, ["Adjustable"] = true, ["GlobalQuota"] = false } }
            : throw new Ec2Refusal("NoSuchResourceException", "The request failed because the specified quota code does not exist.");
    }

    /// <summary>What EC2 says when a machine starts; <paramref name="running"/> are the types of those that run.</summary>
    public void Hold(string type, IEnumerable<string> running)
    {
        if (AwsVcpuQuota.Of(type) is { } quota && Most.TryGetValue(quota.Code, out var most)
            && running.Append(type).Where(t => AwsVcpuQuota.Of(t) == quota).Sum(t => AwsMachines.Find(t)!.Cpus) > most)
            throw new Ec2Refusal("VcpuLimitExceeded", $"You have requested more vCPU capacity than your current vCPU limit of {most} allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.");
    }
}
