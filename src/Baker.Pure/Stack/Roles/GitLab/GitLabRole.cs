using Baker.Clouds.Facts;
using Baker.Diagnostics;
using Baker.Language.Secrets;
using Baker.Language.Shapes;
using Baker.Stack.Duo;

namespace Baker.Stack.Roles.GitLab;

/// <summary>The GitLab VM: what people see of the stack.</summary>
public sealed class GitLabRole() : Role(Itself)
{
    public const string DefaultPackages = "https://packages.gitlab.com/gitlab/gitlab-ee/ubuntu/noble";

    public const string DefaultPackagesKey = "https://packages.gitlab.com/gpgkey/gpg.key";

    /// <summary>Fingerprint of the key that signs GitLab's APT repository; source: the vendor's page on package signatures.</summary>
    public const string PackagesFingerprint = "F6403F6544A38863DAA0B6E03F01618A51312F3F";

    /// <summary>
    /// For those whose VM changes after this one: when GitLab is up in the version it should have, and only has to be wired.
    /// </summary>
    public static readonly ChangeOrder ChangesFirst = new("gitlab", "backup", ["vendor", "licence", "gateway", "duo", "seats"]);

    internal static readonly RoleFacts Itself = new(
        "gitlab", "the GitLab VM", "GitLab", MachineClass.Server, DiskGb: 50, LeastDiskGb: 20, HostNumber: 10)
    {
        IsRequired = true,
        IsPublic = true,
        DataGb = 50,
    };

    public override MapShape Shape => GitLabShape.Shape;

    public override RoleSpec Read(SpecMap section) => GitLabSpec.From(section);

    public override void Check(Spec spec, DiagnosticBag bag) => GitLabRules.Check(spec, bag);

    public override void Check(MachinePlan machine, StackPlan stack, CloudFacts cloud, DiagnosticBag bag) =>
        GitLabRules.CheckSize(machine, cloud, bag);

    public override ReleasePlan Release(StackLayout stack) =>
        new(stack.GitLabVersion, "gitlab.version", GitLabReleases.IsWhole(stack.Spec.GitLab.Version));

    public override IEnumerable<SecretNeed> Secrets(Spec spec)
    {
        yield return new("root_password", "gitlab.root_password", spec.GitLab.RootPassword ?? Secret.Generate);
        if (spec.GitLab.License is { Secret: { } license } chosen)
            yield return new("license", chosen.IsOnline ? "gitlab.license.activation_code" : "gitlab.license.file", license);
        if (spec.GitLab.Tls is OwnCertificate own)
        {
            if (own.Cert is { } cert)
                yield return new("tls_cert", "gitlab.tls.certificate.cert", cert);
            if (own.Key is { } key)
                yield return new("tls_key", "gitlab.tls.certificate.key", key);
            if (own.Ca is { } ca)
                yield return new("tls_ca", "gitlab.tls.certificate.ca", ca);
        }
        if (spec.GitLab.Tls is PrivateCa)
        {
            foreach (var name in new[] { "tls_cert", "tls_key", "tls_ca" })
                yield return new(name, "gitlab.tls.private_ca", Secret.Generate);
        }
    }

