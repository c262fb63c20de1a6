using System.Text;
using Baker.Diagnostics;
using Baker.Language.Values;
using Baker.Stack;
using Xunit;

namespace Baker.Tests.Language;

/// <summary>What a word processor made of a spec is named by its place, wherever it stands.</summary>
public sealed class LookalikeTests
{
    private const string Spec = "version: 1\nname: duo\ncloud: { local: {} }\nevaluation: true\ngitlab:\n  url: https://gitlab.desk.test\n  tls: { private_ca: generate }\n";

    [Theory]
    [InlineData("gitlab:", "gitlab\uFF1A", 5, 7)]
    [InlineData("name: duo", "name\uFF1A duo", 2, 5)]
    [InlineData("  url", "\u00A0\u00A0url", 6, 1)]
    [InlineData("  tls", "\u3000tls", 7, 1)]
    [InlineData("name: duo", "name:\u00A0duo", 2, 6)]
    [InlineData("https://gitlab.desk.test", "\u201Chttps://gitlab.desk.test\u201D", 6, 8)]
    [InlineData("https://", "https\uFF1A//", 6, 13)]
    [InlineData("name: duo", "name: duo\u2014test", 2, 10)]
    [InlineData("gitlab.desk", "gitlab\u3002desk", 6, 22)]
    [InlineData("cloud: { local", "cloud:\u00A0{ local", 3, 7)]
    [InlineData("  tls: {", "  tls:\u00A0{", 7, 7)]
    [InlineData("  tls: {", "  models:\u00A0[x]\n  tls: {", 7, 10)]
    [InlineData("{ private_ca: generate }", "\uFF5B private_ca: generate \uFF5D", 7, 8)]
    public void It_is_named_where_it_stands(string ascii, string typed, int line, int column)
    {
        var bag = new DiagnosticBag();
        SpecReader.Read("baker.yaml", Encoding.UTF8.GetBytes(Spec.Replace(ascii, typed, StringComparison.Ordinal)), bag);
        Assert.Contains(bag.InFileOrder, d => d.Message.Code == "BKR014" && d.Spot is { } at && (at.Line, at.Column) == (line, column));
    }

    /// <summary>Unicode's own data, category Cf: ZERO WIDTH SPACE, NON-JOINER, JOINER, WORD JOINER, SOFT HYPHEN, BYTE ORDER MARK, LEFT-TO-RIGHT MARK.</summary>
    [Theory]
    [InlineData("name: duo", "name\u200B: duo", 2, 5)]
    [InlineData("name: duo", "\u200Bname: duo", 2, 1)]
    [InlineData("  url", "\u200B  url", 6, 1)]
    [InlineData("  url", "  \u200Burl", 6, 3)]
    [InlineData("  url", "  \u2060\n  url", 6, 3)]
    [InlineData("private_ca", "private\u00AD_ca", 7, 17)]
    [InlineData("  tls", "\uFEFF  tls", 7, 1)]
    [InlineData("  tls", "  tls\u200E", 7, 6)]
    [InlineData("name: duo", "name:\u200Bduo", 2, 6)]
    [InlineData("name: duo", "\"na\u200Dme\": duo", 2, 4)]
    [InlineData("cloud: {", "tags: { a\u200Cb: c }\ncloud: {", 3, 10)]
    public void What_nobody_sees_is_named_where_it_stands(string seen, string typed, int line, int column)
    {
        var bag = new DiagnosticBag();
        SpecReader.Read("baker.yaml", Encoding.UTF8.GetBytes(Spec.Replace(seen, typed, StringComparison.Ordinal)), bag);
        var unseen = typed.First(c => char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format);
        var found = Assert.Single(bag.InFileOrder, d => d.Message.Severity == Severity.Error);
        Assert.Equal(("BKR011", line, column), (found.Message.Code, found.Spot?.Line, found.Spot?.Column));
        Assert.Contains($"U+{(int)unseen:X4}", found.Message.Text, StringComparison.Ordinal);
    }

    /// <summary>What a template engine or a shell was to replace is told as such, in keys and where YAML reads a map.</summary>
    [Theory]
    [InlineData("{ local: {} }", "{ gcp: { project: duo-project-1, region: asia-northeast1 } }\ntags: { \"${TEAM}\": x }", 4, "BKR117")]
    [InlineData("name: duo", "name: {{ name }}", 2, "BKR116")]
    [InlineData("name: duo", "name: {{ values.name }}-test", 2, "BKR116")]
    [InlineData("https://gitlab.desk.test", "{{ url }}", 6, "BKR116")]
    [InlineData("https://gitlab.desk.test", "{{ host }}:8443", 6, "BKR116")]
    [InlineData("cloud: {", "ollama:\n  models:\n  - {{ model }}\ncloud: {", 5, "BKR116")]
    [InlineData("cloud: {", "ollama: { models: [{{ model }}] }\ncloud: {", 3, "BKR116")]
    [InlineData("cloud: {", "tags: { \"${TEAM}\": x }\ncloud: {", 3, "BKR117")]
    [InlineData("cloud: {", "tags:\n  ${TEAM}: x\ncloud: {", 4, "BKR117")]
    [InlineData("cloud: {", "tags: { \"{{ team }}\": x }\ncloud: {", 3, "BKR117")]
    public void A_placeholder_is_told_as_one(string written, string typed, int line, string code)
    {
        var bag = new DiagnosticBag();
        SpecReader.Read("baker.yaml", Encoding.UTF8.GetBytes(Spec.Replace(written, typed, StringComparison.Ordinal)), bag);
        var found = Assert.Single(bag.InFileOrder, d => d.Message.Code is "BKR116" or "BKR117" || d.Message.Code.StartsWith("BKR0", StringComparison.Ordinal));
        Assert.Equal((code, line), (found.Message.Code, found.Spot?.Line));
    }

    [Theory, InlineData("# caf\u00E9 \u2013 \u201Cduo\u201D\uFF1A\n"), InlineData("duo: { name: \"Llama\u00A03.1 \u2013 test\" }\n")]
    public void Where_it_does_no_harm_it_stays(string more)
    {
        var bag = new DiagnosticBag();
        SpecReader.Read("baker.yaml", Encoding.UTF8.GetBytes(Spec + more), bag);
        Assert.DoesNotContain(bag.InFileOrder, d => d.Message.Code == "BKR014");
    }

    [Fact]
    public void Every_full_width_form_has_its_own_of_ASCII()
    {
        for (var c = '!'; c <= '~'; c++)
            Assert.Equal(c, Lookalike.Find($"x{(char)(c + 0xFEE0)}")!.Meant);
    }
}
