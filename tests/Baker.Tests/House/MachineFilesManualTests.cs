using System.Text.RegularExpressions;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.House;

/// <summary>docs/machine.md names what the scripts put onto a VM, with its mode, and what they install.</summary>
public partial class MachineFilesManualTests
{
    private static readonly ManualPage Page = ManualPage.Read("docs/machine.md");

    public static TheoryData<string> Scripts => [.. MachineScripts.Files];

    [Fact]
    public void Every_file_that_is_put_is_in_the_manual_with_its_mode()
    {
        var rows = ManualTable.AllOf(Page).Where(t => t.Columns[0] == "path").SelectMany(t => t.Rows).Select(r => (Path: r[0].Trim('`'), Mode: r[1])).ToArray();
        var puts = MachineScripts.Files.Select(MachineScripts.Text).SelectMany(t => Put().Matches(t).Select(m => (Path: Resolved(m.Groups["path"].Value, t), Mode: m.Groups["mode"].Value))).ToArray();
        Assert.NotEmpty(puts);
        Assert.All(puts, p => Assert.True(rows.Any(r => r.Mode == p.Mode && p.Path.IsMatch(r.Path)), $"{p.Path} {p.Mode}"));
    }

    [Theory, MemberData(nameof(Scripts))]
    public void Every_package_is_in_the_manual(string file)
    {
        var told = ManualTable.Code(string.Join('\n', Page.Prose().Select(l => l.Text))).ToHashSet();
        Assert.All(Packages().Matches(MachineScripts.Text(file)).SelectMany(m => m.Groups[1].Value.Split(' '))
            .Select(p => p.Trim('"').Split('=')[0].Replace("$branch", "BRANCH-server", StringComparison.Ordinal).Replace("$gpu_branch", "BRANCH", StringComparison.Ordinal))
            .Where(p => p.Length > 0 && p[0] != '$'), p => Assert.Contains(p, told));
    }

    [Fact]
    public void Every_key_it_names_is_one_of_the_spec()
    {
        var keys = SpecKey.All.Select(k => k.Path).ToHashSet();
        var named = Page.Prose().SelectMany(l => ManualTable.Code(l.Text)).Where(c => KeyLike().IsMatch(c)).Distinct().ToArray();
        Assert.NotEmpty(named);
        // A file of GitLab's, one of the scripts, and a host of GitLab's maker.
        Assert.Superset(named.Except(["gitlab.rb", "duo.rb", "cloud.gitlab.com"]).ToHashSet(), keys);
    }

    /// <summary>The path with the variables of its script put in; what only a VM knows stands for any name.</summary>
    private static Regex Resolved(string path, string script)
    {
        var known = Variable().Replace(path, m => Regex.Match(script, $@"\b{m.Groups[1].Value}=(/[\w./$-]+)") is { Success: true } set ? set.Groups[1].Value : m.Value);
        return new Regex($"^{string.Join("[^/]+", Variable().Split(known).Where((_, i) => i % 2 == 0).Select(Regex.Escape))}$");
    }

    [GeneratedRegex("""\bput "?(?<path>[^\s"]+)"? (?<mode>[0-7]{3})\b""")]
    private static partial Regex Put();

    [GeneratedRegex(@"\$\{?(\w+)\}?")]
    private static partial Regex Variable();

    [GeneratedRegex("""\bpackages ([\w."$@{}\[\]= +-]+)""")]
    private static partial Regex Packages();

    [GeneratedRegex(@"^(cloud|network|gitlab|gateway|ollama|duo|images|mirrors)(\.[a-z_]+)+$")]
    private static partial Regex KeyLike();
}
