using System.Net;
using Baker.Clouds.Facts;
using Baker.Diagnostics;
using Baker.Language.Values;
using Baker.Stack.Duo;
using Baker.Stack.Network;
using Baker.Stack.Roles;
using Baker.Stack.Roles.Gateway;
using Baker.Stack.Roles.GitLab;
using Baker.Stack.Roles.Ollama;

namespace Baker.Planning;

/// <summary>Rules on what came out once every default was filled in: addresses in their subnets, models on their machines.</summary>
public static class PlanRules
{
    /// <summary>Gigabytes beside the models: system 6, driver 3, Ollama unpacked 4.3 and its archive 1.4, and room to work.</summary>
    private const decimal SystemGb = 15;

    private const decimal GbInGib = 1.073741824m;

    /// <summary>Below this GitLab's documentation expects trouble, gibibytes.</summary>
    private const decimal GitLabMemoryGb = 8;

    /// <summary>What the vendor gives the gateway's container, gibibytes; it runs two services, which want a CPU each.</summary>
    private const decimal GatewayMemoryGb = 2;

    /// <summary>What GitLab's requirements ask of a single machine, up to 1,000 users; gibibytes.</summary>
    private static readonly (int Cpus, decimal MemoryGb) GitLabRecommended = (8, 16);

    /// <summary>What GitLab's page on installing the gateway counts for some 40 requests at once, up to 50 users; gibibytes.</summary>
    private static readonly (int Cpus, decimal MemoryGb) GatewayRecommended = (2, 8);

    public static void Check(Plan plan, DiagnosticBag bag)
    {
        CheckAddresses(plan, bag);
        CheckSizes(plan, bag);
        CheckModels(plan, bag);
    }

    private static void CheckSizes(Plan plan, DiagnosticBag bag)
    {
        var (gitlab, gateway) = (plan.Machine(RoleCatalog.GitLab.Name), plan.Machine(RoleCatalog.Gateway.Name));
        // A stack on a desk is a trial; what GitLab recommends for people at work would only be noise there.
        var isForWork = !plan.Cloud.Facts.IsDesk;
        if (gitlab.Size is { } size && size.MemoryGb < GitLabMemoryGb)
            bag.Add("gitlab.machine", GitLabMessages.LittleMemory(gitlab.Type, size.MemoryGb));
        else if (isForWork && IsBelow(gitlab.Size, GitLabRecommended))
            bag.Add("gitlab.machine", GitLabMessages.BelowRecommended(gitlab.Type));
        // The gateway waits for models most of the time: GitLab itself names a burstable type for it.
        if (plan.Cloud.Facts.IsBurstable(gitlab.Type))
            bag.Add("gitlab.machine", GitLabMessages.Burstable(gitlab.Type));
        if (gateway.Size is { } small && (small.Cpus < 2 || small.MemoryGb < GatewayMemoryGb))
            bag.Add("gateway.machine", GatewayMessages.SmallMachine(gateway.Type, small.Cpus, small.MemoryGb));
        else if (isForWork && IsBelow(gateway.Size, GatewayRecommended))
            bag.Add("gateway.machine", GatewayMessages.BelowRecommended(gateway.Type));
    }

    private static bool IsBelow(MachineType? size, (int Cpus, decimal MemoryGb) wanted) => size is not null && (size.Cpus < wanted.Cpus || size.MemoryGb < wanted.MemoryGb);

