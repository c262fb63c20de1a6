using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.House;

/// <summary>The rooms stand in one order: each may know those before it, and nobody knows one behind.</summary>
public partial class RoomsTests
{
    private static readonly ImmutableArray<string> Order =
    [
        "Diagnostics", "Embedded", "Language", "Clouds/Facts", "Stack", "Machine", "Planning", "Rendering",
        "Writing", "Clouds/Live", "Launching", "Baking", "Verifying", "Cli",
    ];

    public static TheoryData<string> Names => [.. Order];

    [Fact]
    public void Every_folder_of_the_sources_has_its_place_in_the_order() =>
        Assert.Equal(Order.Order(StringComparer.Ordinal), SourceRoom.All.Select(r => r.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void No_room_without_a_clock_or_a_disk_stands_behind_one_that_has_them()
    {
        var pure = Directory.EnumerateDirectories(Checkout.PathOf("src", SourceRoom.Projects[0]), "*", SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(Checkout.PathOf("src", SourceRoom.Projects[0]), p)).ToHashSet();
        Assert.Equal(Order.Where(pure.Contains).Concat(Order.Where(r => !pure.Contains(r))), Order);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_room_knows_only_rooms_before_it(string name)
    {
        var room = Room(name);
        Assert.Empty(Order.Skip(Order.IndexOf(name) + 1).Select(Room).SelectMany(later => later.NamedBy(room).Select(type => $"{later.Name}: {type}")));
        Assert.Empty(Order.Skip(Order.IndexOf(name) + 1).Select(Room).Where(later => room.Files.Any(f => f.Usings.Any(later.Has))).Select(r => $"using {r.Namespace}"));
    }

    [Theory]
    [InlineData("using Baker.Launching;\n\nnamespace Baker.Planning;\n\nclass Early(Launcher launcher);\n")]
    [InlineData("namespace Baker.Planning;\n\nclass Early(Launching.Launcher launcher);\n")]
    [InlineData("namespace Baker.Planning;\n\nclass Early(Baker.Launching.Launcher launcher);\n")]
    public void An_arrow_back_is_seen_however_it_is_written(string text)
    {
        var early = new SourceRoom("Planning", [SourceFile.Read("Early.cs", text)]);
        Assert.Equal(["Launcher"], Room("Launching").NamedBy(early));
    }

    /// <summary>With BAKER_UPDATE_GOLDENS=1 the table is written anew.</summary>
    [Fact]
    public void The_architecture_shows_who_knows_whom()
    {
        var page = Checkout.Read("docs", "architecture.md");
        var table = string.Concat(Order.Select(Row));
        if (Golden.IsUpdating)
            File.WriteAllText(Checkout.PathOf("docs", "architecture.md"), Table().Replace(page, m => m.Groups[1].Value + table));
        else
            Assert.Equal(table, Table().Match(page).Groups[2].Value);
    }

    private static string Row(string name)
    {
        var known = Order.Take(Order.IndexOf(name)).Select(earlier => (Name: earlier, Types: Room(earlier).NamedBy(Room(name)).Count)).Where(k => k.Types > 0);
        return $"| `{name}` | {(known.Any() ? string.Join(", ", known.Select(k => $"`{k.Name}` {k.Types}")) : "nobody")} |\n";
    }

    private static SourceRoom Room(string name) => SourceRoom.All.Single(r => r.Name == name);

    [GeneratedRegex(@"(\| room \| knows, by how many types \|\n\| --- \| --- \|\n)((?:\|[^\n]*\n)*)")]
    private static partial Regex Table();
}