    public override IEnumerable<VmValue> Values(StackLayout stack, StackMachine machine)
    {
        var (gitlab, mirrors) = (stack.Spec.GitLab, stack.Spec.Mirrors);
        var acme = gitlab.Tls as LetsEncrypt;
        var own = gitlab.Tls as OwnCertificate;
        return
        [
            VmValue.Install("gitlab_version", stack.GitLabVersion, "gitlab.version"),
            VmValue.Source("gitlab_packages", mirrors.GitLabPackages ?? DefaultPackages, "mirrors.gitlab_packages"),
            VmValue.Source("gitlab_packages_key", mirrors.GitLabPackagesKey ?? DefaultPackagesKey, "mirrors.gitlab_packages_key"),
            VmValue.Install("gitlab_packages_suite", "noble", ""),
            VmValue.Install("gitlab_packages_fingerprint", mirrors.GitLabPackagesFingerprint ?? PackagesFingerprint,
                "mirrors.gitlab_packages_fingerprint"),
            VmValue.Configure("gitlab_url", stack.GitLabUrl, "gitlab.url"),
            VmValue.Configure("gitlab_host", stack.GitLabHost, "gitlab.url"),
            VmValue.Configure("gitlab_port", $"{gitlab.Url.Port}", "gitlab.url"),
            VmValue.Configure("tls", gitlab.Tls switch { LetsEncrypt => "letsencrypt", PrivateCa => "private_ca", _ => "certificate" },
                "gitlab.tls"),
            VmValue.Configure("letsencrypt_email", acme?.Email ?? "", "gitlab.tls.letsencrypt.email"),
            VmValue.Configure("letsencrypt_directory", acme?.Directory ?? "", "gitlab.tls.letsencrypt.directory"),
            VmValue.Configure("tls_cert", own?.CertPem ?? "", "gitlab.tls.certificate.cert"),
            VmValue.Configure("tls_ca", own?.CaPem ?? "", "gitlab.tls.certificate.ca"),
            VmValue.Configure("license", gitlab.License switch { null => "none", { IsOnline: true } => "online", _ => "offline" },
                "gitlab.license"),
            VmValue.Configure("vendor_hosts", VendorHosts.Value(stack.Spec), "gitlab.license"),
            VmValue.Configure("public_address", gitlab.IsInternalOnly ? "none" : "", "gitlab.public_address"),
            VmValue.Configure("gateway_url", stack.GatewayUrl, "gateway.address"),
            VmValue.Configure("metadata_for", string.Join(' ', gitlab.MetadataFor), "gitlab.metadata_for"),
            .. DuoPlanner.Values(stack),
            .. stack.SecretValues(this, ("tls_cert", "gitlab.tls"), ("tls_key", "gitlab.tls"), ("tls_ca", "gitlab.tls"),
                ("root_password", "gitlab.root_password"), ("license", "gitlab.license")),
        ];
    }

    public override IEnumerable<AccessRule> Access(StackLayout stack)
    {
        var world = new[] { "0.0.0.0/0" };
        if (stack.Spec.GitLab.Tls is LetsEncrypt)
            yield return AccessRule.FromNetworks(world, Name, 80, null, "ACME challenge and redirect to https");
        var web = stack.Spec.Network.WebFrom?.Select(n => n.ToString()).ToArray() ?? world;
        yield return AccessRule.FromNetworks(web, Name, stack.Spec.GitLab.Url.Port, "TLS", "GitLab for people, Git and IDEs");
        yield return AccessRule.FromRole(RoleCatalog.Gateway.Name, Name, stack.Spec.GitLab.Url.Port, "TLS",
            "keys that GitLab signs its tokens with");
    }

    public override IEnumerable<EgressRule> Egress(StackLayout stack)
    {
        var (gitlab, mirrors) = (stack.Spec.GitLab, stack.Spec.Mirrors);
        var (packages, key) = (mirrors.GitLabPackages ?? DefaultPackages, mirrors.GitLabPackagesKey ?? DefaultPackagesKey);
        yield return EgressRule.AtInstall(Name, packages, "GitLab's package");
        if (new Uri(key).Authority != new Uri(packages).Authority)
            yield return EgressRule.AtInstall(Name, key, "the key that signs GitLab's packages");
        // Two stores behind one server, as its maker's list for firewalls has them: omnibus-gitlab, doc/troubleshooting.md of 19.3.
        if (mirrors.GitLabPackages is null)
        {
            yield return EgressRule.AtInstall(Name, "https://storage.googleapis.com", "where GitLab's package server keeps its files");
            yield return EgressRule.AtInstall(Name, "https://d20rj4el6vkp4c.cloudfront.net", "the other place where it keeps them");
        }
        if (gitlab.Tls is LetsEncrypt { Directory: var directory })
        {
            yield return EgressRule.Always(Name, directory ?? "https://acme-v02.api.letsencrypt.org", "certificate and its renewal");
            if (directory is null)
                yield return EgressRule.Always(Name, "https://acme-staging-v02.api.letsencrypt.org", "trial run before each certificate");
            yield return EgressRule.Dns(Name, "the name servers of the URL's zone", "waiting until the name points here");
        }
        foreach (var host in VendorHosts.Of(stack.Spec))
            yield return EgressRule.Always(Name, $"https://{host.Name}", host.Why);
    }
}
