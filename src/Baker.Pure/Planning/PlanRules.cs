using System.Net;
using Baker.Diagnostics;
using Baker.Language.Values;
using Baker.Stack.Network;
using Baker.Stack.Roles;

namespace Baker.Planning;

/// <summary>Rules on what came out once every default was filled in: addresses in their subnets, models on their machines.</summary>
public static class PlanRules
{
    public static void Check(Plan plan, DiagnosticBag bag)
    {
        CheckAddresses(plan, bag);
        foreach (var machine in plan.Machines)
            RoleCatalog.Of(machine.Role).Check(machine, plan.Stack, plan.Cloud.Facts, bag);
    }

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
            else if (!taken.TryAdd(machine.Address, machine.Key))
                bag.Add(path, NetworkMessages.Taken(machine.Address, taken[machine.Address]));
        }
    }

    // A key that is absent is located at its section.
    private static bool IsWritten(DiagnosticBag bag, SpecPath path) => bag.Locate(path) is { } spot && spot != bag.Locate(path.Parent);
}
