using System.Text;
using System.Text.RegularExpressions;
using Baker.Diagnostics;
using Baker.Planning;
using Baker.Rendering;
using Baker.Stack;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Rendering;

/// <summary>Nothing of a spec escapes a reviewer: whatever key has another value, the page says something else, and not only in its digests.</summary>
public partial class ReviewMutationTests
{
    private const string Certificate = "cert: { vm_file: /a.crt }, key: { vm_file: /a.key }";

    private static readonly string First = OwnAuthority.Rsa(2048, "First Root");

    private static readonly string Second = OwnAuthority.Rsa(2048, "Second Root");

    // The same name: only its key is another.
    private static readonly string Twin = OwnAuthority.Rsa(2048, "First Root");

    internal static readonly (string Key, string Cloud, string Before, string After)[] Cases =
    [
        ("name", "aws", "name: duo", "name: other"),
        ("evaluation", "aws", "", "evaluation: true"),
        ("cloud.aws.region", "aws", "", "cloud: { aws: { region: eu-central-1 } }"),
        ("cloud.aws.zone", "aws", "", "cloud: { aws: { region: ap-northeast-1, zone: ap-northeast-1c } }"),
        ("cloud.aws.profile", "aws", "", "cloud: { aws: { region: ap-northeast-1, profile: production } }"),
        ("cloud.gcp.project", "gcp", "", "cloud: { gcp: { project: other-project, region: asia-northeast1 } }"),
        ("cloud.gcp.region", "gcp", "", "cloud: { gcp: { project: my-project, region: europe-west4 } }"),
        ("cloud.gcp.zone", "gcp", "", "cloud: { gcp: { project: my-project, region: asia-northeast1, zone: asia-northeast1-c } }"),
        ("cloud.local.image", "local", "", "cloud: { local: { image: ./other.img } }"),
        ("cloud.local.kernel", "local", "cloud: { local: { image: ./i, kernel: ./a, initrd: ./b } }", "cloud: { local: { image: ./i, kernel: ./c, initrd: ./b } }"),
        ("cloud.local.initrd", "local", "cloud: { local: { image: ./i, kernel: ./a, initrd: ./b } }", "cloud: { local: { image: ./i, kernel: ./a, initrd: ./c } }"),
        ("network.cidr", "aws", "", "network: { cidr: 10.99.0.0/16 }"),
        ("network.web_from", "aws", "", "network: { web_from: [203.0.113.0/24] }"),
        ("network.egress.role", "aws", Egress(), Egress(role: "ollama")),
        ("network.egress.to", "aws", Egress(), Egress(to: "10.8.0.0/16")),
        ("network.egress.port", "aws", Egress(), Egress(port: 9443)),
        ("network.egress.why", "gcp", Egress(), Egress(why: "events go to the archive")),
        ("network.existing.network", "aws", Network("vpc-0a", "subnet-0a", "10.0.0.0/24", "subnet-0b", "10.0.1.0/24"), Network("vpc-0b", "subnet-0a", "10.0.0.0/24", "subnet-0b", "10.0.1.0/24")),
        ("network.existing.public_subnet.id", "aws", Network("vpc-0a", "subnet-0a", "10.0.0.0/24", "subnet-0b", "10.0.1.0/24"), Network("vpc-0a", "subnet-0c", "10.0.0.0/24", "subnet-0b", "10.0.1.0/24")),
        ("network.existing.public_subnet.cidr", "aws", Network("vpc-0a", "subnet-0a", "10.0.0.0/24", "subnet-0b", "10.0.1.0/24"), Network("vpc-0a", "subnet-0a", "10.0.0.0/25", "subnet-0b", "10.0.1.0/24")),
        ("network.existing.private_subnet.id", "aws", Network("vpc-0a", "subnet-0a", "10.0.0.0/24", "subnet-0b", "10.0.1.0/24"), Network("vpc-0a", "subnet-0a", "10.0.0.0/24", "subnet-0c", "10.0.1.0/24")),
        ("network.existing.private_subnet.cidr", "aws", Network("vpc-0a", "subnet-0a", "10.0.0.0/24", "subnet-0b", "10.0.1.0/24"), Network("vpc-0a", "subnet-0a", "10.0.0.0/24", "subnet-0b", "10.0.1.0/25")),
        ("network.existing.subnet.id", "gcp", Subnet("a", "10.0.0.0/16"), Subnet("b", "10.0.0.0/16")),
        ("network.existing.subnet.cidr", "gcp", Subnet("a", "10.0.0.0/16"), Subnet("a", "10.0.0.0/17")),
        ("dns.route53.zone", "aws", "dns: { route53: { zone: Z0AAA } }", "dns: { route53: { zone: Z0BBB } }"),
        ("dns.cloud_dns.zone", "gcp", "dns: { cloud_dns: { zone: one } }", "dns: { cloud_dns: { zone: other } }"),
        ("dns.cloud_dns.project", "gcp", "dns: { cloud_dns: { zone: one } }", "dns: { cloud_dns: { project: my-dns-project, zone: one } }"),
        ("ssh.from", "aws", Ssh("203.0.113.0/24", 1), Ssh("198.51.100.0/24", 1)),
        ("ssh.keys", "aws", Ssh("203.0.113.0/24", 1), Ssh("203.0.113.0/24", 2)),
        ("ssh.iap", "gcp", "", "ssh: { iap: true }"),
        ("ssh.session_manager", "aws", Identities, $"{Identities}ssh: {{ session_manager: true }}"),
        ("gitlab.url", "aws", "", "gitlab: { url: https://git.example.com }"),
        ("gitlab.tls.letsencrypt.email", "aws", "", "gitlab: { tls: { letsencrypt: { email: admin@example.com } } }"),
        ("gitlab.tls.letsencrypt.directory", "aws", "", "gitlab: { tls: { letsencrypt: { email: ops@example.com, directory: https://acme.example.com/directory } } }"),
        ("gitlab.tls.certificate.cert", "aws", Tls("cert: { vm_file: /a.crt }, key: { vm_file: /a.key }"), Tls("cert: { vm_file: /b.crt }, key: { vm_file: /a.key }")),
        ("gitlab.tls.certificate.key", "aws", Tls("cert: { vm_file: /a.crt }, key: { vm_file: /a.key }"), Tls("cert: { vm_file: /a.crt }, key: { vm_file: /b.key }")),
        ("gitlab.tls.certificate.ca", "aws", Tls($"{Certificate}, ca: {Quoted(First)}"), Tls($"{Certificate}, ca: {Quoted(Twin)}")),
        ("gitlab.tls.private_ca", "local", Tls(Certificate), "gitlab: { tls: { private_ca: generate } }"),
        ("gitlab.license.activation_code", "aws", "", "gitlab: { license: { activation_code: { aws_parameter: /duo/other } } }"),
        ("gitlab.license.file", "local", "", "gitlab: { license: { file: { local_file: ./other.license } } }"),
        ("gitlab.root_password", "aws", "", "gitlab: { root_password: { aws_parameter: /duo/root } }"),
        ("gitlab.version", "aws", "", "gitlab: { version: 19.3.11 }"),
        ("gitlab.metadata_for", "aws", "", "gitlab: { metadata_for: [git] }"),
        ("gitlab.data_gb", "aws", "", "gitlab: { data_gb: 60 }"),
        ("gitlab.public_address", "aws", "", "gitlab: { public_address: eipalloc-0123456789abcdef0 }"),
        ("gitlab.machine", "aws", "", "gitlab: { machine: c6i.2xlarge }"),
        ("gitlab.disk_gb", "aws", "", "gitlab: { disk_gb: 60 }"),
        ("gitlab.address", "aws", "", "gitlab: { address: 10.77.0.11 }"),
        ("gitlab.instance_profile", "aws", "", "gitlab: { instance_profile: other }"),
        ("gitlab.service_account", "gcp", "", "gitlab: { service_account: other@my-project.iam.gserviceaccount.com }"),
        ("gateway.image", "aws", "", "gateway: { image: 'registry.example.com/gateway:self-hosted-v19.4.1-ee' }"),
        ("gateway.auth", "aws", "evaluation: true", "evaluation: true\ngateway: { auth: bypass }"),
        ("gateway.machine", "aws", "", "gateway: { machine: t3.large }"),
        ("gateway.disk_gb", "aws", "", "gateway: { disk_gb: 30 }"),
        ("gateway.address", "aws", "", "gateway: { address: 10.77.1.21 }"),
        ("gateway.instance_profile", "aws", "", "gateway: { instance_profile: other }"),
        ("gateway.service_account", "gcp", "", "gateway: { service_account: other@my-project.iam.gserviceaccount.com }"),
        ("ollama.version", "aws", Ollama("version: 0.32.7, sha256: SUM"), Ollama("version: 0.32.8, sha256: SUM")),
        ("ollama.sha256", "aws", Ollama("version: 0.32.8, sha256: SUM"), Ollama("version: 0.32.8, sha256: OTHER")),
        ("ollama.models", "aws", "", "ollama: { models: ['mistral:instruct', 'llama3:8b'] }"),
        ("ollama.context_length", "aws", "", "ollama: { context_length: 8192 }"),
        ("ollama.keep_alive", "aws", "", "ollama: { keep_alive: 30m }"),
        ("ollama.parallel", "aws", "", "ollama: { parallel: 1 }"),
        ("ollama.queue", "aws", "", "ollama: { queue: 100 }"),
        ("ollama.flash_attention", "aws", "", "ollama: { flash_attention: 'on' }"),
        ("ollama.cache_type", "aws", "ollama: { flash_attention: 'on', cache_type: q8_0 }", "ollama: { flash_attention: 'on', cache_type: q4_0 }"),
        ("ollama.gpu", "aws", "", "ollama: { gpu: none }"),
        ("ollama.gpu.type", "gcp", "ollama: { gpu: { type: nvidia-tesla-t4 } }", "ollama: { gpu: { type: nvidia-tesla-v100 } }"),
        ("ollama.gpu.count", "gcp", "ollama: { gpu: { type: nvidia-tesla-t4, count: 1 } }", "ollama: { gpu: { type: nvidia-tesla-t4, count: 2 } }"),
        ("ollama.host", "aws", "", "ollama: { host: '0.0.0.0:11434' }"),
        ("ollama.filter", "aws", "", "ollama: { filter: false }"),
        ("ollama.machine", "aws", "", "ollama: { machine: g4dn.2xlarge }"),
        ("ollama.disk_gb", "aws", "", "ollama: { disk_gb: 60 }"),
        ("ollama.address", "aws", "", "ollama: { address: 10.77.1.31 }"),
        ("ollama.instance_profile", "aws", "", "ollama: { instance_profile: other }"),
        ("ollama.service_account", "gcp", "", "ollama: { service_account: other@my-project.iam.gserviceaccount.com }"),
        ("duo.model", "aws", "ollama: { models: ['mistral:instruct', 'llama3:8b'] }", "ollama: { models: ['mistral:instruct', 'llama3:8b'] }\nduo: { model: 'llama3:8b' }"),
        ("duo.family", "aws", "ollama: { models: ['own:1b'] }\nduo: { family: mistral }", "ollama: { models: ['own:1b'] }\nduo: { family: llama3 }"),
        ("duo.name", "aws", "", "duo: { name: another }"),
        ("duo.features", "aws", "", "duo: { features: [code_completions] }"),
        ("duo.seats", "aws", "", "duo: { seats: [root, alice] }"),
        ("duo.only_self_hosted", "aws", "", "duo: { only_self_hosted: false }"),
        ("duo.accept_testing_terms", "aws", "", "duo: { accept_testing_terms: true }"),
        ("identity.boundary", "aws", $"{MadeIdentity}identity: {{ boundary: arn:aws:iam::123456789012:policy/a }}", $"{MadeIdentity}identity: {{ boundary: arn:aws:iam::123456789012:policy/b }}"),
        ("images.use", "aws", "", "images: stock"),
        ("images.gitlab", "aws", "", "images: { gitlab: ami-0123456789abcdef0 }"),
        ("images.gateway", "aws", "", "images: { gateway: ami-0123456789abcdef0 }"),
        ("images.ollama", "aws", "", "images: { ollama: ami-0123456789abcdef0 }"),
        ("images.builder.subnet", "aws", "", "images: { builder: { subnet: subnet-0123456789abcdef0 } }"),
        ("images.builder.access", "aws", "", "images: { builder: { access: ssm } }"),
        ("images.max_age_days", "aws", "", "images: { max_age_days: 7 }"),
        ("mirrors.gitlab_packages", "aws", "", "mirrors: { gitlab_packages: https://a.example.com/gitlab }"),
        ("mirrors.gitlab_packages_key", "aws", "", "mirrors: { gitlab_packages_key: https://a.example.com/gpg.key }"),
        ("mirrors.gitlab_packages_fingerprint", "aws", "", $"mirrors: {{ gitlab_packages_fingerprint: {new string('A', 40)} }}"),
        ("mirrors.gateway_registry", "aws", "", "mirrors: { gateway_registry: a.example.com/duo }"),
        ("mirrors.ollama", "aws", "", "mirrors: { ollama: https://a.example.com/ollama }"),
        ("mirrors.models", "aws", "", "mirrors: { models: https://a.example.com/models }"),
        ("mirrors.apt", "aws", "", "mirrors: { apt: https://a.example.com/ubuntu }"),
        ("mirrors.proxy", "aws", "", "mirrors: { proxy: http://proxy.example.com:3128 }"),
        ("mirrors.no_proxy", "aws", "mirrors: { proxy: http://proxy.example.com:3128 }", "mirrors: { proxy: http://proxy.example.com:3128, no_proxy: [.example.net] }"),
        ("mirrors.ca", "aws", $"{Identities}mirrors: {{ ca: {Quoted(First)} }}", $"{Identities}mirrors: {{ ca: {Quoted(First + Second)} }}"),
        ("tags", "aws", "tags: { team: a }", "tags: { team: b }"),
        ("kms_key", "aws", "", "kms_key: alias/duo"),
    ];

