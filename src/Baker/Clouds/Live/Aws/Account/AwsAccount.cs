using System.Collections.Immutable;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Baker.Clouds.Facts.Aws;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Account;

/// <summary>Who pays, where everything is offered, and what stands in the way.</summary>
internal sealed class AwsAccount(AwsBorder border, AwsSpec spec, AwsPreflight preflight) : IAccount
{
    private const string SigningIn = "signing in to AWS";

    public async Task<AccountInfo> SignInAsync(CancellationToken cancel)
    {
        try
        {
            var who = await IdentityAsync(border.Sts, cancel);
            return new AccountInfo($"account {who.Account}{(spec.Profile is null ? "" : $" ({spec.Profile})")} as {who.Arn}");
        }
        catch (CloudException e) when (border.Home is not null && AwsErrors.Code(e) == "InvalidClientTokenId")
        {
            // STS of a region that is not enabled knows nobody, and says the same to whoever has a wrong key.
            if (await AtHomeAsync(border.Home, cancel) is not { } known)
                throw;
            throw new CloudException(CloudFailure.Denied, SigningIn,
                $"{spec.Region} does not know account {known.Account}, and others do: the region is not enabled for it",
                $"`aws account enable-region --region-name {spec.Region}` enables it, which may take hours; `aws account "
                + $"get-region-opt-status --region-name {spec.Region}` says when. Is it enabled, then these are credentials of STS's "
                + "global endpoint, which no such region takes: `aws configure set sts_regional_endpoints regional`", e);
        }
    }

    private Task<GetCallerIdentityResponse> IdentityAsync(IAmazonSecurityTokenService sts, CancellationToken cancel) => border.SendAsync(
        SigningIn, c => sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), c), cancel);

    private async Task<GetCallerIdentityResponse?> AtHomeAsync(IAmazonSecurityTokenService home, CancellationToken cancel)
    {
        try
        {
            return await IdentityAsync(home, cancel);
        }
        catch (CloudException)
        {
            return null;
        }
    }

    public Task<Preflight> CheckAsync(StackWanted wanted, ImmutableArray<string> zones, CancellationToken cancel) =>
        preflight.CheckAsync(wanted, zones, cancel);

    public async Task<ImmutableArray<string>> ZonesAsync(StackWanted wanted, CancellationToken cancel)
    {
        string[] types = [.. wanted.Machines.SelectMany(m => m.Types).Distinct()];
        var answer = await border.SendAsync("looking where the machine types are offered", c =>
            border.Pages.InstanceTypeOfferingsAsync(
            new DescribeInstanceTypeOfferingsRequest
            {
                LocationType = LocationType.AvailabilityZone,
                Filters = [new Filter("instance-type", [.. types])]
            }, c), cancel);
        var offered = (answer.InstanceTypeOfferings ?? []).ToLookup(o => o.Location, o => o.InstanceType.Value);
        if (await StandingAsync(wanted, cancel) is { } standing)
            return Places(wanted, standing, offered);
        // Where what is wanted most is offered comes before where something else has to do.
        var all = offered.Where(zone => wanted.Machines.All(m => m.Types.Any(zone.Contains)))
            .Where(zone => zone.Key == spec.Zone || IsOrdinary(zone.Key))
            .OrderBy(zone => wanted.Machines.Sum(m => m.Types.TakeWhile(t => !zone.Contains(t)).Count()))
            .ThenBy(zone => zone.Key, StringComparer.Ordinal).Select(zone => zone.Key);
        ImmutableArray<string> zones = [.. spec.Zone is { } only ? all.Where(z => z == only) : all];
        return zones.IsEmpty ? throw new CloudException(
            CloudFailure.Refused, "choosing a zone",
            $"no zone of {spec.Region}{(spec.Zone is null ? "" : $" that the spec allows ({spec.Zone})")} offers "
            + $"{string.Join(", ", wanted.Machines.Select(m => string.Join(" or ", m.Types)).Distinct())}",
            $"choose other machine types or another region: "
                + $"{string.Join("; ", types.Select(t => $"{t} is offered in {Where(offered, t)}"))}")
                : await FirstAsync(wanted, zones, cancel);
    }

    /// <summary>In the user's own subnets everything stands where they are.</summary>
    private static ImmutableArray<string> Places(StackWanted wanted, Dictionary<string, string> standing, ILookup<string, string> offered)
    {
        foreach (var machine in wanted.Machines)
        {
            var zone = standing[machine.Subnet];
            if (!machine.Types.Any(offered[zone].Contains))
                throw new CloudException(CloudFailure.Refused, "choosing a zone",
                    $"{string.Join(" or ", machine.Types)} is not offered in {zone}, where the subnet of {machine.Name} is",
                    $"{(machine.Types.Length > 1 ? machine.Type : "it")} is offered in {Where(offered, machine.Type)}");
        }
        // The data disk goes to its machine.
        var first = wanted.Machines.FirstOrDefault(m => m.HasDataDisk) ?? wanted.Machines[0];
        return [standing[first.Subnet]];
    }

    /// <summary>Zones of the user's own subnets, by name; null where subnets are made.</summary>
    private async Task<Dictionary<string, string>?> StandingAsync(StackWanted wanted, CancellationToken cancel)
    {
        if (wanted.Network.ExistingId is null)
            return null;
        var found = await border.SendAsync("looking at the subnets", c => border.Pages.SubnetsAsync(
            new DescribeSubnetsRequest { SubnetIds = [.. wanted.Network.Subnets.Select(s => s.ExistingId)] }, c), cancel);
        return wanted.Network.Subnets.ToDictionary(s => s.Name, s =>
            (found.Subnets ?? []).First(f => f.SubnetId == s.ExistingId).AvailabilityZone);
    }

    /// <summary>Where subnets were made before comes first: moving them costs time.</summary>
    private async Task<ImmutableArray<string>> FirstAsync(StackWanted wanted, ImmutableArray<string> zones, CancellationToken cancel)
    {
        var found = await border.SendAsync("looking for subnets", c =>
            border.Pages.SubnetsAsync(new DescribeSubnetsRequest { Filters = AwsTags.Mine(wanted.Owner) }, c), cancel);
        var here = found.Subnets?.FirstOrDefault()?.AvailabilityZone;
        return here is not null && zones.Contains(here) ? [here, .. zones.Where(z => z != here)] : zones;
    }

    /// <summary>Local and Wavelength Zones, which an account may have opted in to, lie elsewhere and are only taken by name.</summary>
    private bool IsOrdinary(string zone) => zone.Length == spec.Region.Length + 1;

    private static string Where(ILookup<string, string> offered, string type) =>
        string.Join(", ", offered.Where(z => z.Contains(type)).Select(z => z.Key).Order(StringComparer.Ordinal)) is { Length: > 0 } zones
            ? zones : "no zone of the region";
}
