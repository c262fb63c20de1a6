using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Judges;

/// <summary>Every script of the checkout, before the judges of its language.</summary>
public class ScriptTests
{
    private const string PythonReader = """
        import sys
        for name in sys.argv[1:]:
            with open(name, encoding="utf-8") as file:
                compile(file.read(), name, "exec")
        """;

    public static TheoryData<string> Shell => [.. Scripts.Shell];

    public static TheoryData<string> Python => [.. Scripts.Python];

    public static TheoryData<string> Ruby => [.. Scripts.Ruby];

    [Theory, MemberData(nameof(Shell))]
    public async Task Shellcheck_finds_nothing(string script)
    {
        var run = await Tool.Wanted("shellcheck", "shellcheck").RunAsync("--norc", script);
        Assert.True(run is { Code: 0, Words: "" }, run.Words);
    }

    [Fact]
    public async Task Shellcheck_finds_something_where_something_is()
    {
        var run = await (Tool.Wanted("shellcheck", "shellcheck") with { Input = "#!/bin/bash\nrm -rf $1/x\n" }).RunAsync("--norc", "-");
        Assert.True(run.Code == 1 && run.Out.Contains("SC2086", StringComparison.Ordinal), run.Words);
    }

    [Theory, MemberData(nameof(Shell))]
    public async Task Its_shell_can_read_it(string script)
    {
        var isPosix = File.ReadLines(Checkout.PathOf(script)).First() == "#!/bin/sh";
        var run = await (isPosix ? Tool.Wanted("dash", "dash") : Tool.Wanted("bash", "bash")).RunAsync("-n", script);
        Assert.True(run is { Code: 0, Words: "" }, run.Words);
    }

    [Theory, MemberData(nameof(Python))]
    public async Task Python_can_read_it(string script) =>
        Assert.Equal("", (await Tool.Wanted("python3", "python3").RunAsync("-W", "error", "-c", PythonReader, script)).Require());

    [Theory, MemberData(nameof(Ruby))]
    public async Task Ruby_can_read_it(string script)
    {
        var run = await Tool.Wanted("ruby", "ruby").RunAsync("-wc", script);
        Assert.True(run is { Code: 0, Words: "Syntax OK\n" }, run.Words);
    }
}
