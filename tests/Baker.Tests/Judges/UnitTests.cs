using System.Text;
using System.Text.RegularExpressions;
using Baker.Clouds.Facts;
using Baker.Machine;
using Baker.Stack.Roles;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Judges;

/// <summary>systemd's own opinion of every unit that a VM gets. It is in its words: the exit code is 0 for unknown keys.</summary>
public partial class UnitTests
{
    // Since systemd 254. Ubuntu 24.04 has 255; Debian 12, on which the tests may run, 252.
    private static readonly string[] Unknown252 = ["Unknown key 'RestartSteps' in section [Service], ignoring.", "Unknown key 'RestartMaxDelaySec' in section [Service], ignoring."];

    public static TheoryData<string> Roles => [.. RoleCatalog.All.Select(r => r.Name)];

    [Theory, MemberData(nameof(Roles))]
    public async Task Systemd_has_no_complaint(string role)
    {
        var units = MachineFiles.For(role, CloudCatalog.All[0].Key).Where(f => UnitName().IsMatch(f.Name)).ToArray();
        Assert.NotEmpty(units);
        Assert.Equal("", await ComplaintAsync(units));
    }

    [Fact]
    public async Task Nor_has_it_of_a_builders() =>
        Assert.Equal("", await ComplaintAsync([Unit("baker-bake.service", Checkout.Read("templates", "builder", "baker-bake.service"))]));

    [Theory]
    [InlineData("ExecStart=/bin/true", "ExecStrat=/bin/true", "Unknown key")]
    [InlineData("Restart=always", "Restart=sometimes", "Failed to parse")]
    [InlineData("[Service]", "[Srevice]", "Unknown section")]
    public async Task A_wrong_unit_is_noticed(string right, string wrong, string complaint)
    {
        const string Whole = "[Service]\nExecStart=/bin/true\nRestart=always\n";
        Assert.Equal("", await ComplaintAsync([Unit("x.service", Whole)]));
        var words = await ComplaintAsync([Unit("x.service", Whole.Replace(right, wrong, StringComparison.Ordinal))]);
        Assert.Contains(complaint, words, StringComparison.Ordinal);
    }

    private static async Task<string> ComplaintAsync(IReadOnlyCollection<MachineFile> units)
    {
        if (await DebianTree.FindAsync() is { } tree)
        {
            using var inTree = tree.Folder();
            return (await tree.RunAsync(["systemd-analyze", "verify", "--man=no", .. Write(units, inTree.Outside, inTree.Inside)])).Words;
        }
        var analyze = Tool.Wanted("systemd-analyze", "systemd");
        using var folder = new TemporaryFolder();
        var words = (await analyze.RunAsync(["verify", "--man=no", .. Write(units, folder.Path, folder.Path)])).Words;
        return string.Concat(words.Split('\n').Where(line => line.Length > 0 && !Unknown252.Any(known => line.EndsWith(known, StringComparison.Ordinal))));
    }

    // systemd looks for programs and for the units of packages, which only a VM has: here a stub stands for each.
    private static string[] Write(IReadOnlyCollection<MachineFile> units, string folder, string asSystemdSeesIt)
    {
        foreach (var path in units.SelectMany(u => Program().Matches(Text(u))).Select(m => $"{folder}/programs{m.Groups["path"].Value}").Distinct())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy("/bin/true", path);
        }
        foreach (var other in units.SelectMany(u => OtherUnit().Matches(Text(u))).Select(m => m.Value).Distinct().Except(units.Select(u => u.Name)))
            File.WriteAllText($"{folder}/{other}", "[Service]\nExecStart=/bin/true\n");
        foreach (var unit in units)
            File.WriteAllText($"{folder}/{unit.Name}", Program().Replace(Text(unit), m => $"{m.Groups["key"].Value}{asSystemdSeesIt}/programs{m.Groups["path"].Value}"));
        return [.. units.Select(u => $"{asSystemdSeesIt}/{u.Name}")];
    }

    private static MachineFile Unit(string name, string text) => new(name, "runner", Encoding.UTF8.GetBytes(text));

    private static string Text(MachineFile unit) => Encoding.UTF8.GetString(unit.Bytes.Span);

    [GeneratedRegex(@"\.(service|timer|socket|path|mount|target)\z")]
    private static partial Regex UnitName();

    [GeneratedRegex(@"^(?<key>Exec[A-Za-z]+=[-@:+!|]*)(?<path>/[^\s;]+)", RegexOptions.Multiline)]
    private static partial Regex Program();

    [GeneratedRegex(@"[\w@-]+\.service\b")]
    private static partial Regex OtherUnit();
}
