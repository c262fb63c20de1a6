using System.Text.RegularExpressions;
using Baker.Cli;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.House;

/// <summary>The manual is a test input: its specs are valid, its commands exist, its links lead somewhere.</summary>
public partial class ManualTests
{
    private static readonly World Nowhere = new(TextReader.Null, TextWriter.Null, TextWriter.Null, Checkout.Root, UseColor: false);

    public static TheoryData<string> Specs => [.. ManualSpec.All.Select(s => s.Place)];

    public static TheoryData<string, string> Commands =>
        [.. ManualPage.All.SelectMany(p => p.Fences()).Where(f => f.Language is "sh" or "bash" or "console")
            .SelectMany(f => f.Text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').SelectMany(BakerCommands)
                .Select(c => new TheoryDataRow<string, string>(f.Place, string.Join('\n', c))))];

    public static TheoryData<string> Pages => [.. ManualPage.All.Select(p => p.Path)];

    [Theory, MemberData(nameof(Specs))]
    public async Task Every_spec_in_the_manual_is_valid(string place)
    {
        var spec = ManualSpec.All.Single(s => s.Place == place);
        var run = await BakerRun.InAsync(null, spec.Text, "validate", "-");
        Assert.True(run.Code == 0, $"{place}\n{run.Error}\n{spec.Text}");
    }

    [Theory, MemberData(nameof(Commands))]
    public void Every_command_in_the_manual_exists(string place, string words)
    {
        var parsed = BakerCli.Root(Nowhere).Parse(words.Split('\n'));
        Assert.True(parsed.Errors.Count == 0, $"{place}: {words.ReplaceLineEndings(" ")}: {string.Join("; ", parsed.Errors.Select(e => e.Message))}");
    }

    [Theory, MemberData(nameof(Pages))]
    public void Every_link_to_a_file_leads_to_one(string path)
    {
        var page = ManualPage.Read(path);
        foreach (var (number, text) in page.Prose())
        {
            foreach (var target in Link().Matches(text).Select(m => m.Groups[1].Value).Where(t => !t.Contains("://", StringComparison.Ordinal)))
            {
                var parts = target.Split('#');
                var file = parts[0].Length == 0 ? Checkout.PathOf(path) : Path.GetFullPath(parts[0], Path.GetDirectoryName(Checkout.PathOf(path))!);
                Assert.True(Path.Exists(file), $"{path}:{number}: there is no {target}");
                Assert.True(parts.Length == 1 || Anchors(file).Contains(parts[1]), $"{path}:{number}: {target} has no such heading");
            }
        }
    }

    /// <summary>The arguments of every call of Baker in a line of shell: by its name, by its path, or through the SDK.</summary>
    private static IEnumerable<string[]> BakerCommands(string line)
    {
        var words = new List<string>();
        foreach (Match token in Token().Matches(line + " ;"))
        {
            if (token.Groups["word"].Success)
                words.Add(token.Value.Trim('\'', '"'));
            else if (!token.Groups["comment"].Success)
            {
                if (words is [var first, ..] && (first == "baker" || first.EndsWith("/baker", StringComparison.Ordinal)))
                    yield return [.. words[1..]];
                else if (words is ["dotnet", "run", ..] && words.IndexOf("--") is > 0 and var dashes)
                    yield return [.. words[(dashes + 1)..]];
                words.Clear();
            }
        }
    }

    private static IEnumerable<string> Anchors(string file) =>
        ManualPage.Read(Path.GetRelativePath(Checkout.Root, file)).Prose().Where(l => l.Text.StartsWith('#'))
            .Select(l => NotInAnchor().Replace(l.Text.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex("""(?<comment>(?<=^|\s)#.*?(?= ;$))|(?<word>(?:'[^']*'|"[^"]*"|[^\s'"|;&<>()])+)|[|;&<>()]""")]
    private static partial Regex Token();
}
