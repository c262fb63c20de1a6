using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.House;

/// <summary>docs/machine.md and the scripts that run on a VM say the same.</summary>
public partial class MachineManualTests
{
    private static readonly ManualPage Page = ManualPage.Read("docs/machine.md");

    private static readonly ImmutableArray<ManualTable> Tables = ManualTable.AllOf(Page);

    private static readonly string Runner = string.Concat(new[] { "run", "console.sh", "stamps.sh" }.Select(f => MachineScripts.Text($"common/runner/{f}")));

    // What the runner itself can give as a reason, for any step.
    private static readonly string[] OfTheRunner = ["internal", "timeout"];

    // In the runner's place while a bundle is waited for: its own reasons are those of a bundle, all others the runner's.
    private static readonly string Unbundle = MachineScripts.Text("aws/bundle/unbundle");

    private static readonly string[] OfUnbundle = ["bundle-denied", "bundle-missing"];

    private static readonly Dictionary<string, string> Sections = new() { ["common"] = "Every VM", ["gitlab"] = "GitLab", ["gateway"] = "Gateway", ["ollama"] = "Ollama" };

    private static readonly ImmutableDictionary<string, string> Groups =
        Table("Steps", "group").Rows.ToImmutableDictionary(r => r[0].Trim('*'), r => r[1]);

    private static readonly ImmutableDictionary<string, ImmutableHashSet<string>> Kinds = new Dictionary<string, string>
    {
        ["heals"] = @"^heals='([^']*)'",
        ["may heal"] = @"^may_heal='([^']*)'",
        ["failed"] = @"^fatal=""([^""]*)""",
        ["restart"] = @"""\$heals\$may_heal\$fatal([^""]*)""",
    }.ToImmutableDictionary(k => k.Key, k => Listed(Runner, k.Value).Union(Listed(Unbundle, k.Value.Replace("\"", "'", StringComparison.Ordinal)).Where(r => r.StartsWith("bundle-", StringComparison.Ordinal))));

    public static TheoryData<string> Roles => [.. Sections.Keys];

    public static TheoryData<string, string> GroupFunctions => new() { { "web", "stop_for_curl" }, { "programs", "stop_for_words" }, { "registry", "stop_for_pull" }, { "secret", "secret" } };

    /// <summary>Figures and words of the runner, with the sentence that tells them: neither changes alone.</summary>
    public static TheoryData<string, string> Figures => new()
    {
        { "delay=$((try < 5 ? 5 << (try - 1) : 60))", "after 5, 10, 20, 40 and then every 60 seconds" },
        { "((try <= 3))", "what may heal has three" },
        { "delay=900", "tried again every 15 minutes" },
        { "((now - reread < 60)) || reread", "User-data is read again at every start and every minute" },
        { "pause 300", "every five minutes from then on" },
        { "now - versions_at >= 86400", "at every start and once a day" },
        { "[[ $d != \"$done\" ]] && ((now - last >= 10))", "Progress is told at most every 10 seconds" },
        { "((now - last >= 300)); then emit", "whole line again after 5 minutes" },
    };

    [Theory, MemberData(nameof(Roles))]
    public void The_table_of_steps_is_what_the_scripts_say_in_their_order(string role)
    {
        var scripts = Of(role);
        var said = OwnSteps(role).Select(s => string.Join(' ', s.Name, s.Part, s.When, scripts.Functions.ContainsKey($"check_{s.Name}") ? "checked" : "", s.Limit));
        var told = StepTable(role).Rows.Select(r => string.Join(' ', r[0].Trim('`'), r[1], r[2].Split(", ")[0], r[2].Contains(", checked", StringComparison.Ordinal) ? "checked" : "", Seconds(r[3])));
        Assert.Equal(said, told);
    }

    [Fact]
    public void No_step_escapes_this_test() => Assert.Equal(
        Directory.EnumerateFiles(Checkout.PathOf("templates/machine"), "*.sh", SearchOption.AllDirectories).Sum(f => File.ReadLines(f).Count(l => l.StartsWith("step ", StringComparison.Ordinal))),
        Sections.Keys.Sum(r => OwnSteps(r).Length));

    [Theory, MemberData(nameof(Roles))]
    public void Each_step_stops_with_the_reasons_in_its_row_and_waits_for_what_stands_there(string role)
    {
        var scripts = Of(role);
        var rows = StepTable(role).Rows.ToDictionary(r => r[0].Trim('`'));
        Assert.All(OwnSteps(role), step =>
        {
            var reasons = scripts.Reasons(step.Name).Union(scripts.Reasons($"check_{step.Name}")).Except(OfTheRunner);
            Assert.Equal($"{step.Name}: {string.Join(' ', reasons)}", $"{step.Name}: {string.Join(' ', Expanded(rows[step.Name][6]))}");
            Assert.Equal($"{step.Name}: {string.Join(' ', scripts.Waits(step.Name))}", $"{step.Name}: {string.Join(' ', Expanded(rows[step.Name][5]))}");
        });
    }

