using Baker.Language.Secrets;
using Baker.Language.Shapes;

namespace Baker.Stack.Roles.GitLab;

/// <param name="Url">As written; rules have seen to it that it is https and has nothing but host and port.</param>
/// <param name="Tls">Null only when the decision is missing, which has been reported.</param>
/// <param name="DataGb">Size of the data volume, gibibytes.</param>
/// <param name="PublicAddress">Id of one that exists, <c>none</c>, or null: made by Baker.</param>
public sealed record GitLabSpec(
    Uri Url, TlsSpec? Tls, LicenseSpec? License, Secret? RootPassword, string? Version, int? DataGb, string? PublicAddress, MachineSpec Machine) : RoleSpec(Machine)
{
    /// <summary>Stands in for a URL that was missing or unreadable, so that the other rules can still be checked.</summary>
    public static readonly Uri NoUrl = new("https://gitlab.example.com");

    public override int? WrittenDataGb => DataGb;

    public bool IsInternalOnly => PublicAddress == "none";

    public static GitLabSpec From(SpecMap map) => new(
        map.Text("url") is { } url ? new Uri(url) : NoUrl, TlsSpec.From(map.Map("tls")), LicenseSpec.From(map.Map("license")),
        Secret.From(map, "root_password"), map.Text("version"), map.Number("data_gb"), map.Text("public_address"), MachineSpec.From(map));
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
/// <param name="CaPem">Root that clients must trust; null when <paramref name="Ca"/> refers to it, or a public authority issued the certificate.</param>
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
