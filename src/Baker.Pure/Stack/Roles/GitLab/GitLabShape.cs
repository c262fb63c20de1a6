using Baker.Language.Shapes;
using Baker.Language.Values;

namespace Baker.Stack.Roles.GitLab;

/// <summary>The keys under <c>gitlab</c>.</summary>
public static class GitLabShape
{
    private static readonly TextFormat PublicAddress = new("a public address", text => text.Any(char.IsWhiteSpace) || text.Length > 100 ? "write `none` or the id of an address" : null);

    public static readonly MapShape Shape = new("the GitLab VM",
        [
            new Key("url", new TextShape("https URL under which people reach GitLab", WebUrl.Format), Required: true),
            new Key("tls", new ChoiceShape("where the certificate comes from",
                new Key("letsencrypt", new MapShape("by ACME from Let's Encrypt; port 80 is open to the world",
                    new Key("email", new TextShape("contact of the ACME account", TextFormats.Email), Required: true),
                    new Key("directory", new TextShape("URL of another ACME server", WebUrl.Format), Default: "Let's Encrypt's production server"))),
                new Key("certificate", new MapShape("a certificate of your own",
                    new Key("cert", new SecretShape("certificate with its chain, PEM or reference", MayBePem: true), Required: true),
                    new Key("key", new SecretShape("its private key"), Required: true),
                    new Key("ca", new SecretShape("root that clients must trust, PEM or reference", MayBePem: true), Default: "none, when a public authority issued the certificate"))),
                new Key("private_ca", new WordShape("a certificate authority of the stack's own, for local and internal stacks", "generate"))), Required: true),
            new Key("license", new ChoiceShape("GitLab Ultimate or Premium with Duo Enterprise",
                new Key("activation_code", new SecretShape("activation code for an online licence")),
                new Key("file", new SecretShape("licence file for an offline licence"))), Default: "none: GitLab runs, Duo waits for one"),
            new Key("root_password", new SecretShape("password of the first administrator", MayGenerate: true), Default: "generate"),
            new Key("version", new TextShape("GitLab EE version, or a minor alone", TextFormats.VersionOrMinor), Default: GitLabReleases.Default),
            new Key("data_gb", new NumberShape("size of the data volume, which outlives the VM", 20, 65_536, "GiB"), Default: $"{GitLabRole.Itself.DataGb}"),
            new Key("public_address", new TextShape("id of an existing public address, or none for an internal-only stack", PublicAddress), Default: "made by Baker; none on local"),
            .. MachineShape.Keys(GitLabRole.Itself),
        ]);
}
