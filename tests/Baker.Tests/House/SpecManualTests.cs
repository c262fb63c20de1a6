using System.Collections.Immutable;
using Baker.Clouds.Facts;
using Baker.Language.Secrets;
using Baker.Language.Shapes;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.House;

/// <summary>docs/spec.md and the shape of the spec say the same.</summary>
public class SpecManualTests
{
    private static readonly ManualPage Page = ManualPage.Read("docs/spec.md");

    private static readonly ImmutableArray<Row> Rows = [.. Tables(Page)];

    private static readonly ImmutableDictionary<string, Row> ByKey = Rows.DistinctBy(r => r.Key).ToImmutableDictionary(r => r.Key);

    [Fact]
    public void The_tables_name_every_key_once_and_no_other()
    {
        Assert.Equal(SpecKey.All.Select(k => k.Path).Order(StringComparer.Ordinal), Rows.Select(r => r.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_key_stands_in_its_section()
    {
        Assert.All(Rows, row => Assert.Equal(row.Key.Contains('.', StringComparison.Ordinal) ? $"`{row.Key.Split('.')[0]}`" : "The top level", row.Section));
    }

    [Fact]
    public void Defaults_are_told_as_the_shape_tells_them()
    {
        Assert.All(SpecKey.All, key => Assert.Equal($"{key.Path}: {Default(key)}", $"{key.Path}: {ByKey[key.Path].Default}"));
    }

    [Fact]
    public void Words_and_ranges_are_those_of_the_shape()
    {
        Assert.All(SpecKey.All, key =>
        {
            var section = string.Join('\n', Rows.Where(r => r.Key == key.Path).Select(r => r.Allowed).Append(SectionText(key.Section)));
            Assert.All(Words(key.Key.Shape), word => Assert.Contains($"`{word}`", section, StringComparison.Ordinal));
            if (Range(key.Key.Shape) is var (least, most))
                Assert.Contains($"{least} to {most}", ByKey[key.Path].Allowed, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_reference_to_a_secret_is_described()
    {
        Assert.All(CloudCatalog.Secrets, kind => Assert.Contains($"| `{{ {kind.Name}: ", SectionText("Secrets"), StringComparison.Ordinal));
        Assert.Equal(["gitlab.root_password"], SpecKey.All.Where(k => k.Key.Shape is SecretShape { MayGenerate: true }).Select(k => k.Path));
    }

    private static string Default(SpecKey key) =>
        key.Key.Required ? "must be given"
        : key.Parent is ChoiceShape ? "one of these"
        : key.HasLiteralDefault ? $"`{key.Key.Default}`"
        : key.Key.Default ?? "none";

    private static IEnumerable<string> Words(Shape shape) => shape switch
    {
        WordShape word => word.Words,
        ListShape list => Words(list.Item),
        EitherShape either => Words(either.Brief),
        FlagShape => ["true", "false"],
        _ => [],
    };

    private static (int Least, int Most)? Range(Shape shape) => shape switch
    {
        NumberShape number => (number.Least, number.Most),
        ListShape list => (list.Least, list.Most),
        _ => null,
    };

    private static string SectionText(string name) => string.Join('\n', Page.Lines
        .SkipWhile(l => l != $"## `{name}`" && l != $"## {name}").Skip(1).TakeWhile(l => !l.StartsWith("## ", StringComparison.Ordinal)));

    private static IEnumerable<Row> Tables(ManualPage page)
    {
        var (section, inside) = ("", false);
        foreach (var (_, line) in page.Prose())
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
                section = line[3..];
            inside = line == "| key | meaning | allowed | default |" || (inside && line.StartsWith('|'));
            if (inside && line.StartsWith("| `", StringComparison.Ordinal))
            {
                var cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
                Assert.Equal(4, cells.Length);
                yield return new Row(section, cells[0].Trim('`'), cells[2], cells[3]);
            }
        }
    }

    private sealed record Row(string Section, string Key, string Allowed, string Default);
}
