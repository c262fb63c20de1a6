using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Baker.Clouds.Facts.Aws;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Account;

/// <summary>
/// Whether the account may run as many virtual CPUs as the stack's new machines take. EC2 says no only when a machine is started, when
/// others are billed already.
/// </summary>
internal sealed class AwsQuotas(AwsBorder border, AwsClients clients, AwsSpec spec)
{
    public async Task<Preflight> CheckAsync(StackWanted wanted, CancellationToken cancel)
    {
        var found = await border.SendAsync("counting the machines that run", c => border.Pages.InstancesAsync(
            new DescribeInstancesRequest { Filters = [new Filter("instance-state-name", ["pending", "running"])] }, c), cancel);
        // On demand and on shared hardware, as the limits count; stopped machines take nothing.
        Instance[] running = [.. (found.Reservations ?? []).SelectMany(r => r.Instances ?? [])
            .Where(i => i.InstanceLifecycle is null && i.Placement?.Tenancy != Tenancy.Host)];
        var mine = running.Where(i => AwsTags.IsMine(i.Tags, wanted.Owner)).ToArray();
        bool Stays(Instance instance) => wanted.Machines.FirstOrDefault(m => m.Name == AwsTags.Name(instance.Tags))
            is not { } machine || machine.Types.Contains(instance.InstanceType.Value);
        var here = mine.Where(Stays).Select(i => AwsTags.Name(i.Tags)).ToHashSet();
        // One that gets another type gives its own back first.
        running = [.. running.Except(mine.Where(i => !Stays(i)))];
        return await Ways.AskAsync([.. wanted.Machines.Where(m => !here.Contains(m.Name))], async machines =>
        {
            var answers = await Task.WhenAll(machines.GroupBy(m => AwsVcpuQuota.Of(m.Type))
                .Select(g => OneAsync(g.Key, [.. g.Select(m => m.Type)], running, cancel)));
            return answers.Aggregate(Preflight.Clear, (all, one) => all.With(one));
        });
    }

    private async Task<Preflight> OneAsync(AwsVcpuQuota? quota, string[] types, Instance[] running, CancellationToken cancel)
    {
        if (quota is null)
            return Unasked($"the account's limit for {string.Join(" and ", types.Distinct())}: such types have one of their own");
        var limit = $"the limit \"{quota.Title}\"";
        if (types.FirstOrDefault(t => AwsMachines.Find(t) is null) is { } unknown)
            return Unasked($"{limit}: how many virtual CPUs a {unknown} has is not known");
        var needed = types.Sum(t => AwsMachines.Find(t)!.Cpus);
        var takes = $"{string.Join(" and ", types)} {(types.Length == 1 ? "takes" : "take")} {needed} virtual CPUs of it";
        try
        {
            var answer = await clients.Quotas.AskAsync("GetServiceQuota",
                new JsonObject { ["ServiceCode"] = "ec2", ["QuotaCode"] = quota.Code }, cancel);
            // Numbers of this protocol are doubles; this one is whole.
            var most = (double?)answer["Quota"]?["Value"] ?? throw new AmazonServiceException("there is no value in the answer");
            var used = running.Where(i => AwsVcpuQuota.Of(i.InstanceType) == quota).Sum(Cpus);
            return used + needed <= most ? Preflight.Clear : Preflight.Clear with
            {
                Problems = [string.Create(CultureInfo.InvariantCulture,
                    $"{limit} is {most} virtual CPUs in {spec.Region}, and {used} are in use: {takes}; {Request(quota, used + needed)}")],
            };
        }
        catch (Exception e) when (AwsErrors.LeavesOpen(e, cancel))
        {
            return Unasked($"{limit}: {takes}, and new accounts begin low ({AwsErrors.Line(e)}); {Request(quota, needed)}");
        }
    }

    private string Request(AwsVcpuQuota quota, int value) =>
        quota.Request(spec.Region, value.ToString(CultureInfo.InvariantCulture));

    private static int Cpus(Instance instance) => AwsMachines.Find(instance.InstanceType)?.Cpus
        ?? ((instance.CpuOptions?.CoreCount * instance.CpuOptions?.ThreadsPerCore) ?? 0);

    private static Preflight Unasked(string what) => Preflight.Clear with { Unchecked = [what] };
}
