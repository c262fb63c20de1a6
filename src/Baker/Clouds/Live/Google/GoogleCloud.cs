using Baker.Clouds.Facts.Google;

namespace Baker.Clouds.Live.Google;

/// <summary>Compute Engine and Secret Manager, put together from their parts.</summary>
internal sealed class GoogleCloud : ICloud
{
    private readonly GoogleBorder _border;

    /// <param name="http">Whose time limit is <see cref="GoogleBorder.RequestLimit"/>.</param>
    /// <param name="token">An access token.</param>
    /// <param name="holder">Who the token belongs to.</param>
    public GoogleCloud(GooglePlace place, Surroundings surroundings, HttpClient http, Func<CancellationToken, Task<GoogleToken>> token,
        Func<Task<string>> holder)
    {
        var time = surroundings.Time;
        _border = new GoogleBorder(http, token, time, surroundings.Say);
        var compute = new Compute(_border, Endpoint(surroundings, "COMPUTE", "https://compute.googleapis.com/compute/v1/"), time,
            surroundings.Say);
        var secrets = new SecretManager(_border, Endpoint(surroundings, "SECRETMANAGER", "https://secretmanager.googleapis.com/"));
        var rights = new GoogleRights(_border, Endpoint(
            surroundings, "CLOUDRESOURCEMANAGER", "https://cloudresourcemanager.googleapis.com/"));
        var subnets = new GoogleSubnets();
        var zones = new GoogleZones(compute, place);
        var labels = new GoogleLabels(compute, place);
        var addresses = new GoogleInternalAddresses(compute, place, labels);
        var vpc = new GoogleVpc(compute, place, subnets);
        var firewall = new GoogleFirewall(compute);
        var disks = new GoogleDisks(compute, place, zones, time, surroundings.Say);
        var external = new GoogleAddresses(compute, place, labels);
        var iam = Endpoint(surroundings, "IAM", "https://iam.googleapis.com/");
        var identities = new GoogleIdentities(_border, place, iam);
        var grants = new GoogleGrants(secrets, time, surroundings.Say);
        var policies = new GooglePolicies(_border, place, Endpoint(surroundings, "ORGPOLICY", "https://orgpolicy.googleapis.com/"));
        Account = new GoogleAccount(compute, place, zones, new GooglePreflight(
            compute, secrets, place, zones, vpc, firewall, rights, labels, disks, external, identities, policies), holder);
        Lock = new GoogleLock(secrets, place, time, surroundings.Say);
        Addresses = external;
        Network = new GoogleNetwork(compute, place, vpc, firewall, addresses);
        Secrets = new GoogleSecrets(secrets, place, grants);
        Identities = new GoogleServiceAccounts(_border, place, rights, grants, iam, time, surroundings.Say, holder);
        Disks = disks;
        var images = new GoogleImages(compute, place, time);
        (Images, Bakery) = (images, new GoogleBakery(compute, place, zones, images));
        Machines = new GoogleInstances(compute, place, new InstanceMaker(compute, place, subnets, addresses, surroundings.Say));
        Dns = new GoogleDnsZones(_border, place, Endpoint(surroundings, "DNS", "https://dns.googleapis.com/dns/v1/"));
        Tags = new GoogleTagging(compute, secrets, place, zones, labels, disks);
        Console = new GoogleConsole(compute);
    }

    public IAccount Account { get; }

    public IStackLock Lock { get; }

    public IAddresses Addresses { get; }

    public INetwork Network { get; }

    public ISecretStore Secrets { get; }

    public IDisks Disks { get; }

    public IImages Images { get; }

    public IMachines Machines { get; }

    public IConsole Console { get; }

    public IIdentities Identities { get; }

    public IDnsZones Dns { get; }

    public ITags Tags { get; }

    public IBakery Bakery { get; }

    public static GoogleCloud Open(GoogleSpec spec, Surroundings surroundings)
    {
        var credentials = new GoogleCredentials(surroundings);
        return new GoogleCloud(Place(spec), surroundings, new HttpClient { Timeout = GoogleBorder.RequestLimit }, credentials.TokenAsync,
            credentials.HolderAsync);
    }

    public static GooglePlace Place(GoogleSpec spec) => new(spec.Project, spec.Region, spec.Zone);

    public ValueTask DisposeAsync()
    {
        _border.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The variables by which gcloud, too, is led to another endpoint.</summary>
    private static string Endpoint(Surroundings surroundings, string api, string usual) =>
        surroundings.Variable($"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api}") is { Length: > 0 } other ? other.TrimEnd('/') + "/" : usual;
}
