using Baker.Cli;
using Baker.Clouds.Facts;
using Baker.Stack.Roles.Versions;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Cli;

public sealed class InitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Clouds => [.. CloudCatalog.All.Select(c => c.Key)];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Clouds))]
    public async Task The_spec_to_start_from_is_valid_and_so_is_every_option_in_its_comments(string cloud)
    {
        Assert.Equal(ExitCode.Done, (await Run("init", "--cloud", cloud)).Code);
        var text = _folder.Read("baker.yaml");
        Assert.StartsWith("# yaml-language-server: $schema=", text, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await Run("validate")).Code);

        // A commented line of YAML begins with a key or a list; sentences do not.
        var all = string.Join('\n', text.Split('\n').Select(line => CommentedKey(line) ? line.Remove(line.IndexOf("# ", StringComparison.Ordinal), 2) : line));
        Assert.NotEqual(text, all);
        _folder.File("all.yaml", all);
        var run = await Run("validate", "all.yaml");
        Assert.DoesNotContain("error", run.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, run.Code);
    }

    [Theory, InlineData("aws", "g6.2xlarge"), InlineData("gcp", "g2-standard-8")]
    public async Task The_model_for_work_and_its_machine_fit_and_nothing_is_noted(string cloud, string machine)
    {
        await Run("init", "--cloud", cloud);
        var text = _folder.Read("baker.yaml");
        Assert.Contains($"for work `mistral-small3.2:24b` and `machine: {machine}`", text, StringComparison.Ordinal);
        _folder.File("work.yaml", $"{text}\nollama:\n  machine: {machine}\n  models: [mistral-small3.2:24b]\n");
        var run = await Run("validate", "work.yaml");
        Assert.Equal((ExitCode.Done, $"work.yaml is valid, its versions as far as was known on {FactTable.Releases.Date}\nnext: baker render work.yaml\n"), (run.Code, run.Error));
    }

    [Fact]
    public async Task An_existing_file_is_never_overwritten()
    {
        _folder.File("baker.yaml", "mine");
        var run = await Run("init", "--cloud", "aws");
        Assert.Equal((ExitCode.Usage, "mine"), (run.Code, _folder.Read("baker.yaml")));
        Assert.Equal("error: baker.yaml exists and is left as it is; name another file\n", run.Error);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_said()
    {
        var run = await Run("init", "--cloud", "aws", "missing/baker.yaml");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("missing", run.Error, StringComparison.Ordinal);
    }

    private static bool CommentedKey(string line) => System.Text.RegularExpressions.Regex.IsMatch(line, "^ *# +[a-z_]+:( |$)");

    private Task<BakerRun> Run(params string[] args) => BakerRun.InAsync(_folder.Path, "", args);
}
