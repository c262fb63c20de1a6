using Baker.Cli;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Cli;

/// <summary>Exit codes and streams, as README.md documents them.</summary>
public sealed class CommandLineTests : IDisposable
{
    private const string Broken = "version: 1\nname: duo\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bogus")]
    [InlineData("render", "--bogus")]
    [InlineData("render", "a.yaml", "b.yaml")]
    [InlineData("init")]
    [InlineData("init", "--cloud", "azure")]
    [InlineData("completion", "tcsh")]
    [InlineData]
    public async Task A_wrong_command_line_ends_with_2_and_says_why_on_standard_error(params string[] args)
    {
        var run = await Run(args);
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.NotEqual("", run.Error);
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("plan")]
    [InlineData("render")]
    public async Task A_wrong_spec_ends_with_1_and_writes_nothing(string command)
    {
        _folder.File("baker.yaml", Broken);
        var run = await Run(command);
        Assert.Equal(ExitCode.SpecWrong, run.Code);
        Assert.Equal("", run.Out);
        Assert.Contains("error BKR105", run.Error, StringComparison.Ordinal);
        Assert.Equal(["baker.yaml"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_missing_spec_says_how_to_get_one()
    {
        var run = await Run("render");
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Equal("error: there is no file baker.yaml; `baker init --cloud aws` writes one to start from\n", run.Error);
    }

    [Fact]
    public async Task A_folder_is_no_spec()
    {
        var run = await Run("validate", ".");
        Assert.Equal((ExitCode.Usage, "error: . is a folder, not a spec file\n"), (run.Code, run.Error));
    }

    [Fact]
    public async Task A_spec_can_come_from_standard_input()
    {
        var run = await BakerRun.InAsync(_folder.Path, Checkout.Read("examples", "aws.yaml"), "plan", "-");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal((await BakerRun.Async("plan", "examples/aws.yaml")).Out, run.Out);
    }

    [Fact]
    public async Task Render_writes_below_out_and_check_agrees_until_the_spec_changes()
    {
        _folder.File("baker.yaml", Checkout.Read("examples", "gcp.yaml"));
        Assert.Equal(ExitCode.Different, (await Run("render", "--check")).Code);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "out")), "--check writes nothing");
        Assert.Equal(ExitCode.Done, (await Run("render")).Code);
        var same = await Run("render", "--check");
        Assert.Equal((ExitCode.Done, ""), (same.Code, same.Out));
        _folder.File("baker.yaml", Checkout.Read("examples", "gcp.yaml").Replace("duo.example", "other.example", StringComparison.Ordinal) + "tags: { owner: platform }\n");
        var changed = await Run("render", "--check");
        Assert.Equal(ExitCode.Different, changed.Code);
        Assert.Contains("changed: plan.json\n", changed.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_refuses_ends_with_3_and_no_stack_trace()
    {
        _folder.File("out", "a file where the folder would be");
        _folder.File("baker.yaml", Checkout.Read("examples", "aws.yaml"));
        var run = await Run("render");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_prints_json_on_standard_output_also_for_a_wrong_spec()
    {
        _folder.File("baker.yaml", Broken);
        var run = await Run("validate", "--json");
        Assert.Equal((ExitCode.SpecWrong, ""), (run.Code, run.Error));
        using var report = System.Text.Json.JsonDocument.Parse(run.Out);
        Assert.All(report.RootElement.EnumerateArray(), row => Assert.StartsWith("BKR", row.GetProperty("code").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_is_the_number_alone()
    {
        var run = await Run("--version");
        Assert.Matches(@"\A[0-9]+\.[0-9]+\.[0-9]+\n\z", run.Out);
    }

    [Fact]
    public async Task A_cancelled_command_ends_with_130()
    {
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();
        using var writer = new StringWriter();
        var world = new World(TextReader.Null, new CancelledWriter(), writer, _folder.Path, UseColor: false);
        Assert.Equal(ExitCode.Cancelled, await BakerCli.RunAsync(["schema"], world, cancel.Token));
    }

    private Task<BakerRun> Run(params string[] args) => BakerRun.InAsync(_folder.Path, "", args);

    private sealed class CancelledWriter : StringWriter
    {
        public override void Write(string? value) => throw new OperationCanceledException();
    }
}
