using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>A network and its one subnet: made, or the user's own.</summary>
internal sealed class GoogleVpc(Compute compute, GooglePlace place, GoogleSubnets subnets)
{
    private static readonly GoogleJson Json = GoogleJson.Default;

    /// <summary>The path of a stack's network, whether it is there or not; a spec may name its own by the name alone.</summary>
    public string PathOf(NetworkWanted wanted) =>
        wanted.ExistingId is { } id ? place.Network(id) : place.Global($"networks/{wanted.Owner.Stack}");

    /// <returns>The network's path.</returns>
    public Task<string> EnsureAsync(NetworkWanted wanted, CancellationToken cancel) =>
        wanted.ExistingId is null ? ManagedAsync(wanted, cancel) : ExistingAsync(wanted, PathOf(wanted), cancel);

    private async Task<string> ExistingAsync(NetworkWanted wanted, string path, CancellationToken cancel)
    {
        foreach (var subnet in wanted.Subnets)
            await ExistingSubnetAsync(subnet, path, cancel);
        return path;
    }

    // The network itself is not read: in a shared VPC the right to use a subnet does not bring the right to look at the network.
    private async Task ExistingSubnetAsync(SubnetWanted subnet, string network, CancellationToken cancel)
    {
        var path = place.Subnet(subnet.ExistingId!);
        var doing = $"looking at the subnet {path}";
        var answer = await compute.GetAsync(path, Json.Subnetwork, doing, cancel);
        if (answer.Refusal is { IsMissing: true })
            throw new CloudException(CloudFailure.Refused, doing, "there is no such subnet",
                "is the project in the path right? a shared VPC lies in its host project");
        if (answer.Refusal is { Status: 403 } denied)
            throw denied.ToException(doing, $"ask for roles/compute.networkUser on it: gcloud compute networks subnets "
                + $"add-iam-policy-binding {GooglePlace.Name(path)} --project {GooglePlace.ProjectOf(path)} --region {place.Region} "
                + "--role roles/compute.networkUser --member YOU");
        var found = answer.OrThrow(doing);
        if (GooglePlace.Path(found.Network) != network)
            throw new CloudException(CloudFailure.Refused, doing, $"it lies in {GooglePlace.Path(found.Network)}, not in {network}");
        if (found.IpCidrRange != subnet.Cidr)
            throw new CloudException(CloudFailure.Refused, doing, $"its range is {found.IpCidrRange}, the spec says {subnet.Cidr}");
        subnets.Set(subnet.Name, network, path);
    }

    private async Task<string> ManagedAsync(NetworkWanted wanted, CancellationToken cancel)
    {
        var owner = wanted.Owner;
        var (network, subnet) = (PathOf(wanted), place.Regional($"subnetworks/{owner.Stack}"));
        await compute.EnsureAsync(
            network, place.Global("networks"),
            new Network(owner.Stack, GoogleMark.Description(owner), false, new NetworkRoutingConfig("REGIONAL")), Json.Network, n =>
                n.Description, owner, "network", cancel);
        var made = await compute.EnsureAsync(
            subnet, place.Regional("subnetworks"),
            new Subnetwork(owner.Stack, GoogleMark.Description(owner), network, wanted.Cidr, true), Json.Subnetwork, s =>
                s.Description, owner, "subnet", cancel);
        if (made.IpCidrRange != wanted.Cidr)
        {
            throw new CloudException(CloudFailure.Refused, $"looking at the subnet {subnet}",
                $"its range is {made.IpCidrRange}, the spec says {wanted.Cidr}",
                "a range cannot be changed while machines are in it: `baker destroy`, then `baker launch`");
        }
        foreach (var name in wanted.Subnets.Select(s => s.Name))
            subnets.Set(name, network, subnet);
        return network;
    }
}