    [Theory, MemberData(nameof(GroupFunctions))]
    public void A_group_of_reasons_is_what_its_function_says(string group, string function) =>
        Assert.Equal(MachineScripts.All.First(s => s.Functions.ContainsKey(function)).Reasons(function), Expanded(Groups[group]));

    [Fact]
    public void The_table_of_reasons_is_the_runners_list() => Assert.Equal(
        Kinds.SelectMany(k => k.Value.Select(r => $"{r}: {k.Key}")).Order(StringComparer.Ordinal),
        Table("Reasons", "reason").Rows.Select(r => $"{r[0].Trim('`')}: {r[1]}").Order(StringComparer.Ordinal));

    [Fact]
    public void What_a_bundle_waits_for_heals_exactly_when_a_step_would_heal_from_it()
    {
        Assert.Contains("reason=${reason/#secret-/bundle-}", Unbundle, StringComparison.Ordinal);
        Assert.Subset(Kinds["heals"], Listed(Unbundle, "^heals='([^']*)'"));
        Assert.Subset(Kinds["failed"], Listed(Unbundle, "^fatal='([^']*)'"));
        var bundle = MachineScripts.Common.Reasons("fetch_bundle").Except(["secret-missing", "secret-denied", "internal"]);
        Assert.Equal(bundle.Concat(OfUnbundle).Order(StringComparer.Ordinal), Listed(Unbundle, "^heals='([^']*)'").Union(Listed(Unbundle, "^fatal='([^']*)'")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_scripts_report_is_on_the_runners_list_and_nothing_is_on_it_in_vain()
    {
        var reported = MachineScripts.All.SelectMany(s => s.Functions.Keys.SelectMany(f => s.Reasons(f).Union(s.Waits(f)))).Concat(OfTheRunner).Concat(OfUnbundle);
        Assert.Equal(Kinds.Values.SelectMany(k => k).Order(StringComparer.Ordinal), reported.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_states_are_those_that_are_shown()
    {
        var shown = MachineScripts.All.SelectMany(s => s.Functions.Values).Append(Runner).SelectMany(t => State().Matches(t)).Select(m => m.Groups[1].Value).Distinct();
        Assert.Equal(shown.Order(StringComparer.Ordinal), Table("The line", "state").Rows.Select(r => r[0].Trim('`')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_fields_are_those_of_the_line() => Assert.Equal(
        Field().Matches(Runner).Select(m => m.Groups[1].Value), Table("The line", "field").Rows.Select(r => r[0].Trim('`')));

    [Theory, MemberData(nameof(Figures))]
    public void Figures_are_those_of_the_runner(string script, string sentence)
    {
        Assert.Contains(script, Runner, StringComparison.Ordinal);
        Assert.Contains(sentence, string.Join(' ', Page.Lines.Select(l => l.Trim())), StringComparison.Ordinal);
    }

    private static ImmutableHashSet<string> Listed(string script, string pattern) =>
        [.. Regex.Match(script, pattern, RegexOptions.Multiline).Groups[1].Value.Split((char[])[' '], StringSplitOptions.RemoveEmptyEntries)];

    private static MachineScripts Of(string role) => MachineScripts.All.Single(s => s.Role == role);

    private static ImmutableArray<MachineStep> OwnSteps(string role) =>
        role == "common" ? MachineScripts.Common.Steps : [.. Of(role).Steps.Skip(MachineScripts.Common.Steps.Length)];

    private static ManualTable Table(string section, string first) => Tables.Single(t => t.Section == section && t.Columns[0] == first);

    private static ManualTable StepTable(string role) => Table(Sections[role], "step");

    private static ImmutableSortedSet<string> Expanded(string cell) =>
        [.. ManualTable.Code(cell), .. Group().Matches(cell).SelectMany(m => Expanded(Groups[m.Groups[1].Value]))];

    private static int Seconds(string limit) => limit.Split(' ') switch
    {
        ["none"] => 0,
        [var n, "min"] => 60 * int.Parse(n, CultureInfo.InvariantCulture),
        [var n, "h"] => 3600 * int.Parse(n, CultureInfo.InvariantCulture),
        _ => throw new FormatException(limit),
    };

    [GeneratedRegex(@"\*(\w+)\*")]
    private static partial Regex Group();

    [GeneratedRegex(@"\b(?:emit|say) ([a-z]+)\b")]
    private static partial Regex State();

    [GeneratedRegex("""\\"([a-z]+)\\":""")]
    private static partial Regex Field();
}
