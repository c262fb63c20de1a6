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
