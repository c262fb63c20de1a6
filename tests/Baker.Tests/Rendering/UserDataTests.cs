using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Baker.Clouds;
using Baker.Machine;
using Baker.Rendering;
using Baker.Roles;
using Baker.Tests.Support;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Baker.Tests.Rendering;

public partial class UserDataTests(RenderedExamples examples)
{
    public static TheoryData<string> Examples => [.. Checkout.Examples];

    public static TheoryData<string> Roles => [.. RoleCatalog.All.Select(r => r.Name)];

    [Theory, MemberData(nameof(Examples))]
    public void Every_script_comes_out_of_it_as_it_is(string example)
    {
        foreach (var file in examples.UserData(example))
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(File.ReadAllText(file)));
            var written = ((YamlSequenceNode)yaml.Documents.Single().RootNode["write_files"]).Select(f => (Text(f["path"]), ModeOf(f), Text(f["content"])));
            var scripts = MachineFiles.For(Path.GetFileNameWithoutExtension(file), CloudOf(example)).Select(f => ($"{MachineFiles.Directory}/{f.Name}", f.Mode, Encoding.UTF8.GetString(f.Bytes.Span)));
            Assert.Equal(scripts, written.Where(w => w.Item1 != MachineFiles.ValuesPath));
        }
    }

    [Theory, MemberData(nameof(Examples))]
    public async Task A_compressed_form_is_the_plain_one_and_fits(string example)
    {
        foreach (var file in examples.UserData(example))
        {
            // A cloud that takes the plain form gets no second one.
            Assert.Equal(new FileInfo(file).Length > Limit(example), File.Exists(file + ".gz"));
            if (!File.Exists(file + ".gz"))
                continue;
            var bytes = File.ReadAllBytes(file + ".gz");
            Assert.InRange(bytes.Length, 1, Limit(example));
            AssertNoTimeAndNoName(bytes);
            using var plain = new MemoryStream();
            using (var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress))
                gzip.CopyTo(plain);
            Assert.Equal(File.ReadAllBytes(file), plain.ToArray());
            // Not only by the library that wrote it, whose readers differ on files of several members.
            Assert.Equal(File.ReadAllText(file), (await Tool.Wanted("gzip", "gzip").RunAsync("-dc", file + ".gz")).Require());
        }
    }

    [Theory, MemberData(nameof(Roles))]
    public void The_part_that_is_compressed_once_has_no_time_and_no_name_either(string role) => AssertNoTimeAndNoName(UserDataScripts.Of(role, "aws").Compressed.ToArray());

    [Fact]
    public async Task What_does_not_fit_even_when_compressed_is_an_error_that_says_by_how_much()
    {
        using var folder = new TemporaryFolder();
        var certificates = Certificates(40);
        folder.File("baker.yaml", Checkout.Read("examples", "aws.yaml") + "mirrors:\n  ca: |\n" + string.Concat(certificates.Split('\n').Select(line => $"    {line}\n")));
        var run = await BakerRun.InAsync(folder.Path, "", "render", "--out", "out");
        Assert.NotEqual(0, run.Code);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "out")));
        var reports = TooLarge().Matches(run.Error);
        Assert.Equal(RoleCatalog.All.Select(r => r.Name).Order(), reports.Select(r => r.Groups["role"].Value).Order());
        foreach (var report in reports.Cast<Match>())
        {
            var (bytes, more) = (Number(report, "bytes"), Number(report, "more"));
            Assert.Equal(16384, bytes - more);
            // Random keys and signatures are a third of a certificate at least, and base64 of them gives back a quarter.
            Assert.InRange(bytes, 16384 + 1, 16384 + certificates.Length);
        }
    }

    [Fact]
    public async Task There_is_room_for_mirrors_and_an_authority_of_their_own()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=Example Corp Root CA, O=Example Corp, C=JP", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(70));
        using var folder = new TemporaryFolder();
        folder.File("baker.yaml", $"""
            {Checkout.Read("examples", "production.yaml")}
            mirrors:
              apt: https://mirror.example.com/ubuntu
              gitlab_packages: https://mirror.example.com/gitlab/
              gateway_registry: registry.example.com/duo
              ollama: https://mirror.example.com/ollama
              models: https://models.example.com
              ca: |
            {string.Join('\n', certificate.ExportCertificatePem().Split('\n').Select(l => $"    {l}"))}

            """);
        var run = await BakerRun.InAsync(folder.Path, "", "render", "--out", "out");
        Assert.True(run.Code == 0, run.Error);
    }

    // RFC 1952: magic, deflate, no flag (none of name, comment, extra field), four bytes of time.
    private static void AssertNoTimeAndNoName(byte[] member) => Assert.Equal([0x1f, 0x8b, 8, 0, 0, 0, 0, 0], member[..8]);

    private static int Limit(string example) => CloudOf(example) switch { "aws" => 16384, "gcp" => 262144, _ => int.MaxValue };

    private static string CloudOf(string example) =>
        CloudCatalog.All.Single(c => Checkout.Read("examples", $"{example}.yaml").Contains($"\n  {c.Key}:", StringComparison.Ordinal)).Key;

    private static string Certificates(int count) => string.Join('\n', Enumerable.Range(0, count).Select(i =>
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN=Authority {i}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        return certificate.ExportCertificatePem();
    }));

    /// <summary>What cloud-init gives a file that says nothing is 0644.</summary>
    private static string ModeOf(YamlNode file) => ((YamlMappingNode)file).Children.TryGetValue("permissions", out var mode) ? Text(mode) : "0644";

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"BKR901.*the user-data of (?<role>\w+) has (?<bytes>[\d,]+) bytes even when compressed, (?<more>[\d,]+) more than the cloud takes \(16,?384\)")]
    private static partial Regex TooLarge();
}
