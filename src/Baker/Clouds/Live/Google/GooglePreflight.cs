using System.Collections.Immutable;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>Looks for what would make a launch fail, changing nothing.</summary>
internal sealed class GooglePreflight(
    Compute compute, SecretManager secrets, GooglePlace place, GoogleZones zones, GoogleVpc vpc, GoogleFirewall firewall,
        GoogleRights rights, GoogleLabels labels, GoogleDisks disks, GoogleAddresses addresses, GoogleIdentities identities,
        GooglePolicies policies)
{
    private static readonly GoogleJson Json = GoogleJson.Default;

    public async Task<Preflight> CheckAsync(StackWanted wanted, CancellationToken cancel)
    {
        var found = new Findings();
        await QuotasAsync(wanted, found, cancel);
        await NetworkAsync(wanted, found, cancel);
        await RightsAsync(wanted, found, cancel);
        await SecretsAsync(wanted, found, cancel);
        foreach (var type in wanted.Machines.Where(m => m.HasDataDisk).SelectMany(m => m.Types))
        {
            if (wanted.DataDisk is { } data && await disks.MisfitAsync(data with { MachineType = type }, cancel) is { } misfit)
                found.Problems.Add(misfit);
        }
        if (wanted.Owner.KmsKey is { } key)
            found.Notes.Add($"Compute Engine's and Secret Manager's service agents must have roles/cloudkms.cryptoKeyEncrypterDecrypter "
                + $"on {key}");
        if (wanted.PublicAddress is { } address && await addresses.ProblemAsync(address, wanted.Machines, cancel) is { } wrong)
            found.Problems.Add(wrong);
        await identities.CheckAsync(wanted, found, cancel);
        await policies.CheckAsync(wanted, found, cancel);
        return found.Told;
    }

    private async Task QuotasAsync(StackWanted wanted, Findings found, CancellationToken cancel)
    {
        const string Doing = "looking at the quotas";
        var owner = wanted.Owner;
        var region = await zones.RegionAsync(Doing, cancel);
        var project = await compute.FindAsync(place.Root, Json.Project, Doing, cancel) ?? new Project();
        var existing = await compute.InstancesAsync(place, GoogleMark.Filter(owner), Doing, cancel);
        var addresses = await labels.AddressesAsync(owner, cancel);
        var disk = wanted.DataDisk is null ? null : await disks.FindAsync(owner, cancel);
        var network = wanted.Network.ExistingId is null
            ? await compute.FindAsync(place.Global($"networks/{owner.Stack}"), Json.Network, Doing, cancel) : null;
        var machines = wanted.Machines.Where(m => existing.All(e => e.Name != m.Name)).ToArray();
        var said = await Ways.AskAsync([.. machines], one => Task.FromResult(Preflight.Clear with
        {
            Problems = [.. GoogleQuotas.Problems(
                one, disk is null ? wanted.DataDisk : null,
                wanted.PublicAddress is { ExistingId: null } && addresses.All(a => a.AddressType == "INTERNAL") ? 1 : 0,
                wanted.Network.ExistingId is null && network is null ? 1 : 0, region, project)],
        }));
        foreach (var machine in wanted.Machines)
        {
            if (existing.Find(e => e.Name == machine.Name) is { } old && !machine.Types.Contains(GooglePlace.Name(old.MachineType)))
                found.Unchecked.Add($"the quota for {string.Join(" or ", machine.Types)}, which {machine.Name} gets in the place of "
                    + $"{GooglePlace.Name(old.MachineType)}");
        }
        found.Problems.AddRange(said.Problems);
        found.Notes.AddRange(said.Notes);
        if (wanted.Machines.Where(m => GoogleMachines.Find(m.Type) is null).Select(m => m.Type).Distinct()
            .ToArray() is { Length: > 0 } unknown)
            found.Unchecked.Add($"the quota of CPUs for {string.Join(", ", unknown)}");
    }

    private async Task NetworkAsync(StackWanted wanted, Findings found, CancellationToken cancel)
    {
        if (wanted.Network.ExistingId is null)
            return;
        try
        {
            await vpc.EnsureAsync(wanted.Network, cancel);
        }
        catch (CloudException e) when (e.Failure is CloudFailure.Refused or CloudFailure.Denied)
        {
            found.Problems.Add(e.Message);
            return;
        }
        var subnets = wanted.Network.Subnets.Select(s => place.Subnet(s.ExistingId!)).Distinct();
        foreach (var path in subnets)
        {
            if ((await compute.GetAsync(path, Json.Subnetwork, $"looking at the subnet {path}",
                cancel)).Value is { PrivateIpGoogleAccess: not true })
                found.Notes.Add($"{path} has no Private Google Access: without a NAT or a proxy, machines cannot reach Secret Manager");
        }
    }

    private async Task RightsAsync(StackWanted wanted, Findings found, CancellationToken cancel)
    {
        var network = wanted.Network.ExistingId is { } id ? place.Network(id) : null;
        foreach (var (project, needed) in GoogleRights.Needed(place, network))
        {
            var missing = await rights.MissingAsync(project, needed, cancel);
            if (missing.Refusal is { } refusal)
                found.Unchecked.Add($"the rights in project {project} ({refusal.Text})");
            else if (missing.Value!.Permissions is { Count: > 0 } list
                && (network is null || project == place.Project
                || await firewall.RequestAsync(wanted.Network, network, cancel) is not null))
                found.Problems.Add($"in project {project} these rights are missing: "
                    + $"{string.Join(", ", list)}{(project == place.Project ? "; docs/gcp.md says which roles have them"
                    : $"\n  {await firewall.RequestAsync(wanted.Network, network!, cancel)}")}");
        }
    }

    private async Task SecretsAsync(StackWanted wanted, Findings found, CancellationToken cancel)
    {
        // The first thing that a launch asks of this service: with no secret of the user's nothing else would ask it before.
        const string Doing = "asking Secret Manager";
        if ((await secrets.GetAsync(GoogleLock.PathOf(place, wanted.Owner), Doing, cancel)).Refusal is { IsMissing: false } off
            && off.Failure != CloudFailure.Denied)
        {
            found.Problems.Add(off.ToException(Doing).Message);
            return;
        }
        // Those that the launch makes may be missing; those of the user may not.
        foreach (var path in wanted.Machines.SelectMany(m => m.Secrets)
            .Where(s => s.StartsWith("projects/", StringComparison.Ordinal) && !GoogleSecrets.IsMade(place, wanted.Owner, s)).Distinct())
        {
            var answer = await secrets.LatestAsync(path, $"looking for the secret {path}", cancel);
            if (answer.Refusal is { IsMissing: true })
                found.Problems.Add($"there is no value of the secret {path}: gcloud secrets create {GooglePlace.Name(path)} --project "
                    + $"{GooglePlace.ProjectOf(path)} --data-file FILE");
            else if (answer.Refusal is { Failure: CloudFailure.Denied } denied)
                found.Unchecked.Add($"the secret {path} ({denied.Text})");
            else if (answer.Refusal is { } refusal)
                found.Problems.Add(refusal.ToException($"looking for the secret {path}").Message);
            else if (answer.Value!.State != "ENABLED")
                found.Problems.Add($"the newest version of the secret {path} is {answer.Value.State}");
        }
    }
}
