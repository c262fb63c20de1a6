using System.Text.Json;
using System.Text.RegularExpressions;
using Baker.Cli;
using Baker.Cli.Logs;
using Baker.Tests.Clouds.Live.Aws;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>docs/changes.md shows what a diff says, and names every field of its JSON.</summary>
public sealed partial class ChangesManualTests
{
    private static readonly string Manual = Checkout.Read("docs", "changes.md");

    [Fact]
    public async Task Its_example_is_what_a_diff_says_and_its_filters_work()
    {
        using var account = new AwsFakeAccount();
        Assert.Equal(ExitCode.Done, (await account.RunAsync(account.Spec, "launch", "--yes", "--no-wait")).Code);
        var changed = account.Spec + "ollama: { context_length: 8192 }\n";
        var example = Example().Match(Manual).Groups["text"].Value;
        Assert.Contains(example, (await account.RunAsync(changed, "diff")).Out, StringComparison.Ordinal);

        using var folder = new TemporaryFolder();
        folder.File("diff.json", (await account.RunAsync(changed, "diff", "--json")).Out);
        var jq = Tool.Wanted("sh", "dash") with { Directory = folder.Path };
        Tool.Wanted("jq", "jq");
        var answers = new List<string>();
        foreach (Match line in Filter().Matches(Manual))
            answers.Add((await jq.RunAsync("-c", line.Groups["command"].Value)).Out.Trim());
        Assert.Equal(["", "false", "machine duo-gitlab c6i.xlarge", "ollama.context_length: 16384 → 8192"], answers.Select(a => a.Split('\n')[0]));
    }

    [Fact]
    public void It_names_every_field()
    {
        string[] Names<T>() => [.. typeof(T).GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name))];
        var table = Manual[Manual.IndexOf("| field |", StringComparison.Ordinal)..];
        Assert.All([.. Names<DiffJson>(), .. Names<DiffChangeJson>(), .. Names<DiffValueJson>(), .. Names<DiffCostJson>()], name =>
            Assert.Matches($@"[`.\]]{name}[`\[]", table));
    }

    [GeneratedRegex("```text\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex("^(?<command>jq .*? diff\\.json)", RegexOptions.Multiline)]
    private static partial Regex Filter();
}