    private static void CheckAddresses(Plan plan, DiagnosticBag bag)
    {
        // Where the ranges could not be read, defaults stand in for them; nothing can be outside of those.
        if (bag.IsTouched("network.cidr") || bag.IsTouched("network.existing"))
            return;
        var cloud = plan.Cloud.Facts;
        var taken = new Dictionary<string, string>();
        // Addresses that stand in the spec are judged after the defaults, so that the report names the one the user wrote.
        foreach (var machine in plan.Machines.OrderBy(m => IsWritten(bag, $"{m.Role}.address") ? 1 : 0))
        {
            var path = new SpecPath($"{machine.Role}.address");
            if (bag.IsBroken(path))
                continue;
            if (plan.Network.Subnets.FirstOrDefault(s => s.Name == machine.Subnet) is not { } subnet)
                return;
            var (range, address) = (IPNetwork.Parse(subnet.Cidr), IPAddress.Parse(machine.Address));
            var (first, last) = cloud.ReservedAddresses;
            var number = Ipv4.Number(address);
            if (!range.Contains(address))
                bag.Add(path, NetworkMessages.OutsideSubnet(machine.Address, range));
            else if (number < Ipv4.Number(range.BaseAddress) + first || number > Ipv4.Last(range) - last)
                bag.Add(path, NetworkMessages.Reserved(machine.Address, range, cloud.Title, first, last));
            else if (machine.Address == plan.Network.NatAddress)
                bag.Add(path, NetworkMessages.NatAddress(machine.Address));
            else if (!taken.TryAdd(machine.Address, machine.Role))
                bag.Add(path, NetworkMessages.Taken(machine.Address, taken[machine.Address]));
        }
    }

    // A key that is absent is located at its section.
    private static bool IsWritten(DiagnosticBag bag, SpecPath path) => bag.Locate(path) is { } spot && spot != bag.Locate(path.Parent);

    private static void CheckModels(Plan plan, DiagnosticBag bag)
    {
        var machine = plan.Machine(RoleCatalog.Ollama.Name);
        var names = plan.Stack.Models.Select(m => ModelName.Parse(m).Listed).ToArray();
        var disk = (int)Math.Ceiling(SystemGb + names.Sum(n => KnownModels.Find(n)?.SizeGb ?? ModelSize.GuessGb(n) ?? 0));
        // A model that could not be read has been reported; another stands in for it here, whose size means nothing.
        var isRead = !bag.IsTouched("ollama.models") && !bag.IsBroken("duo.model");
        if (isRead && machine.DiskGb < disk)
            bag.Add("ollama.disk_gb", OllamaMessages.DiskTooSmall(machine.DiskGb, disk, string.Join(", ", names), names.All(n => KnownModels.Find(n) is not null)));
        var model = plan.Stack.Model.Model;
        var need = isRead ? plan.Stack.ModelMemory.TotalGb : null;
        var used = machine.Values.Any(v => v is { Name: "gpu", Value: "nvidia" });
        CheckGpu(plan, machine, used, model, need, bag);
        if (!used && need is { } gb && machine.Size is { } size && gb > size.MemoryGb * GbInGib)
            bag.Add("ollama.machine", OllamaMessages.MemoryTooSmall(model, gb, machine.Type, size.MemoryGb, plan.Stack.ModelMemory.Parallel));
        var host = machine.Value("ollama_host");
        if (host != $"{machine.Address}:{OllamaRole.Port}" && host != $"0.0.0.0:{OllamaRole.Port}")
            bag.Add("ollama.host", OllamaMessages.HostElsewhere(host, machine.Address));
    }

    private static void CheckGpu(Plan plan, MachinePlan machine, bool used, string model, decimal? need, DiagnosticBag bag)
    {
        switch (machine.Gpu, used, machine.WantsGpu)
        {
            case ({ } gpu, true, _) when need > gpu.TotalMemoryGb:
                bag.Add("ollama.machine", OllamaMessages.GpuTooSmall(model, need.Value, gpu, plan.Stack.ContextLength, plan.Stack.ModelMemory.Parallel));
                break;
            case (null, _, true) when machine.Size is not null:
                bag.Add("ollama.gpu", OllamaMessages.NoGpu(machine.Type, plan.Cloud.Facts.GpuAdvice));
                break;
            case (null, _, null) when machine.Size is not null && !plan.Cloud.Facts.IsDesk:
                bag.Add("ollama.machine", OllamaMessages.CpuOnly(machine.Type));
                break;
            case ({ }, false, _) when machine.Size is { Gpu: not null } size:
                bag.Add("ollama.machine", OllamaMessages.UnusedGpu(size));
                break;
            default:
                break;
        }
    }
}
