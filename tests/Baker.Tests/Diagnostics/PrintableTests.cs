using System.Globalization;
using Baker.Cli;
using Baker.Diagnostics;
using Baker.Launching;
using Baker.Tests.Launching;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Diagnostics;

/// <summary>What steers a terminal, reorders text or hides it reaches nobody, whoever said it.</summary>
public class PrintableTests
{
    /// <summary>Sets a terminal's title, clears it, colours a word, and turns a line round.</summary>
    private const string Forged = "\e]0;PWNED\a\e[2J\e[1;32mduo-gitlab: ready\u202e\u200b";

    private static IEnumerable<char> Unseen => Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c).Where(c => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator && c is not ('\n' or '\t'));

    public static TheoryData<string> Ways => ["char", "chars", "string", "line", "async", "line async", "span", "format"];

    [Theory, MemberData(nameof(Ways))]
    public async Task No_way_of_writing_lets_any_of_them_through(string way)
    {
        foreach (var unseen in Unseen.Select(c => $"a{c}b"))
        {
            using var written = new StringWriter { NewLine = "\n" };
            using var writer = new PrintableWriter(written);
            switch (way)
            {
                case "char":
                    foreach (var c in unseen)
                        writer.Write(c);
                    break;
                case "chars": writer.Write(unseen.ToCharArray()); break;
                case "string": writer.Write(unseen); break;
                case "line": writer.WriteLine(unseen); break;
                case "async": await writer.WriteAsync(unseen); break;
                case "line async": await writer.WriteLineAsync(unseen); break;
                case "span": writer.Write(unseen.AsSpan()); break;
                default: writer.Write("{0}", unseen); break;
            }
            Assert.Equal("a·b", written.ToString().TrimEnd('\n'));
        }
    }

    [Fact]
    public void What_is_seen_comes_out_as_it_went_in()
    {
        using var written = new StringWriter();
        using var writer = new PrintableWriter(written);
        const string Seen = "ready: ✓ 日本語 é 🙂\n\tnext\n";
        writer.Write(Seen);
        Assert.Equal(Seen, written.ToString());
    }

    [Theory]
    [InlineData("state", "ready\e[2J")]
    [InlineData("state", "finished")]
    [InlineData("step", "\e]0;PWNED\a")]
    [InlineData("step", "duo ready")]
    [InlineData("reason", "http-503\u202e")]
    [InlineData("done", "\e[31mred")]
    [InlineData("digest", "\u200b")]
    [InlineData("role", "gitlab\n")]
    public void A_console_line_that_the_runner_would_not_write_is_passed_over(string key, string value)
    {
        var values = new Dictionary<string, object>
        {
            ["role"] = "gitlab",
            ["step"] = "duo",
            ["state"] = "retrying",
            ["reason"] = "http-5xx",
            ["done"] = "45% of 1.2 GB",
            ["try"] = 2,
            ["boot"] = "b",
            ["digest"] = "0123abcd",
            ["at"] = "2026-01-01T00:00:00Z",
        };
        Assert.Single(ConsoleLine.In($"BAKER {System.Text.Json.JsonSerializer.Serialize(values)}"));
        values[key] = value;
        Assert.Empty(ConsoleLine.In($"BAKER {System.Text.Json.JsonSerializer.Serialize(values)}"));
    }

    [Fact]
    public async Task Who_holds_a_lock_cannot_write_on_the_terminal_of_who_meets_it()
    {
        using var account = new MemoryAccount();
        account.Make("lock", Forged);
        var run = await account.RunAsync(account.Spec, "launch", "--yes");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("PWNED", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Error, c => Unseen.Contains(c));
    }

    [Fact]
    public async Task A_spec_has_no_character_that_cannot_be_seen()
    {
        using var folder = new TemporaryFolder();
        foreach (var unseen in Unseen)
        {
            var escaped = string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unseen:X4}");
            folder.File("baker.yaml", Checkout.Read("examples", "aws.yaml") + $"duo:\n  name: \"Llama {escaped}3\"\n");
            var run = await BakerRun.InAsync(folder.Path, "", "validate");
            Assert.Contains($"error BKR011 at duo.name: the value contains the character U+{escaped[2..]}\n", run.Error, StringComparison.Ordinal);
        }
    }
}
