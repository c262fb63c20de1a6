using Amazon;
using Amazon.EC2;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Amazon.RuntimeDependencies;
using Amazon.SecurityToken;
using Amazon.SimpleSystemsManagement;
using Amazon.SSO;
using Amazon.SSOOIDC;
using Baker.Clouds.Facts.Aws;

namespace Baker.Clouds.Live.Aws.Border;

/// <summary>The vendor's clients for the services that a stack needs.</summary>
internal sealed record AwsClients(IAmazonEC2 Ec2, IAmazonSimpleSystemsManagement Ssm, IAmazonSecurityTokenService Sts,
    AwsQuery? Iam, AwsJson Quotas, AwsRestXml? Dns) : IDisposable
{
    /// <summary>STS where every account may ask; null: no other place than the region's own.</summary>
    public IAmazonSecurityTokenService? Home { get; init; }

    /// <summary>One request with its answer. Consoles and lists of images take a few seconds at most.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <exception cref="CloudException">The profile is not there, or there are no credentials.</exception>
    public static AwsClients Open(AwsSpec spec, Surroundings surroundings)
    {
        RegisterForProfiles();
        // The SDK would find these endpoints by itself in the process's environment; the surroundings are what a command is given.
        T Settle<T>(T config, string service)
            where T : ClientConfig
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(spec.Region);
            if ((surroundings.Variable($"AWS_ENDPOINT_URL_{service}") ?? surroundings.Variable("AWS_ENDPOINT_URL")) is { Length: > 0 } url)
            {
                config.ServiceURL = url;
                config.AuthenticationRegion = spec.Region;
            }
            return Patient(config);
        }

        var ec2 = Settle(new AmazonEC2Config(), "EC2");
        var ssm = Settle(new AmazonSimpleSystemsManagementConfig(), "SSM");
        var sts = Settle(new AmazonSecurityTokenServiceConfig(), "STS");
        var credentials = Credentials(spec, surroundings, sts);
        AWSCredentials Found() => credentials ?? DefaultAWSCredentialsIdentityResolver.GetCredentials(sts);
        var iam = IamOf(spec, surroundings, Found, new HttpClient { Timeout = Patience });
        var quotas = QuotasOf(spec, surroundings, Found, new HttpClient { Timeout = Patience });
        var dns = DnsOf(spec, surroundings, Found, new HttpClient { Timeout = Patience });
        // An endpoint that somebody names is the only one to ask.
        var home = sts.ServiceURL is null && AwsPartition.Of(spec.Region).IamRegion is var first && first != spec.Region
            ? Patient(new AmazonSecurityTokenServiceConfig { RegionEndpoint = RegionEndpoint.GetBySystemName(first) }) : null;
        try
        {
            return credentials is null
                ? new AwsClients(new AmazonEC2Client(ec2), new AmazonSimpleSystemsManagementClient(ssm),
                    new AmazonSecurityTokenServiceClient(sts), iam, quotas, dns)
                {
                    Home = home is null ? null : new AmazonSecurityTokenServiceClient(home)
                }
                : new AwsClients(new AmazonEC2Client(credentials, ec2), new AmazonSimpleSystemsManagementClient(credentials, ssm),
                    new AmazonSecurityTokenServiceClient(credentials, sts), iam, quotas, dns)
                {
                    Home = home is null ? null : new AmazonSecurityTokenServiceClient(credentials, home)
                };
        }
        catch (AmazonClientException e) when (credentials is null)
        {
            // The SDK looks for credentials as it makes a client, before any request, and lists what every place answered.
            throw new CloudException(CloudFailure.NotSignedIn, "looking for AWS credentials",
                "there are none: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set, no default profile has any, and this machine "
                    + "has no role", AwsAdvice.SignIn, e);
        }
    }

    /// <summary>The border repeats requests itself: it knows which are safe to repeat, and waits by the clock it is given.</summary>
    public static T Patient<T>(T config)
        where T : ClientConfig
    {
        config.MaxErrorRetry = 0;
        config.Timeout = Patience;
        return config;
    }

    /// <summary>IAM's client is not among the vendor's packages that every feed has.</summary>
    /// <returns>Null: nobody has told us where IAM is asked.</returns>
    public static AwsQuery? IamOf(AwsSpec spec, Surroundings surroundings, Func<AWSCredentials> credentials, HttpClient http)
    {
        var partition = AwsPartition.Of(spec.Region);
        var url = (surroundings.Variable("AWS_ENDPOINT_URL_IAM") ?? surroundings.Variable("AWS_ENDPOINT_URL")) is { Length: > 0 } given
            ? given : partition.IamHost is { } host ? $"https://{host}" : null;
        return url is null ? null : new AwsQuery(
            new AwsSignature(new Uri(url), "iam", partition.IamRegion, credentials, surroundings.Time), "2010-05-08", http);
    }

    /// <summary>Nor is that of Service Quotas.</summary>
    public static AwsJson QuotasOf(AwsSpec spec, Surroundings surroundings, Func<AWSCredentials> credentials, HttpClient http)
    {
        var url = surroundings.Variable("AWS_ENDPOINT_URL_SERVICE_QUOTAS") is { Length: > 0 } own ? own
            : surroundings.Variable("AWS_ENDPOINT_URL") is { Length: > 0 } all ? all
            : $"https://servicequotas.{spec.Region}.{AwsPartition.Of(spec.Region).Domain}";
        return new AwsJson(
            new AwsSignature(new Uri(url), "servicequotas", spec.Region, credentials, surroundings.Time), "ServiceQuotasV20190624", http);
    }

    /// <summary>Nor is that of Route 53.</summary>
    /// <returns>Null: nobody has told us where it is asked.</returns>
    public static AwsRestXml? DnsOf(AwsSpec spec, Surroundings surroundings, Func<AWSCredentials> credentials, HttpClient http)
    {
        var partition = AwsPartition.Of(spec.Region);
        var named = surroundings.Variable("AWS_ENDPOINT_URL_ROUTE_53") ?? surroundings.Variable("AWS_ENDPOINT_URL");
        var url = named is { Length: > 0 } given ? given : partition.DnsHost is { } host ? $"https://{host}" : null;
        return url is null ? null : new AwsRestXml(
            new AwsSignature(new Uri(url), "route53", partition.DnsRegion, credentials, surroundings.Time), "2013-04-01", http);
    }

    public void Dispose()
    {
        Ec2.Dispose();
        Ssm.Dispose();
        Sts.Dispose();
        Home?.Dispose();
        Iam?.Dispose();
        Quotas.Dispose();
        Dns?.Dispose();
    }

    /// <returns>Null: the SDK's own order decides.</returns>
    private static AWSCredentials? Credentials(AwsSpec spec, Surroundings surroundings, AmazonSecurityTokenServiceConfig sts)
    {
        if (spec.Profile is { } profile)
            return OfProfile(profile, "cloud.aws.profile", sts);
        var (key, secret) = (surroundings.Variable("AWS_ACCESS_KEY_ID"), surroundings.Variable("AWS_SECRET_ACCESS_KEY"));
        if (!string.IsNullOrEmpty(key) && !string.IsNullOrEmpty(secret))
            return surroundings.Variable("AWS_SESSION_TOKEN") is { Length: > 0 } session ? new SessionAWSCredentials(key, secret, session)
                : new BasicAWSCredentials(key, secret);
        if (surroundings.Variable("AWS_WEB_IDENTITY_TOKEN_FILE") is { Length: > 0 })
            return null;
        // The SDK's own order passes over a profile that nobody has signed in to through SSO yet, and ends with an error about the
        // machine's role.
        return surroundings.Variable("AWS_PROFILE") is { Length: > 0 } named ? OfProfile(named, "AWS_PROFILE", sts)
            : OfStore("default", sts);
    }

    private static AWSCredentials OfProfile(string profile, string namedBy, AmazonSecurityTokenServiceConfig sts) =>
        OfStore(profile, sts) ?? throw new CloudException(
            CloudFailure.NotSignedIn, $"reading the profile {profile}",
            "there is no such profile in the AWS configuration, or it names no credentials",
            $"`aws configure list-profiles` shows those that are there; {namedBy} names the one to use");

    /// <returns>Null: there is no such profile, or none with credentials.</returns>
    private static AWSCredentials? OfStore(string profile, AmazonSecurityTokenServiceConfig sts)
    {
        var store = new CredentialProfileStoreChain();
        // The SDK reads it through a client whose package not every feed has.
        for (var (name, seen) = (profile, new HashSet<string>()); name is { Length: > 0 } && seen.Add(name)
            && store.TryGetProfile(name, out var found); name = found.Options.SourceProfile)
        {
            if (found.Options.LoginSession is { Length: > 0 })
                throw new CloudException(CloudFailure.NotSignedIn, $"reading the profile {profile}",
                    $"{(name == profile ? "it" : $"its source {name}")} signs in with `aws login`, which Baker cannot read",
                    $"eval \"$(aws configure export-credentials --profile {profile} --format env)\" hands the credentials on, for as long "
                    + "as they hold; Baker uses them when neither cloud.aws.profile nor AWS_PROFILE names a profile");
        }
        return store.TryGetAWSCredentials(profile, out var credentials) ? AwsRoleCredentials.Of(profile, credentials, sts) : null;
    }

    /// <summary>
    /// Profiles with a web identity or SSO need other clients, which the SDK loads by reflection: not in a native program. These ask
    /// without credentials.
    /// </summary>
    private static void RegisterForProfiles()
    {
        var registry = GlobalRuntimeDependencyRegistry.Instance;
        registry.RegisterSecurityTokenServiceClient(context => new AmazonSecurityTokenServiceClient(
            new AnonymousAWSCredentials(), RegionEndpoint.GetBySystemName(
                context.SecurityTokenServiceClientContextData.Region.SystemName)));
        registry.RegisterSSOClient(context => new AmazonSSOClient(new AnonymousAWSCredentials(), context.SSOClientContextData.Region));
        registry.RegisterSSOOIDCClient(context =>
            new AmazonSSOOIDCClient(new AnonymousAWSCredentials(), context.SSOOIDCClientContextData.Region));
    }
}
