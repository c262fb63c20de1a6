using System.Text.Json;
using Baker.Rendering;
using Baker.Stack.Roles;
using Baker.Tests.Support;
using CsCheck;
using Xunit;

namespace Baker.Tests.Rendering;

/// <summary>One file, and everything that reads it on a VM: the scripts, GitLab's own configuration, the reader of user-data.</summary>
public class ValuesFileTests
{
    private static readonly Gen<VmValue[]> Values = AwkwardText.Any.Array[1_000].Select(texts => texts.Select((t, i) => VmValue.Configure($"v{i}", t, "")).ToArray());

    [Fact]
    public Task Bash_reads_every_value() => ReadAsync(Values, Tool.Wanted("bash", "bash"), async (bash, values) =>
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("values", ValuesFile.Write(values));
        var script = $". '{file}'\n" + string.Concat(values.Select(v => $"printf '%s\\0' \"${v.Name}\"\n"));
        var read = (await (bash with { Input = script }).RunAsync("--norc", "-s")).Require().Split('\0')[..^1];
        ReadBack.Same(values.Select(v => v.Value), read);
    });

    [Theory]
    [InlineData("C.UTF-8")]
    // What `gitlab-ctl reconfigure` has where a person's session has no locale.
    [InlineData("C")]
    public Task The_line_of_GitLabs_configuration_reads_every_value(string locale) => ReadAsync(Values, Tool.Wanted("ruby", "ruby"), async (tool, values) =>
    {
        using var folder = new TemporaryFolder();
        var line = Checkout.Read("templates", "machine", "gitlab", "configure", "gitlab.rb").Split('\n').Single(l => l.StartsWith("baker = ", StringComparison.Ordinal));
        Assert.Contains("'/etc/baker/values'", line, StringComparison.Ordinal);
        var script = "require 'shellwords'\nrequire 'json'\n" + line.Replace("/etc/baker/values", folder.File("values", ValuesFile.Write(values)), StringComparison.Ordinal)
            + "\nputs JSON.generate(baker)";
        var ruby = tool with { Environment = Tool.NoEnvironment.Add("LC_ALL", locale) };
        var read = JsonSerializer.Deserialize<Dictionary<string, string>>((await ruby.RunAsync("-e", script)).Require())!;
        Assert.Equal(values.Length, read.Count);
        ReadBack.Same(values.Select(v => v.Value), values.Select(v => read[v.Name]));
    });

    [Fact]
    public void Baker_reads_every_value_back() => Values.Sample(values =>
        ReadBack.Same(values.Select(v => v.Value), values.Select(v => ValuesFile.Read(ValuesFile.Write(values))![v.Name])), iter: 10, print: ReadBack.Count);

    [Theory]
    [InlineData("a='x")]
    [InlineData("a='x'")]
    [InlineData("a")]
    [InlineData("a=x\n")]
    [InlineData("a='x' b\n")]
    [InlineData("# a='x'\n")]
    public void Any_other_text_is_not_taken_for_values(string text) => Assert.Null(ValuesFile.Read(text));

    // The tool comes from outside: a sample that skips would count as one that fails.
    private static Task ReadAsync<T>(Gen<T[]> samples, Tool tool, Func<Tool, T[], Task> read) =>
        samples.SampleAsync(sample => read(tool, sample), iter: 1, print: ReadBack.Count);

    [Fact]
    public void A_line_is_an_assignment_and_nothing_else() => Assert.Equal("a='x'\nb='it'\\''s'\nc=''\n",
        ValuesFile.Write([VmValue.Install("a", "x", ""), VmValue.Source("b", "it's", ""), VmValue.Configure("c", "", "")]));
}
