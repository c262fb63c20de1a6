namespace Baker.Tests.Support;

/// <summary>Specs with the longest of everything that is valid and that sites really have.</summary>
internal static class WorstSpec
{
    public static readonly string[] Authorities = ["none", "RSA-2048", "RSA-4096", "chain"];

    private static readonly Lazy<string> Small = new(() => OwnAuthority.Rsa(2048, "Example Corp Root CA"));

    private static readonly Lazy<string[]> Large = new(() => [.. new[] { "Root", "Policy", "Issuing" }.AsParallel().Select(n => OwnAuthority.Rsa(4096, $"Example Corporation International {n} CA G2"))]);

    /// <param name="cloud"><c>aws</c>, <c>gcp</c> or <c>local</c>.</param>
    /// <param name="authority">One of <see cref="Authorities"/>.</param>
    /// <param name="isMirrors">Whether it stands in <c>mirrors.ca</c>; else in <c>gitlab.tls.certificate.ca</c>.</param>
    public static string Of(string cloud, string authority, bool hasMirrors, bool isMirrors)
    {
        var pem = authority switch { "none" => "", "RSA-2048" => Small.Value, "RSA-4096" => Large.Value[0], _ => string.Concat(Large.Value) };
        string Indented(int by) => string.Concat(pem.TrimEnd().Split('\n').Select(l => $"{new string(' ', by)}{l}\n"));
        string Block(int by) => pem.Length == 0 ? "" : $"{new string(' ', by)}ca: |\n{Indented(by + 2)}";
        var (identity, secret) = cloud switch
        {
            "aws" => ("instance_profile: duo-production-ROLE", "aws_parameter: /production/duo"),
            "gcp" => ("service_account: duo-production-ROLE@my-project.iam.gserviceaccount.com", "gcp_secret: projects/my-project/secrets/duo-production"),
            _ => ("", "local_file: ./secrets/duo-production"),
        };
        string Identity(string role) => identity.Length == 0 ? "" : $"  {identity.Replace("ROLE", role, StringComparison.Ordinal)}\n";
        var networks = string.Join(", ", Enumerable.Range(0, 50).Select(i => $"198.{18 + (i % 2)}.{i * 5}.{(i * 37 % 16) * 16}/28"));
        return $"""
            version: 1
            name: duo-production-emea
            cloud:
              {cloud switch { "aws" => "aws: { region: ap-northeast-1, zone: ap-northeast-1c, profile: production }", "gcp" => "gcp: { project: my-project, region: europe-west4, zone: europe-west4-a }", _ => "local: {}" }}
            network:
              cidr: 10.80.0.0/20
              web_from: [{networks}]
            ssh:
              from: [{networks}]
              keys: [{string.Join(", ", Enumerable.Range(1, 3).Select(i => $"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{Convert.ToBase64String(Noise.Bytes(i, 32))[..43]} person-{i}@example.com"))}]
            gitlab:
              url: https://gitlab.production.example.com
              tls:
                certificate:
                  cert: {"{"} {secret}-certificate {"}"}
                  key: {"{"} {secret}-key {"}"}
            {(isMirrors ? "" : Block(6))}  license: {"{"} {(cloud == "local" ? "file" : "activation_code")}: {"{"} {secret}-licence {"}"} {"}"}
              root_password: {"{"} {secret}-root {"}"}
            {Identity("gitlab")}  data_gb: 500
              disk_gb: 60
            gateway:
              image: gitlab/model-gateway:self-hosted-v19.4.2-ee@sha256:{Convert.ToHexStringLower(Noise.Bytes(4, 32))}
              disk_gb: 30
            {Identity("gateway")}ollama:
              disk_gb: 4000
              context_length: 8192
              models: [{string.Join(", ", Enumerable.Range(1, 20).Select(i => $"'llama3.1:8b-instruct-q4_K_{i}@sha256:{Convert.ToHexStringLower(Noise.Bytes(10 + i, 32))}'"))}]
            {Identity("ollama")}duo:
              features: [{string.Join(", ", Baker.Stack.Duo.DuoFeatures.All.Where(f => Baker.Stack.Duo.DuoFeatures.Families(f)?.Contains("llama3") != false))}]
              seats: [{string.Join(", ", Enumerable.Range(1, 100).Select(i => $"developer-{i}"))}]
              family: llama3
              accept_testing_terms: true
            tags: {"{"} {string.Join(", ", Enumerable.Range(1, 30).Select(i => $"key-{i}: value-{i}"))} {"}"}
            {(hasMirrors || (isMirrors && pem.Length > 0) ? "mirrors:\n" : "")}{(hasMirrors ? $"""
              gitlab_packages: https://mirror.production.example.com/gitlab/gitlab-ee/ubuntu/noble
              gitlab_packages_key: https://mirror.production.example.com/gitlab/gpg.key
              gitlab_packages_fingerprint: {Convert.ToHexString(Noise.Bytes(5, 20))}
              gateway_registry: registry.production.example.com/duo/gateway
              ollama: https://mirror.production.example.com/ollama/releases
              models: https://models.production.example.com
              apt: https://mirror.production.example.com/ubuntu
              proxy: http://proxy.production.example.com:3128
              no_proxy: [{string.Join(", ", Enumerable.Range(0, 50).Select(i => $".site-{i}.production.example.com"))}]

            """ : "")}{(isMirrors ? Block(2) : "")}
            """;
    }
}
