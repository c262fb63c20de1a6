using Baker.Clouds;
using Baker.Diagnostics;
using Baker.Roles;
using Baker.Specs.Values;

namespace Baker.Specs.Network;

/// <summary>Rules of <c>network</c> and <c>ssh</c>; addresses are checked on the plan.</summary>
public static class NetworkRules
{
    public static void Check(Spec spec, DiagnosticBag bag)
    {
        var (network, cloud) = (spec.Network, spec.Cloud.Facts);
        if (network.Cidr is { } cidr)
        {
            if (cidr.PrefixLength is < 16 or > 23)
                bag.Add("network.cidr", NetworkMessages.CidrSize(cidr));
            else if (!Ipv4.IsPrivate(cidr))
                bag.Add("network.cidr", NetworkMessages.CidrPublic(cidr));
        }
        if (network.Existing is { } existing)
            CheckExisting(spec, existing, cloud, bag);
        CheckSsh(spec.Ssh, bag);
        CheckPublicAddress(spec.GitLab.PublicAddress, cloud, bag);
    }

    private static void CheckExisting(Spec spec, ExistingNetwork existing, CloudFacts cloud, DiagnosticBag bag)
    {
        const string path = "network.existing";
        if (cloud.IsDesk)
        {
            bag.Add(path, NetworkMessages.ExistingOnDesk());
            return;
        }
        if (spec.Network.Cidr is not null)
            bag.Add("network.cidr", NetworkMessages.ExistingAndCidr());
        if (existing.Id.Length > 0 && cloud.IdProblem(CloudId.Network, existing.Id) is { } why)
            bag.Add($"{path}.network", CloudMessages.BadId(existing.Id, $"a network of {cloud.Title}", why));
        var oneSubnet = existing.Public is not null && ReferenceEquals(existing.Public, existing.Private);
        if (existing.Public is null || existing.Private is null || oneSubnet == cloud.SplitsSubnets)
            bag.Add(path, NetworkMessages.SubnetKeys(cloud.Title, cloud.SplitsSubnets ? "public_subnet and private_subnet" : "subnet"));
        else
        {
            foreach (var (key, subnet) in cloud.SplitsSubnets
                ? [("public_subnet", existing.Public), ("private_subnet", existing.Private)] : new[] { ("subnet", existing.Public) })
            {
                if (cloud.IdProblem(CloudId.Subnet, subnet.Id) is { } problem)
                    bag.Add($"{path}.{key}.id", CloudMessages.BadId(subnet.Id, $"a subnet of {cloud.Title}", problem));
            }
        }
        foreach (var role in RoleCatalog.All.Where(r => r.Machine(spec).Address is null))
            bag.Add($"{role.Name}.address", NetworkMessages.ExistingWithoutAddress($"{role.Name}.address"));
    }

    private static void CheckSsh(SshSpec? ssh, DiagnosticBag bag)
    {
        if (ssh is null)
            return;
        if (ssh.From.Length > 0 && ssh.Keys.Length == 0)
            bag.Add("ssh.keys", NetworkMessages.SshWithoutKeys());
        if (ssh.From.Length == 0)
            bag.Add("ssh.from", NetworkMessages.SshWithoutFrom());
        if (ssh.From.Any(n => n.PrefixLength == 0))
            bag.Add("ssh.from", NetworkMessages.SshOpenToWorld());
    }

    private static void CheckPublicAddress(string? address, CloudFacts cloud, DiagnosticBag bag)
    {
        if (address is null)
            return;
        if (cloud.IsDesk)
            bag.Add("gitlab.public_address", NetworkMessages.PublicAddressOnDesk());
        else if (address != "none" && cloud.IdProblem(CloudId.PublicAddress, address) is { } why)
            bag.Add("gitlab.public_address", CloudMessages.BadId(address, $"a public address on {cloud.Title}", why));
    }
}
