using System.Collections.Immutable;
using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Clouds.Facts.Aws;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Images;
using Baker.Clouds.Live.Aws.Machines;
using Baker.Clouds.Live.Aws.Network;
using Baker.Clouds.Live.Aws.Secrets;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Account;

/// <summary>Looks for what would make a launch fail. Rights are tried by asking for a rehearsal of the calls that create.</summary>
internal sealed class AwsPreflight(AwsBorder border, AwsSpec spec, AwsImages images, AwsSecrets secrets,
    AwsQuotas quotas, AwsProfiles profiles)
{
    /// <summary>What accounts begin with.</summary>
    private const int VpcsAtFirst = 5;

    /// <summary>
    /// In the names of what a rehearsal says nothing about: the real request names the stack's own, which there are not yet.
    /// </summary>
    private static readonly string[] Missing = [":network-interface/", ":security-group/"];

    public async Task<Preflight> CheckAsync(StackWanted wanted, ImmutableArray<string> zones, CancellationToken cancel)
    {
        var problems = await Task.WhenAll(AddressesAsync(wanted, cancel), SecretsAsync(wanted, cancel), NamesakeAsync(wanted, cancel),
            NetworkAsync(wanted, cancel), DiskAsync(wanted, zones, cancel));
        var asked = await Task.WhenAll([quotas.CheckAsync(wanted, cancel), profiles.CheckAsync(wanted.Machines, cancel),
            .. wanted.Machines.Select(m => MachineAsync(m, wanted.Network, cancel))]);
        var preflight = new Preflight([.. problems.SelectMany(p => p).Distinct()], [], await NotesAsync(wanted, cancel));
        return asked.Aggregate(preflight, (all, one) => all.With(one));
    }

    private async Task<ImmutableArray<string>> NotesAsync(StackWanted wanted, CancellationToken cancel)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        notes.Add($"billed from now on: {string.Join(", ", wanted.Machines.Select(m => string.Join(" or ", m.Types)))}, "
            + $"{wanted.Machines.Sum(m => m.DiskGb) + (wanted.DataDisk?.SizeGb ?? 0)} GB of gp3 disk"
            + (wanted.PublicAddress is null ? "" : ", a public address")
                + (wanted.Network.NeedsNat ? ", a NAT gateway with its address and traffic" : ""));
        if (wanted.Network.ExistingId is null)
        {
            var vpcs = await border.SendAsync("counting VPCs", c => border.Pages.VpcsAsync(new DescribeVpcsRequest(), c), cancel);
            if (vpcs.Vpcs is { Count: >= VpcsAtFirst } many && !many.Exists(v => AwsTags.IsMine(v.Tags, wanted.Owner)))
                notes.Add($"{spec.Region} has {many.Count} VPCs, and accounts begin with a limit of {VpcsAtFirst}");
        }
        else
        {
            notes.AddRange(await new AwsExistingNetwork(border).NotesAsync(wanted, cancel));
        }
        return notes.ToImmutable();
    }

    private async Task<IEnumerable<string>> AddressesAsync(StackWanted wanted, CancellationToken cancel)
    {
        var attributes = await border.SendAsync("asking for the account's limits", c => border.Ec2.DescribeAccountAttributesAsync(
            new DescribeAccountAttributesRequest(), c), cancel);
        var words = attributes.AccountAttributes?.Find(a =>
            a.AttributeName == "vpc-max-elastic-ips")?.AttributeValues?.FirstOrDefault()?.AttributeValue;
        var all = (await border.SendAsync("counting public addresses", c =>
            border.Ec2.DescribeAddressesAsync(new DescribeAddressesRequest(), c), cancel)).Addresses ?? [];
        if (wanted.PublicAddress?.ExistingId is { } id && all.Find(a => a.AllocationId == id) is { AssociationId: { Length: > 0 } } used
            && !await IsOursAsync(used, wanted.Owner, cancel))
            return [$"the address {used.PublicIp} ({id}) is in use by {used.InstanceId ?? used.NetworkInterfaceId}"];
        var here = all.Count(a => AwsTags.IsMine(a.Tags, wanted.Owner));
        var needed = (wanted.PublicAddress is { ExistingId: null } ? 1 : 0)
            + (wanted.Network is { ExistingId: null, NeedsNat: true } ? 1 : 0) - here;
        return int.TryParse(words, out var most) && needed > 0 && all.Count + needed > most
            ? [$"{spec.Region} has {all.Count} of {most} Elastic IPs in use, and this stack needs {needed}: release one, or ask for more "
                + "under Service Quotas, EC2, \"EC2-VPC Elastic IPs\""] : [];
    }

    private async Task<bool> IsOursAsync(Address address, StackOwner owner, CancellationToken cancel)
    {
        var found = await border.SendAsync("looking who uses the address", c => border.Pages.NetworkInterfacesAsync(
            new DescribeNetworkInterfacesRequest
            {
                Filters = [
                new Filter("network-interface-id", [address.NetworkInterfaceId ?? "eni-none"])]
            }, c), cancel);
        return found.NetworkInterfaces?.Exists(n => AwsTags.IsMine(n.TagSet, owner)) == true;
    }

    private async Task<IEnumerable<string>> SecretsAsync(StackWanted wanted, CancellationToken cancel)
    {
        var problems = new List<string>();
        foreach (var location in wanted.Machines.SelectMany(m => m.Secrets).Where(s => s.StartsWith('/')).Distinct())
        {
            var isMade = AwsSecrets.IsMade(wanted.Owner, location);
            if (!await secrets.IsThereAsync(location, cancel))
            {
                if (!isMade)
                    problems.Add($"the parameter {location} is not there in {spec.Region}: put the secret in with `aws ssm put-parameter "
                        + $"--type SecureString --tier Intelligent-Tiering --name {location} --value file://…`");
            }
            else if (isMade && await secrets.OwnerAsync(location, cancel) is var owner && owner != wanted.Owner.Id)
            {
                problems.Add($"the parameter {location} belongs to {(owner is null ? "somebody else" : $"another stack, {owner}")}: give "
                    + "this stack another name");
            }
        }
        return problems;
    }

    /// <summary>A name leads people; two stacks of one name in one place would lead them to the wrong machines.</summary>
    private async Task<IEnumerable<string>> NamesakeAsync(StackWanted wanted, CancellationToken cancel)
    {
        var found = await border.SendAsync("looking for a stack of the same name", c =>
            border.Pages.InstancesAsync(new DescribeInstancesRequest
            {
                Filters = [new Filter("tag:baker:stack", [wanted.Owner.Stack]),
                new Filter("instance-state-name", ["pending", "running", "stopping", "stopped"])],
            }, c), cancel);
        return (found.Reservations ?? []).SelectMany(r => r.Instances ?? [])
            .Where(i => AwsTags.Value(i.Tags, AwsTags.Id) is { } id && id != wanted.Owner.Id)
            .Select(i => $"{spec.Region} has a stack {wanted.Owner.Stack} already, that of "
                + $"{AwsTags.Value(i.Tags, "baker:host") ?? "another host"}: give this one another name");
    }

    private async Task<IEnumerable<string>> NetworkAsync(StackWanted wanted, CancellationToken cancel)
    {
        if (wanted.Network.ExistingId is not null)
            return await new AwsExistingNetwork(border).ProblemsAsync(wanted, cancel);
        return await RehearseAsync("a network", c => border.Ec2.CreateInternetGatewayAsync(
            new CreateInternetGatewayRequest
            {
                DryRun = true,
                TagSpecifications = [AwsTags.For(wanted.Owner, ResourceType.InternetGateway, wanted.Owner.Stack)]
            }, c), cancel);
    }

    private Task<IEnumerable<string>> DiskAsync(StackWanted wanted, ImmutableArray<string> zones, CancellationToken cancel) =>
        wanted.DataDisk is null || zones.IsDefaultOrEmpty ? Task.FromResult<IEnumerable<string>>([])
            : RehearseAsync("a disk", c => border.Ec2.CreateVolumeAsync(new CreateVolumeRequest
            {
                AvailabilityZone = zones[0],
                Size = wanted.DataDisk.SizeGb,
                VolumeType = VolumeType.Gp3,
                Encrypted = true,
                KmsKeyId = wanted.Owner.KmsKey,
                TagSpecifications = [AwsTags.For(wanted.Owner, ResourceType.Volume, wanted.DataDisk.Name)],
                DryRun = true,
            }, c), cancel);

    private async Task<Preflight> MachineAsync(MachineWanted machine, NetworkWanted network, CancellationToken cancel)
    {
        var image = await images.ResolveAsync(machine.Image, cancel);
        return await Ways.AskAsync([machine], async ways =>
            Preflight.Clear with { Problems = [.. await OfOneTypeAsync(ways[0], image, network, cancel)] });
    }

    private async Task<IEnumerable<string>> OfOneTypeAsync(
        MachineWanted machine, Image image, NetworkWanted network, CancellationToken cancel)
    {
        // The real request in all but its interface, which there is not yet: an account's policies may ask for any part of it.
        // What a launch makes first is not there yet.
        var asked = machine.MakesIdentity ? machine with { Identity = null } : machine;
        var request = AwsInstanceStart.Request(asked, image, images.RootDevice(image.Id));
        request.SubnetId = network.Subnets.First(s => s.Name == machine.Subnet).ExistingId;
        request.DryRun = true;
        return await RehearseAsync($"the machine {machine.Name}", c =>
            border.Ec2.RunInstancesAsync(request, c), cancel, request.SubnetId is null ? [.. Missing, ":subnet/"] : Missing);
    }

    /// <summary>EC2 answers a rehearsal with an error either way; one of them means yes.</summary>
    /// <param name="missing">In the names of what the real request has and this one does not: EC2 takes the account's default network,
    /// which a policy need not allow.</param>
    private async Task<IEnumerable<string>> RehearseAsync(
        string what, Func<CancellationToken, Task> ask, CancellationToken cancel, string[]? missing = null)
    {
        try
        {
            await border.SendAsync($"rehearsing to make {what}", async c =>
            {
                await ask(c);
                return true;
            }, cancel, spreads: false);
            return [];
        }
        catch (CloudException e) when (AwsErrors.Code(e) is "DryRunOperation" or "MissingInput" or "VPCIdNotSpecified")
        {
            // The last two: no default VPC, so the rehearsal ends where the real call names a subnet. The right was there.
            return [];
        }
        catch (CloudException e) when (missing?.Any(m => e.Message.Contains(m, StringComparison.Ordinal)) == true)
        {
            return [];
        }
        catch (CloudException e) when (e.Failure is not (CloudFailure.NotSignedIn or CloudFailure.Unreachable))
        {
            return [e.Message.ReplaceLineEndings(" ")];
        }
    }
}
