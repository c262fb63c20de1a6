using System.Text;

namespace Baker.Tests.Support;

/// <summary>Specs of bytes that belong in no checkout: other encodings, sizes, binary.</summary>
/// <param name="Code">The one diagnostic that must come of it; null when the spec is valid.</param>
public sealed record UnusualSpec(string Name, string? Code, byte[] Bytes)
{
    /// <summary>The same with what the hint says done and nothing else; null: FollowedHintTests has a spec that a checkout can hold, or the hint asks.</summary>
    public byte[]? Followed { get; init; }

    private const string Valid = """
        version: 1
        name: duo
        cloud: { local: {} }
        gitlab:
          url: https://gitlab.desk.test
          tls: { private_ca: generate }
          license: { file: { local_file: ./license } }
        ollama:
          models: [llama3.1:8b]
        duo:
          accept_testing_terms: true
        """;

    public static IReadOnlyList<UnusualSpec> All { get; } =
    [
        new("byte order mark", null, [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Valid)]),
        new("carriage returns and line feeds", null, Encoding.UTF8.GetBytes(Valid.Replace("\n", "\r\n", StringComparison.Ordinal))),
        new("carriage returns alone", null, Encoding.UTF8.GetBytes(Valid.Replace('\n', '\r'))),
        new("no line feed at the end", null, Encoding.UTF8.GetBytes(Valid)),
        new("byte order mark and nothing else", "BKR002", [0xEF, 0xBB, 0xBF]),
        new("UTF-16, little end first", "BKR003", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Valid)]) { Followed = Encoding.UTF8.GetBytes(Valid) },
        new("UTF-16, big end first", "BKR003", Encoding.BigEndianUnicode.GetBytes(Valid)) { Followed = Encoding.UTF8.GetBytes(Valid) },
        new("Latin-1", "BKR003", [.. Encoding.UTF8.GetBytes(Valid), .. "# d\xE9j\xE0"u8[..3], 0xE9]) { Followed = Encoding.UTF8.GetBytes(Valid) },
        new("binary", "BKR003", [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 37))]),
        new("NUL", "BKR003", [.. Encoding.UTF8.GetBytes(Valid), 0]) { Followed = Encoding.UTF8.GetBytes(Valid) },
        new("ten megabytes", "BKR004", [.. Encoding.UTF8.GetBytes(Valid + "\n# "), .. Enumerable.Repeat((byte)'x', 10_000_000)]),
        new("one very long line", "BKR110", Encoding.UTF8.GetBytes(Valid.Replace("name: duo", $"name: {new string('x', 500_000)}", StringComparison.Ordinal))),
        new("one very long key", "BKR104", Encoding.UTF8.GetBytes($"{Valid}\n? {new string('x', 500_000)}\n: 1\n")),
        new("half a million brackets", "BKR005", Encoding.UTF8.GetBytes($"name: {new string('[', 500_000)}")),
        new("user-data beyond the limit", "BKR901", OnGoogle(Certificate(280_000))) { Followed = OnGoogle(" { gcp_secret: company-ca }", BesideGitLab) },
        new("user-data without room for what fetches the rest", "BKR902", OnAws(Certificate(24_000))) { Followed = OnAws(" { aws_parameter: /duo/company-ca }", BesideGitLab) },
        new("user-data with a rest that nobody may fetch", "BKR903", Unmade(OnAws(Certificate(5_000)))) { Followed = Unmade(OnAws(Certificate(5_000), BesideGitLab)) },
    ];

    private static string[] BesideGitLab => ["gateway", "ollama"];

    // Machines are as large as GitLab asks, so that nothing is said of them.
    /// <param name="identities">VMs beside GitLab's that have one.</param>
    private static byte[] OnGoogle(string ca, params string[] identities) => With("gcp: { project: my-project, region: europe-west4 }", "gcp_secret: code", ca,
        ("e2-standard-8", "e2-standard-2"), role => $"service_account: duo-{role}@my-project.iam.gserviceaccount.com", identities);

    private static byte[] OnAws(string ca, params string[] identities) => With("aws: { region: eu-central-1 }", "aws_parameter: /duo/code", ca,
        ("c6i.2xlarge", "t3.large"), role => $"instance_profile: duo-{role}", identities);

    /// <summary>A launch makes no identities for it.</summary>
    private static byte[] Unmade(byte[] spec) => [.. spec, .. "identity: none\n"u8];

    private static byte[] With(string cloud, string license, string ca, (string GitLab, string Gateway) types, Func<string, string> identity, string[] identities)
    {
        string Of(string role) => identities.Contains(role) ? $"\n  {identity(role)}" : "";
        return Encoding.UTF8.GetBytes(
            Valid.Replace("local: {}", cloud, StringComparison.Ordinal)
                .Replace("https://gitlab.desk.test", "https://gitlab.example.com", StringComparison.Ordinal)
                .Replace("{ private_ca: generate }", $"{{ letsencrypt: {{ email: ops@example.com }} }}\n  {identity("gitlab")}\n  machine: {types.GitLab}", StringComparison.Ordinal)
                .Replace("{ file: { local_file: ./license } }", $"{{ activation_code: {{ {license} }} }}", StringComparison.Ordinal)
                .Replace("  models: [llama3.1:8b]", $"  models: [llama3.1:8b]{Of("ollama")}", StringComparison.Ordinal)
            + $"\ngateway:\n  machine: {types.Gateway}{Of("gateway")}\nmirrors:\n  ca:{ca}\n");
    }

    // Certificates are not looked into, so that anything that cannot be compressed will do.
    private static string Certificate(int size)
    {
        var noise = new byte[size];
        for (uint i = 0, state = 1; i < noise.Length; i++)
            noise[i] = (byte)((state = (state * 1_664_525) + 1_013_904_223) >> 24);
        return $" |\n    -----BEGIN CERTIFICATE-----\n    {Convert.ToBase64String(noise)}\n    -----END CERTIFICATE-----";
    }
}
