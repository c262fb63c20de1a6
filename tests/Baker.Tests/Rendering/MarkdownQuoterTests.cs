using Baker.Rendering;
using Baker.Tests.Support;
using CsCheck;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Xunit;

namespace Baker.Tests.Rendering;

/// <summary>The review page in front of a Markdown parser with the extensions that GitHub and GitLab have.</summary>
public class MarkdownQuoterTests
{
    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UsePipeTables().UseEmphasisExtras(EmphasisExtraOptions.Strikethrough).UseAutoLinks().UseTaskLists().Build();

    [Theory]
    [InlineData("md")]
    [InlineData("code")]
    public void A_text_stays_in_its_cell_and_comes_back(string quoter) => AwkwardText.Any.Sample(text =>
    {
        var page = Markdown.Parse($"| a | b |\n| --- | --- |\n| {Templates.Quoters[quoter](text)} | here |\n", Pipeline);
        var table = Assert.IsType<Table>(Assert.Single(page));
        var cells = Assert.IsType<TableRow>(table[^1]).Cast<TableCell>().ToArray();
        Assert.Equal(2, table.Count);
        Assert.Equal(2, cells.Length);
        ReadBack.Same([Shown(text), "here"], cells.Select(Text));
    }, iter: 5_000);

    [Fact]
    public void A_text_stays_in_its_item_and_comes_back() => AwkwardText.Any.Sample(text =>
    {
        var page = Markdown.Parse($"- {Templates.Quoters["md"](text)}\n- here\n", Pipeline);
        var list = Assert.IsType<ListBlock>(Assert.Single(page));
        Assert.Equal(2, list.Count);
        ReadBack.Same([Shown(text), "here"], list.Select(Text));
    }, iter: 5_000);

    [Fact]
    public void A_text_stays_in_its_paragraph_and_comes_back() => AwkwardText.Any.Where(t => Shown(t).Length > 0).Sample(text =>
        ReadBack.Same([Shown(text)], [Text(Assert.IsType<ParagraphBlock>(Assert.Single(Markdown.Parse($"\n{Templates.Quoters["md"](text)}\n\n", Pipeline))))]), iter: 5_000);

    [Fact]
    public void A_label_stays_in_its_line_of_the_diagram() => AwkwardText.Any.Sample(text =>
    {
        var page = Markdown.Parse($"```mermaid\nflowchart LR\n  a[{Templates.Quoters["mermaid"](text)}] --> b\n```\n", Pipeline);
        var lines = Assert.IsType<FencedCodeBlock>(Assert.Single(page)).Lines.ToString().Split('\n');
        Assert.Equal(2, lines.Length);
        // Between the quotes that hold it there is none, and nothing that Mermaid or a browser reads as more than text.
        var label = lines[1]["  a[\"".Length..^"\"] --> b".Length];
        Assert.DoesNotContain('"', label);
        Assert.DoesNotContain('<', label);
    }, iter: 5_000);

    [Fact]
    public void Addresses_stay_links() => Assert.Equal("https://gitlab.example.com", Templates.Quoters["md"]("https://gitlab.example.com"));

    [Fact]
    public void A_word_is_a_word_or_refused() => AwkwardText.Any.Sample(text =>
    {
        if (text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            Assert.Equal(text, Quoting.Word(text));
        else
            Assert.Throws<ArgumentException>(() => Quoting.Word(text));
    }, iter: 5_000);

    // One line, and no blanks at its ends: Markdown has no means for either.
    private static string Shown(string text) =>
        string.Concat(Utf8.Whole(text).Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)).Trim();

    private static string Text(MarkdownObject part) => part switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        // Entities are how code shows what would be read as more than text.
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        HtmlInline { Tag: "<code>" or "</code>" } => "",
        AutolinkInline link => link.Url,
        LinkInline { IsAutoLink: true } link => string.Concat(link.Select(Text)),
        ContainerInline line when line.GetType() == typeof(ContainerInline) => string.Concat(line.Select(Text)),
        LeafBlock leaf => leaf.Inline is null ? "" : Text(leaf.Inline),
        ListItemBlock or TableCell => string.Concat(((ContainerBlock)part).Select(Text)),
        _ => $"<{part.GetType().Name}>",
    };
}
