using System.Collections.Immutable;
using Baker.Language.Secrets;
using Baker.Language.Shapes;
using Baker.Language.Values;

namespace Baker.Stack.Roles.GitLab;

/// <param name="Url">As written; rules have seen to it that it is https and has nothing but host and port.</param>
/// <param name="Tls">Null only when the decision is missing, which has been reported.</param>
/// <param name="DataGb">Size of the data volume, gibibytes.</param>
/// <param name="PublicAddress">Id of one that exists, <c>none</c>, or null: made by Baker.</param>
/// <param name="MetadataFor">Accounts of the VM that may ask the metadata service, beside root.</param>
public sealed record GitLabSpec(
    Uri Url, TlsSpec? Tls, LicenseSpec? License, Secret? RootPassword, string? Version, int? DataGb, string? PublicAddress,
    ImmutableArray<string> MetadataFor, MachineSpec Machine) : RoleSpec(Machine)
{
    /// <summary>Stands in for a URL that was missing or unreadable, so that the other rules can still be checked.</summary>
    public static readonly Uri NoUrl = new("https://gitlab.example.com");

    public override int? WrittenDataGb => DataGb;

    public bool IsInternalOnly => PublicAddress == "none";

    public static GitLabSpec From(SpecMap map) => new(
        map.Text("url") is { } url ? new Uri(url) : NoUrl, TlsSpec.From(map.Map("tls")), LicenseSpec.From(map.Map("license")),
        Secret.From(map, "root_password"), map.Text("version"), map.Number("data_gb"), map.Text("public_address"),
        map.Texts("metadata_for") ?? [], MachineSpec.From(map));
}

/// <summary>Where the certificate comes from.</summary>
public abstract record TlsSpec
{
    public static TlsSpec? From(SpecMap? choice) =>
        choice?.Map("letsencrypt") is { } acme ? new LetsEncrypt(acme.Text("email") ?? "", acme.Text("directory"))
        : choice?.Map("certificate") is { } own ? new OwnCertificate(
            Secret.From(own, "cert") is null ? own.Text("cert") : null, Secret.From(own, "cert"), Secret.From(own, "key"),
            Secret.From(own, "ca") is null ? own.Text("ca") : null, Secret.From(own, "ca"))
        : choice?.Text("private_ca") is not null ? new PrivateCa()
        : null;
}

/// <param name="Directory">URL of another ACME server; null: Let's Encrypt's production server.</param>
public sealed record LetsEncrypt(string Email, string? Directory) : TlsSpec;

/// <param name="CertPem">The chain itself, or null when <paramref name="Cert"/> refers to it.</param>
/// <param name="CaPem">Root that clients must trust; null when <paramref name="Ca"/> refers to it, or a public authority issued the
/// certificate.</param>
public sealed record OwnCertificate(string? CertPem, Secret? Cert, Secret? Key, string? CaPem, Secret? Ca) : TlsSpec;

/// <summary>A certificate authority of the stack's own, made at launch.</summary>
public sealed record PrivateCa : TlsSpec;

/// <param name="IsOnline">True for an activation code, false for a licence file.</param>
/// <param name="Secret">Null only when the reference was wrong, which has been reported.</param>
public sealed record LicenseSpec(bool IsOnline, Secret? Secret)
{
    public static LicenseSpec? From(SpecMap? choice) =>
        choice is null ? null
        : choice.Has("activation_code") ? new LicenseSpec(true, Secret.From(choice, "activation_code"))
        : new LicenseSpec(false, Secret.From(choice, "file"));
}

/// <summary>The keys under <c>gitlab</c>.</summary>
public static class GitLabShape
{
    private static readonly TextFormat PublicAddress = new("a public address", text =>
        text.Any(char.IsWhiteSpace) || text.Length > 100 ? "write `none` or the id of an address" : null);

    public static readonly MapShape Shape = new("the GitLab VM",
        [
            new Key("url", new TextShape("https URL under which people reach GitLab", WebUrl.Format), Required: true),
            new Key("tls", new ChoiceShape("where the certificate comes from",
                new Key("letsencrypt", new MapShape("by ACME from Let's Encrypt; port 80 is open to the world",
                    new Key("email", new TextShape("contact of the ACME account", TextFormats.Email), Required: true),
                    new Key("directory", new TextShape("URL of another ACME server", WebUrl.Format),
                        Default: "Let's Encrypt's production server"))),
                new Key("certificate", new MapShape("a certificate of your own",
                    new Key("cert", new SecretShape("certificate with its chain, PEM or reference", MayBePem: true), Required: true),
                    new Key("key", new SecretShape("its private key"), Required: true),
                    new Key("ca", new SecretShape("root that clients must trust, PEM or reference", MayBePem: true),
                        Default: "none, when a public authority issued the certificate"))),
                new Key("private_ca", new WordShape("a certificate authority of the stack's own, for local and internal stacks",
                    "generate"))), Required: true),
            new Key("license", new ChoiceShape("GitLab Ultimate or Premium with Duo Enterprise",
                new Key("activation_code", new SecretShape("activation code for an online licence")),
                new Key("file", new SecretShape("licence file for an offline licence"))), Default: "none: GitLab runs, Duo waits for one"),
            new Key("root_password", new SecretShape("password of the first administrator", MayGenerate: true), Default: "generate"),
            new Key("version", new TextShape("GitLab EE version, or a minor alone", TextFormats.VersionOrMinor),
                Default: GitLabReleases.Default),
            new Key("data_gb", new NumberShape("size of the data volume, which outlives the VM", 20, 65_536, "GiB"),
                Default: $"{GitLabRole.Itself.DataGb}"),
            new Key("public_address", new TextShape("id of an existing public address, or none for an internal-only stack", PublicAddress),
                Default: "made by Baker; none on local"),
            new Key("metadata_for", new ListShape("accounts that may ask the cloud's metadata service, as root may: for object storage by "
                + "the VM's identity", new WordShape("an account of GitLab's", "git", "registry"), 1, 2), Default: "none"),
            .. MachineShape.Keys(GitLabRole.Itself),
        ]);
}
