using Baker.Clouds.Facts.Aws;
using Baker.Clouds.Live.Aws.Account;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Disks;
using Baker.Clouds.Live.Aws.Identities;
using Baker.Clouds.Live.Aws.Images;
using Baker.Clouds.Live.Aws.Machines;
using Baker.Clouds.Live.Aws.Network;
using Baker.Clouds.Live.Aws.Secrets;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws;

/// <summary>A stack on EC2, with its secrets in SSM's parameter store.</summary>
internal sealed class AwsCloud : ICloud
{
    private readonly AwsClients _clients;

    /// <param name="clients">Theirs from here on: disposed with the cloud.</param>
    public AwsCloud(AwsSpec spec, AwsClients clients, Surroundings surroundings)
    {
        _clients = clients;
        var border = new AwsBorder(clients, surroundings);
        var ground = new AwsGround();
        var images = new AwsImages(border, spec);
        var disks = new AwsDisks(border);
        var addresses = new AwsAddresses(border);
        var parameters = new AwsParameters(border);
        var secrets = new AwsSecrets(border, spec, parameters);
        var interfaces = new AwsInterfaces(border);
        var things = new AwsThings(border, interfaces);
        var settling = new AwsSettling(border, things);
        var bundles = new AwsBundles(border, spec, parameters, secrets, new AwsBundleRights(clients, spec));
        (Images, Disks, Addresses, Secrets, Bundles) = (images, disks, addresses, secrets, bundles);
        Account = new AwsAccount(border, spec, new AwsPreflight(border, spec, images, secrets, new AwsQuotas(border, clients, spec),
            new AwsProfiles(clients)));
        Lock = new AwsLock(border, parameters, settling);
        Network = new AwsNetwork(border, ground, interfaces, settling);
        var reservations = new AwsReservations(border);
        Reservations = reservations;
        Machines = new AwsInstances(border, ground, interfaces, addresses, disks, images, reservations);
        Console = new AwsConsole(border);
        Dns = clients.Dns is null ? null : new AwsZones(border, clients.Dns);
        Identities = clients.Iam is null ? null : new AwsIdentities(border, clients.Iam, spec);
        Tags = new AwsTagging(border, things, secrets, bundles);
        Bakery = new AwsBakery(border, images);
    }

    public IAccount Account { get; }

    public IStackLock Lock { get; }

    public IAddresses Addresses { get; }

    public INetwork Network { get; }

    public ISecretStore Secrets { get; }

    public IBundles Bundles { get; }

    public IDisks Disks { get; }

    public IImages Images { get; }

    public IMachines Machines { get; }

    public IConsole Console { get; }

    public IReservations Reservations { get; }

    public IDnsZones? Dns { get; }

    public IIdentities? Identities { get; }

    public ITags Tags { get; }

    public IBakery Bakery { get; }

    public ValueTask DisposeAsync()
    {
        _clients.Dispose();
        return ValueTask.CompletedTask;
    }
}
