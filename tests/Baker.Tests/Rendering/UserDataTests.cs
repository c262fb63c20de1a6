using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Baker.Clouds.Facts;
using Baker.Machine;
using Baker.Rendering;
using Baker.Stack.Roles;
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
            var files = MachineFiles.For(Path.GetFileNameWithoutExtension(file), CloudOf(example));
            if (IsBundled(file))
                files = MachineFiles.BeforeBundle(MachineFiles.InBundle(files, CloudOf(example)), CloudOf(example));
            var scripts = files.Select(f => ($"{MachineFiles.Directory}/{f.Name}", f.Mode, Encoding.UTF8.GetString(f.Bytes.Span)));
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
    public async Task What_does_not_fit_where_nothing_can_be_fetched_is_an_error_that_says_by_how_much()
    {
        var run = await BakerRun.InAsync(null, Checkout.Read("examples", "gcp.yaml") + $"mirrors:\n  ca: |\n{Noise.Certificates(200, 4)}", "validate", "-");
        Assert.Equal(1, run.Code);
        var reports = TooLarge().Matches(run.Error);
        Assert.Equal(RoleCatalog.All.Select(r => r.Name).Order(), reports.Select(r => r.Groups["role"].Value).Order());
        Assert.All(reports, report => Assert.Equal(262144, Number(report, "bytes") - Number(report, "more")));
    }

    [Fact]
    public async Task A_bundle_needs_an_identity_that_reads_it_and_room_for_what_fetches_it()
    {
        // Where a launch makes it, the review page says so.
        var made = Checkout.Read("examples", "aws.yaml") + $"mirrors:\n  ca: |\n{Noise.Certificates(3, 4)}";
        Assert.Equal(0, (await BakerRun.InAsync(null, made, "validate", "-")).Code);
        using (var folder = new TemporaryFolder())
        {
            Assert.Equal(0, (await BakerRun.InAsync(folder.Path, made, "render", "-", "--out", "out")).Code);
            Assert.Contains("/baker/duo/user-data/gateway/*", await File.ReadAllTextAsync(Path.Combine(folder.Path, "out", "policy", "gateway.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        var spec = Checkout.Read("examples", "aws.yaml") + "identity: none\n";
        var run = await BakerRun.InAsync(null, spec + $"mirrors:\n  ca: |\n{Noise.Certificates(3, 4)}", "validate", "-");
        Assert.Equal(1, run.Code);
        Assert.Equal(["gateway", "ollama"], Codes(run, "BKR903").Order(StringComparer.Ordinal));
        // Followed, the hint is enough.
        var followed = spec + $"gateway: {{ instance_profile: duo-gateway }}\nollama: {{ instance_profile: duo-ollama }}\nmirrors:\n  ca: |\n{Noise.Certificates(3, 4)}";
        Assert.Equal(0, (await BakerRun.InAsync(null, followed, "validate", "-")).Code);
        run = await BakerRun.InAsync(null, followed.Replace(Noise.Certificates(3, 4), Noise.Certificates(8, 4), StringComparison.Ordinal), "validate", "-");
        Assert.Equal(["gateway", "gitlab", "ollama"], Codes(run, "BKR902").Order(StringComparer.Ordinal));
        // And so is this one.
        Assert.Equal(0, (await BakerRun.InAsync(null, followed[..followed.IndexOf("mirrors:", StringComparison.Ordinal)] + "mirrors: { ca: { aws_parameter: /site/ca } }\n", "validate", "-")).Code);
    }

    [Fact]
    public async Task A_bundle_is_what_user_data_names_and_brings_every_file_but_one_as_it_is_there()
    {
        using var folder = new TemporaryFolder();
        folder.File("baker.yaml", new Clouds.Live.Aws.AwsBundleAccount().Spec);
        var run = await BakerRun.InAsync(folder.Path, "", "render", "--out", "out");
        Assert.True(run.Code == 0, run.Error);
        var (own, bundle) = (Files(folder.Read("out/cloud-init/gitlab.yaml")), Files(folder.Read("out/bundle/gitlab.yaml")));
        var named = Regex.Match(own[MachineFiles.ValuesPath], "^bundle='/baker/duo/user-data/gitlab/([0-9a-f]{64})'$", RegexOptions.Multiline).Groups[1].Value;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder.Path, "out/bundle/gitlab.yaml")))), named);
        Assert.Equal([MachineFiles.ValuesPath, $"{MachineFiles.Directory}/run"], own.Keys.Where(k => bundle[k] != own[k]).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("bundle=", bundle[MachineFiles.ValuesPath], StringComparison.Ordinal);
        // Scripts read the same names before and after.
        string[] NamesOf(Dictionary<string, string> files) => [.. Regex.Matches(files[MachineFiles.ValuesPath], "^([a-z_]+)='", RegexOptions.Multiline).Select(m => m.Groups[1].Value)];
        Assert.Equal(NamesOf(bundle).Order(StringComparer.Ordinal), NamesOf(own).Where(n => n != "bundle").Order(StringComparer.Ordinal));
        var parts = Directory.GetFiles(Path.Combine(folder.Path, "out", "bundle", "gitlab")).OrderBy(f => int.Parse(Path.GetFileName(f), CultureInfo.InvariantCulture)).Select(File.ReadAllText).ToArray();
        Assert.All(parts, p => Assert.InRange(p.Length, 1, 4096));
        Assert.EndsWith(".", parts[^1], StringComparison.Ordinal);
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(string.Concat(parts)[..^1])), CompressionMode.Decompress);
        using var plain = new StreamReader(gzip);
        Assert.Equal(folder.Read("out/bundle/gitlab.yaml"), await plain.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    private static Dictionary<string, string> Files(string userData)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(userData));
        return ((YamlSequenceNode)yaml.Documents.Single().RootNode["write_files"]).ToDictionary(f => Text(f["path"]), f => Text(f["content"]));
    }

    private static IEnumerable<string> Codes(BakerRun run, string code) => Regex.Matches(run.Error, $@"error {code} at (\w+)").Select(m => m.Groups[1].Value);

    // RFC 1952: magic, deflate, no flag (none of name, comment, extra field), four bytes of time.
    private static void AssertNoTimeAndNoName(byte[] member) => Assert.Equal([0x1f, 0x8b, 8, 0, 0, 0, 0, 0], member[..8]);

    private static bool IsBundled(string file) => File.Exists(Path.Combine(file, "..", "..", "bundle", Path.GetFileName(file)));

    private static int Limit(string example) => CloudOf(example) switch { "aws" => 16384, "gcp" => 262144, _ => int.MaxValue };

    private static string CloudOf(string example) =>
        CloudCatalog.All.Single(c => Checkout.Read("examples", $"{example}.yaml").Contains($"\n  {c.Key}:", StringComparison.Ordinal)).Key;

    /// <summary>What cloud-init gives a file that says nothing is 0644.</summary>
    private static string ModeOf(YamlNode file) => ((YamlMappingNode)file).Children.TryGetValue("permissions", out var mode) ? Text(mode) : "0644";

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"BKR901.*the user-data of (?<role>\w+) has (?<bytes>[\d,]+) bytes even when compressed, (?<more>[\d,]+) more than the cloud takes \(262144\)")]
    private static partial Regex TooLarge();
}