    /// <summary>With two authorities its user-data has no room on AWS: its VM fetches the rest, by that identity.</summary>
    private const string Identities = "ollama: { instance_profile: duo-ollama }\ngateway: { instance_profile: duo-gateway }\n";

    private const string MadeIdentity = "gateway: { machine: t3.large }\nssh: { session_manager: true }\n";

    public static TheoryData<string> Keys => [.. Cases.Select(c => c.Key)];

    [Theory, MemberData(nameof(Keys))]
    public void Another_value_is_seen_on_the_page(string key)
    {
        var (_, cloud, before, after) = Cases.Single(c => c.Key == key);
        Assert.NotEqual(Page(cloud, before), Page(cloud, after));
    }

    [Fact]
    public void No_key_is_left_out() => Assert.Equal(
        SpecKey.All.Select(k => k.Path).Where(p => p != "version" && (p == "ollama.gpu" || !SpecKey.All.Any(k => k.Path.StartsWith($"{p}.", StringComparison.Ordinal)))).Order(StringComparer.Ordinal),
        Cases.Select(c => c.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void Keys_and_authorities_stand_there_by_name_and_fingerprint()
    {
        var page = Page("aws", $"{Identities}mirrors: {{ ca: {Quoted(First + Second)} }}\n{Ssh("203.0.113.0/24", 1)}");
        Assert.Matches(@"\| authority Second Root \| gitlab, gateway, ollama: [^|]+ \| `([0-9A-F]{2}:){31}[0-9A-F]{2}` \|", page);
        Assert.Matches(@"\| SSH key person@example\.com \| [^|]+ \| `SHA256:[A-Za-z0-9+/]{43}` \|", page);
        Assert.Contains("| `F6403F6544A38863DAA0B6E03F01618A51312F3F` |", page, StringComparison.Ordinal);
    }

    /// <summary>The page without what changes with every byte: digests, fingerprints of images, sizes.</summary>
    private static string Page(string cloud, string fragment)
    {
        var page = Encoding.UTF8.GetString(Rendered(cloud, fragment).Artifacts.Files.Single(f => f.Path == "README.md").Bytes.Span);
        return Digests().Replace(UserDataSection().Replace(page, ""), "<digest>");
    }

    /// <summary>The cloud's example with a fragment over it; empty: as it is.</summary>
    internal static (Plan Plan, Artifacts Artifacts) Rendered(string cloud, string fragment)
    {
        var bag = new DiagnosticBag();
        var text = fragment.Length == 0 ? Checkout.Read("examples", $"{cloud}.yaml") : ManualSpec.Over(cloud, fragment);
        var spec = SpecReader.Read("baker.yaml", Encoding.UTF8.GetBytes(text), bag).Spec;
        Assert.True(spec is not null, string.Join('\n', bag.InFileOrder.Select(d => d.Message.Text)));
        var plan = Planner.Plan(spec);
        PlanRules.Check(plan, bag);
        var artifacts = Renderer.Render(plan, bag);
        Assert.DoesNotContain(bag.InFileOrder, d => d.Message.Severity == Severity.Error);
        return (plan, artifacts);
    }

    private static string Egress(string role = "gitlab", string to = "10.9.0.0/16", int port = 8443, string why = "events go to the audit server") =>
        $"network: {{ egress: [{{ role: {role}, to: {to}, port: {port}, why: {why} }}] }}";

    private static string Network(string network, string @public, string publicCidr, string @private, string privateCidr) =>
        $"network: {{ existing: {{ network: {network}1234567890, public_subnet: {{ id: {@public}1234567890, cidr: {publicCidr} }}, private_subnet: {{ id: {@private}1234567890, cidr: {privateCidr} }} }} }}\n"
        + "gitlab: { address: 10.0.0.10 }\ngateway: { address: 10.0.1.20 }\nollama: { address: 10.0.1.30 }";

    private static string Subnet(string name, string cidr) =>
        $"network: {{ existing: {{ network: mine, subnet: {{ id: {name}, cidr: {cidr} }} }} }}\ngitlab: {{ address: 10.0.0.10 }}\ngateway: {{ address: 10.0.1.20 }}\nollama: {{ address: 10.0.1.30 }}";

    private static string Ssh(string from, int key) =>
        $"ssh: {{ from: [{from}], keys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{Convert.ToBase64String(Noise.Bytes(key, 32))[..43]} person@example.com'] }}";

    private static string Tls(string certificate) => $"gitlab: {{ tls: {{ certificate: {{ {certificate} }} }} }}";

    private static string Ollama(string keys) =>
        $"ollama: {{ {keys.Replace("SUM", new string('a', 64), StringComparison.Ordinal).Replace("OTHER", new string('b', 64), StringComparison.Ordinal)} }}";

    private static string Quoted(string text) => $"\"{text.Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    [GeneratedRegex(@"\n## User-data\n.*?(?=\n## )", RegexOptions.Singleline)]
    private static partial Regex UserDataSection();

    // Of a bundle; a digest that the spec names stands beside its algorithm.
    [GeneratedRegex(@"(?<=/user-data/[a-z]+/)[0-9a-f]{64}")]
    private static partial Regex Digests();
}
