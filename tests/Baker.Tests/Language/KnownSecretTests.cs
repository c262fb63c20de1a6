using Baker.Cli;
using Baker.Diagnostics;
using Baker.Language.Secrets;
using Baker.Language.Yaml;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Language;

/// <summary>A secret that is known by its form is refused wherever it stands, and nothing repeats it.</summary>
public sealed class KnownSecretTests
{
    private static readonly string Letters = string.Concat(Enumerable.Repeat("Abc1", 21));

    public static TheoryData<string, string> Known => new()
    {
        { "an access key of AWS", "AKIA" + "IOSFODNN7EXAMPLE" },
        { "an access key of AWS", "ASIA" + "IOSFODNN7EXAMPLE" },
        { "a token of GitLab", "glpat-" + Letters[..20] },
        { "a token of GitLab", "glpat-" + Letters[..27] + ".01." + Letters[..9] },
        { "a token of GitLab", "our-glpat-" + Letters[..20] },
        { "a token of GitHub", "ghp_" + Letters[..36] },
        { "a token of GitHub", "github_pat_" + Letters[..22] + "_" + Letters[..59] },
        { "a token of Slack", "xoxb-" + Letters[..30] },
        { "a token of Hugging Face", "hf_" + Letters[..34] },
    };

    /// <summary>GitLab Docs, "GitLab token overview", "Token prefixes" of 18.5; Slack, "Tokens"; IAM User Guide, "Understanding unique ID prefixes".</summary>
    [Theory]
    [InlineData("glpat-"), InlineData("gloas-"), InlineData("gldt-"), InlineData("glrt-"), InlineData("glrtr-"), InlineData("glcbt-"), InlineData("glptt-"), InlineData("glft-")]
    [InlineData("glimt-"), InlineData("glagent-"), InlineData("glwt-"), InlineData("glsoat-"), InlineData("glffct-"), InlineData("xapp-"), InlineData("xoxb-"), InlineData("xoxp-")]
    [InlineData("AKIA", true), InlineData("ASIA", true), InlineData("ABIA", true), InlineData("ACCA", true)]
    public void Every_prefix_that_its_maker_names_is_known(string prefix, bool isUpper = false) =>
        Assert.NotNull(KnownSecret.Find(prefix + (isUpper ? Letters.ToUpperInvariant()[..16] : Letters[..40])));

    [Theory, MemberData(nameof(Known))]
    public async Task It_is_refused_before_anything_is_written(string kind, string secret)
    {
        string[] places =
        [
            "duo: { name: SECRET }", "tags: { team: SECRET }", "tags: { SECRET: team }", "cloud: { local: { image: ./SECRET.img } }", "duo: { nmae: SECRET }", "ollama: { models: [SECRET] }",
            "duo: { name: \"x SECRET\" }", "# SECRET\nbaker: 1", "duo: { name: { SECRET } }", "duo: { name: [SECRET }", "duo: &SECRET x", "SECRET: 1",
        ];
        foreach (var place in places)
        {
            using var folder = new TemporaryFolder();
            var spec = "version: 1\nname: duo\ngitlab: { url: https://gitlab.desk.test, tls: { private_ca: generate } }\n" + place.Replace("SECRET", secret, StringComparison.Ordinal) + "\n";
            folder.File("baker.yaml", spec);
            foreach (var command in new string[][] { ["validate", "baker.yaml"], ["validate", "baker.yaml", "--json"], ["render", "baker.yaml"], ["plan", "baker.yaml", "--json"] })
            {
                var run = await BakerRun.InAsync(folder.Path, "", command);
                Assert.True(run.Code == ExitCode.SpecWrong, $"{place}: {run.Code}\n{run.Error}");
                Assert.DoesNotContain(secret[^8..], run.Out + run.Error, StringComparison.Ordinal);
            }
            Assert.Single(Directory.GetFileSystemEntries(folder.Path));
        }
        Assert.Equal(kind, KnownSecret.Find($"x {secret}"));
    }

    /// <summary>Of a private key nothing is shown either, nor of what is written with escapes or over two lines.</summary>
    [Theory]
    [InlineData("tags: { \"KEY\\nMIIBODY\": x }")]
    [InlineData("\"KEY\\nMIIBODY\": x")]
    [InlineData("tags:\n  \"KEY\n\n    MIIBODY\": x")]
    [InlineData("# KEY\n# MIIBODY\n# -----END RSA PRIVATE KEY-----\nbaker: 1")]
    [InlineData("# KEY\n# x\n# MIIBODY\nbaker: 1")]
    [InlineData("duo: { name: \"AKIAIOSFOD\\\nNN7MIIBODY\"")]
    [InlineData("duo: { name: \"AKIAIOS\\\n  FODNN\\\n  7MIIBODY\"")]
    [InlineData("duo: { name: \"\\x41KIAIOSFODNN7MIIBODY\"")]
    [InlineData("mirrors: { ca: { vm_file: \"my\u2013MIIBODY\" } }")]
    [InlineData("mirrors: { ca: { vm_file: \"my$MIIBODY\" } }")]
    [InlineData("\"AKIA\u200BIOSFODNN7MIIBODY\": x")]
    [InlineData("tags: { AKIAIOSFODNN7MIIB\u200BODY: x }")]
    [InlineData("tags: { \"\\u0041KIAIOSFODNN7MIIBODY\": [ }")]
    public async Task Nothing_of_it_is_shown(string more)
    {
        using var folder = new TemporaryFolder();
        folder.File("baker.yaml", "version: 1\nname: duo\ncloud: { local: {} }\nevaluation: true\ngitlab: { url: https://gitlab.desk.test, tls: { private_ca: generate } }\n" + more.Replace("KEY", "-----BEGIN RSA PRIVATE " + "KEY-----", StringComparison.Ordinal) + "\n");
        foreach (var command in new string[][] { ["validate", "baker.yaml"], ["validate", "baker.yaml", "--json"], ["render", "baker.yaml"], ["plan", "baker.yaml", "--json"] })
        {
            var run = await BakerRun.InAsync(folder.Path, "", command);
            Assert.True(run.Code == ExitCode.SpecWrong, $"{run.Code}\n{run.Error}");
            Assert.DoesNotContain("MIIBODY", run.Out + run.Error, StringComparison.Ordinal);
        }
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    /// <summary>However long it is made, a text is looked through once.</summary>
    [Theory, InlineData("\\"), InlineData("KEY"), InlineData("KEY\\")]
    public Task A_long_file_takes_no_longer_than_its_length(string line)
    {
        var text = line.Replace("KEY", "-----BEGIN RSA PRIVATE " + "KEY-----", StringComparison.Ordinal) + "\n";
        var bytes = new byte[YamlReader.MostBytes];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)text[i % text.Length];
        return Task.Run(() => YamlReader.Read("baker.yaml", bytes, new DiagnosticBag()), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("AKIAIOSFODNN7EXAMPLEX"), InlineData("AKIA"), InlineData("glpat-short"), InlineData("glft-1"), InlineData("glwt-of-a-word"), InlineData("xapp-x"), InlineData("ACCA"), InlineData("hf_model"), InlineData("hf.co/org/model"), InlineData("ghp_1"), InlineData("baker-xox"), InlineData("registry.example.com/asia/image:1")]
    public void What_only_begins_like_one_is_none(string text) => Assert.Null(KnownSecret.Find(text));
}
