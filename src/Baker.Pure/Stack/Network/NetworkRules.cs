using Baker.Clouds.Facts;
using Baker.Diagnostics;
using Baker.Language.Values;
using Baker.Stack.Identities;
using Baker.Stack.Roles;
using Baker.Stack.Roles.GitLab;

namespace Baker.Stack.Network;

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
        EgressRules.Check(spec, bag);
        CheckSsh(spec.Ssh, bag);
        if (spec.Ssh is { } ssh)
            CheckEntries(ssh, spec, bag);
        CheckPublicAddress(spec.GitLab.PublicAddress, cloud, bag);
    }

    private static void CheckExisting(Spec spec, ExistingNetwork existing, CloudFacts cloud, DiagnosticBag bag)
    {
        const string path = "network.existing";
        if (cloud.IsDesk)
        {
            bag.AddAtKey(path, NetworkMessages.ExistingOnDesk());
            return;
        }
        if (spec.Network.Cidr is not null)
            bag.Add("network.cidr", NetworkMessages.ExistingAndCidr());
        if (existing.Id.Length > 0 && cloud.IdProblem(CloudId.Network, existing.Id) is { } why)
            bag.Add($"{path}.network", CloudMessages.BadId(existing.Id, $"a network of {cloud.Title}", why));
        CheckSubnets(existing, spec, path, bag);
        foreach (var role in RoleCatalog.RolesOf(spec).Where(r => r.Machine(spec).Address is null))
            bag.Add($"{role.Name}.address", NetworkMessages.ExistingWithoutAddress($"{role.Name}.address"));
    }

    private static void CheckSubnets(ExistingNetwork existing, Spec spec, string path, DiagnosticBag bag)
    {
        var cloud = spec.Cloud.Facts;
        var subnets = new (string Key, ExistingSubnet? Subnet)[]
        {
            ("subnet", existing.Only), ("public_subnet", existing.PublicOnly), ("private_subnet", existing.PrivateOnly),
        };
        // A subnet that could not be read has been reported; whether it is the right one cannot be said.
        if (!Array.Exists(subnets, s => bag.IsTouched($"{path}.{s.Key}"))
            && !Array.TrueForAll(subnets, s => s.Subnet is not null == IsExpected(s.Key, cloud)
            || s.Key == "public_subnet" && cloud.SplitsSubnets && spec.GitLab.IsInternalOnly))
            bag.Add(path, NetworkMessages.SubnetKeys(cloud.Title, cloud.SplitsSubnets));
        foreach (var (key, subnet) in subnets)
        {
            if (subnet is not null && cloud.IdProblem(CloudId.Subnet, subnet.Id) is { } problem)
                bag.Add($"{path}.{key}.id", CloudMessages.BadId(subnet.Id, $"a subnet of {cloud.Title}", problem));
        }
        if (existing is { PublicOnly: { } open, PrivateOnly: { } closed } && open.Id != closed.Id && Ipv4.Overlap(open.Cidr, closed.Cidr))
            bag.Add($"{path}.private_subnet.cidr", NetworkMessages.SubnetsOverlap(closed.Cidr, open.Cidr));
    }

    private static bool IsExpected(string key, CloudFacts cloud) => key == "subnet" != cloud.SplitsSubnets;

    private static void CheckSsh(SshSpec? ssh, DiagnosticBag bag)
    {
        if (ssh is null)
            return;
        // Whom the cloud leads in needs no network of his own, and gets a key from the cloud where he has none.
        var leadsIn = !ssh.Entries.IsEmpty || bag.IsTouched("ssh.iap") || bag.IsTouched("ssh.session_manager");
        if (ssh.From.IsEmpty && (leadsIn || (ssh.NamesEntry && ssh.Keys.IsEmpty)))
            return;
        if (ssh.Keys.Length == 0 && !bag.IsTouched("ssh.keys"))
            bag.Add("ssh.keys", ssh.From.Length > 0 || bag.IsTouched("ssh.from") ? NetworkMessages.SshWithoutKeys()
                : NetworkMessages.SshEmpty());
        else if (ssh.From.Length == 0 && !bag.IsTouched("ssh.from"))
            bag.Add("ssh.from", NetworkMessages.SshWithoutFrom());
        for (var i = 0; i < ssh.From.Length; i++)
        {
            // The longest private range has 8 bits; what is shorter is a good part of the internet.
            if (ssh.From[i].PrefixLength < 8)
                bag.Add(new SpecPath("ssh.from").Item(i), NetworkMessages.SshOpenToWorld(ssh.From[i]));
        }
    }

    private static void CheckEntries(SshSpec ssh, Spec spec, DiagnosticBag bag)
    {
        var cloud = spec.Cloud.Facts;
        foreach (var word in ssh.Entries.Where(word => word != cloud.Entry?.Key))
            bag.AddAtKey($"ssh.{word}", SpecMessages.OtherCloudsKey(word, cloud.Title, cloud.Entry?.Key));
        if (ssh.EntryOf(cloud) is not { NeedsIdentity: true } entry)
            return;
        foreach (var role in RoleCatalog.RolesOf(spec).Where(r => !IdentityNeed.IsThere(r, spec)))
        {
            if (!bag.IsTouched($"{role.Name}.{cloud.IdentityKey}"))
                bag.Add($"{role.Name}.{cloud.IdentityKey}",
                    NetworkMessages.EntryWithoutIdentity(entry.Title, role.Name, cloud.IdentityKey!));
        }
    }

    private static void CheckPublicAddress(string? address, CloudFacts cloud, DiagnosticBag bag)
    {
        if (address is null)
            return;
        if (cloud.IsDesk)
            bag.AddAtKey("gitlab.public_address", NetworkMessages.PublicAddressOnDesk());
        else if (address != "none" && cloud.IdProblem(CloudId.PublicAddress, address) is { } why)
            bag.Add("gitlab.public_address", CloudMessages.BadId(address, $"a public address on {cloud.Title}", why));
    }
}
