using Baker.Rendering;
using Baker.Tests.Support;
using CsCheck;
using Xunit;

namespace Baker.Tests.Rendering;

public class ShellQuoterTests
{
    [Theory]
    [InlineData("bash")]
    [InlineData("dash")]
    public async Task A_word_is_read_back_by_the_shell(string shellName)
    {
        var shell = Tool.Wanted(shellName, shellName);
        await AwkwardText.Any.Array[1_000].SampleAsync(async texts => ReadBack.Same(texts, await WordsAsync(shell, texts)), iter: 1, print: ReadBack.Count);
    }

    [Fact]
    public async Task Half_a_surrogate_pair_becomes_the_replacement_character()
    {
        var bash = Tool.Wanted("bash", "bash");
        await AwkwardText.Broken.Array[100].SampleAsync(async texts => ReadBack.Same(texts.Select(Utf8.Whole), await WordsAsync(bash, texts)), iter: 1, print: ReadBack.Count);
    }

    [Fact]
    public void NUL_is_refused_because_no_shell_has_it() => Assert.Throws<ArgumentException>(() => Quoting.Shell("a\0b"));

    private static async Task<string[]> WordsAsync(Tool shell, string[] texts)
    {
        var script = string.Concat(texts.Select(t => $"printf '%s\\0' {Templates.Quoters["sh"](t)}\n"));
        return (await (shell with { Input = script }).RunAsync("-s")).Require().Split('\0')[..^1];
    }
}
