using System.Net;
using Baker.Clouds;
using Baker.Diagnostics;
using Baker.Duo;
using Baker.Roles;
using Baker.Roles.GitLab;
using Baker.Roles.Ollama;
using Baker.Specs.Network;
using Baker.Specs.Values;

namespace Baker.Planning;

/// <summary>Rules on what came out once every default was filled in: addresses in their subnets, models on their machines.</summary>
public static class PlanRules
{
    /// <summary>Gigabytes beside the models: system 6, driver 3, Ollama unpacked 4.3 and its archive 1.4, and room to work.</summary>
    private const decimal SystemGb = 15;

    /// <summary>Gigabytes that Ollama and CUDA keep for themselves beside weights and cache.</summary>
    private const decimal RuntimeGb = 1;

    /// <summary>Below this GitLab's documentation expects trouble, gibibytes.</summary>
    private const decimal GitLabMemoryGb = 8;

    public static void Check(Plan plan, DiagnosticBag bag)
    {
        CheckAddresses(plan, bag);
        var gitlab = plan.Machine(RoleCatalog.GitLab.Name);
        if (gitlab.Size is { } size && size.MemoryGb < GitLabMemoryGb)
            bag.Add("gitlab.machine", GitLabMessages.LittleMemory(gitlab.Type, size.MemoryGb));
        CheckModels(plan, bag);
    }

    private static void CheckAddresses(Plan plan, DiagnosticBag bag)
    {
        var cloud = plan.Cloud.Facts;
        var taken = new Dictionary<string, string>();
        // Addresses that stand in the spec are judged after the defaults, so that the report names the one the user wrote.
        foreach (var machine in plan.Machines.OrderBy(m => bag.Locate($"{m.Role}.address") is { } spot ? spot.Line : 0))
        {
            var path = new SpecPath($"{machine.Role}.address");
            if (plan.Network.Subnets.FirstOrDefault(s => s.IsPublic == (machine.Role == RoleCatalog.GitLab.Name)) is not { } subnet)
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

    private static void CheckModels(Plan plan, DiagnosticBag bag)
    {
        var machine = plan.Machine(RoleCatalog.Ollama.Name);
        var sizes = plan.Stack.Models.Select(m => (Name: ModelName.Parse(m).Name, Known: KnownModels.Find(ModelName.Parse(m).Name))).ToArray();
        var disk = (int)Math.Ceiling(SystemGb + sizes.Sum(s => s.Known?.SizeGb ?? 0));
        if (machine.DiskGb < disk)
            bag.Add("ollama.disk_gb", OllamaMessages.DiskTooSmall(machine.DiskGb, disk, string.Join(", ", sizes.Select(s => s.Name))));
        var model = plan.Stack.Model.Model;
        var need = KnownModels.Find(model) is { } known ? NeedGb(known, plan.Stack.ContextLength) : (decimal?)null;
        var used = machine.Values.Any(v => v is { Name: "gpu", Value: "nvidia" });
        CheckGpu(plan, machine, used, model, need, bag);
        if (!used && need is { } gb && machine.Size is { } size && gb > size.MemoryGb)
            bag.Add("ollama.machine", OllamaMessages.MemoryTooSmall(model, gb, machine.Type, size.MemoryGb));
        var host = machine.Values.First(v => v.Name == "ollama_host").Value;
        if (host != $"{machine.Address}:{OllamaRole.Port}" && host != $"0.0.0.0:{OllamaRole.Port}")
            bag.Add("ollama.host", OllamaMessages.HostElsewhere(host, machine.Address));
    }

    private static void CheckGpu(Plan plan, MachinePlan machine, bool used, string model, decimal? need, DiagnosticBag bag)
    {
        switch (machine.Gpu, used, machine.WantsGpu)
        {
            case ({ } gpu, true, _) when need > gpu.TotalMemoryGb:
                bag.Add("ollama.machine", OllamaMessages.GpuTooSmall(model, need.Value, gpu, plan.Stack.ContextLength));
                break;
            case (null, _, true) when machine.Size is not null:
                bag.Add("ollama.gpu", OllamaMessages.NoGpu(machine.Type));
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

    private static decimal NeedGb(KnownModel model, int contextTokens) =>
        model.SizeGb + RuntimeGb + (model.CacheKibPerToken * (decimal)contextTokens / (1024 * 1024));
}
