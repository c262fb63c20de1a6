using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Baker.Planning;
using Baker.Tests.Support;
using CsCheck;
using Xunit;

namespace Baker.Tests.Stack;

/// <summary>Whatever stands in a spec file, the tool answers, and soon.</summary>
public class SpecFuzzTests
{
    /// <summary>What one spec may take on a machine that is busy otherwise; usual is a millisecond, ten when it is rendered.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private static readonly string[] Valid = [.. Checkout.Examples.Select(e => Checkout.Read("examples", e + ".yaml"))];

    private static readonly string[] Wrong =
        [.. Directory.EnumerateFiles(Golden.Folder("diagnostics"), "spec.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    [Fact]
    public void A_hundred_thousand_mutated_specs_are_answered()
    {
        // Rendering depends on the plan alone, and takes ten times as long as all before it: equal plans are rendered once.
        var rendered = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        SpecMutation.Of(Valid, Wrong).Try(100_000, spec =>
        {
            var clock = Stopwatch.StartNew();
            var report = Report.Of(spec, plan => rendered.TryAdd(Fingerprint.Of(PlanJson.Write(plan).Span), true));
            Assert.NotEmpty(report.Json);
            Assert.Equal(report.Diagnostics.Count > 0, report.Text.Length > 0);
            Assert.True(clock.Elapsed < Longest, $"took {clock.Elapsed}");
        }, spec => $"\n{Encoding.UTF8.GetString(spec)}\n");
        // Were it fewer, the mutations would say nothing about rules, plans and rendering.
        Assert.True(rendered.Count > 500, $"only {rendered.Count} plans were rendered");
    }

    [Theory]
    [InlineData("cloud: { aws: { re #gion: eu-central-1 } }"), InlineData("images:\n  : use: baked\n  max_age_days: 14"), InlineData("? [a]\n: *x"), InlineData("? {\n"),
     InlineData("cloud: { aws: {} }\ngitlab: {}"), InlineData("cloud: { gcp: { zone: b } }\ngitlab: {}"), InlineData("a: 1\u2028b: [\u2029"), InlineData("\u0085\u0085- ["),
     InlineData("? |\n  a\n: b"), InlineData("<<: {a: b}"), InlineData("<<: [*a, *b]"), InlineData("--- !!map\n--- x"), InlineData("%YAML 9.9\n--- a"),
     InlineData("cloud: { local: {} }\nmirrors: { gateway_registry: '.:1' }"), InlineData("cloud: { local: {} }\nmirrors: { gateway_registry: 'a:99999' }"),
     InlineData("cloud: { local: {} }\ngateway: { image: '-.-:99999/a:b' }")]
    public void What_once_broke_a_parser_is_a_diagnostic(string spec)
    {
        var report = Report.Of(spec);
        Assert.NotEmpty(report.Errors);
        Assert.NotEmpty(report.Text);
    }
}
