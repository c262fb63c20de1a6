using System.Text.RegularExpressions;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.House;

/// <summary>docs/architecture.md names files that are there, and counts them right.</summary>
public partial class ArchitectureTests
{
    public static TheoryData<string, int, string> Changes => new(ManualTable.AllOf(ManualPage.Read("docs/architecture.md"))
        .Single(t => t.Columns is ["to add", "files that are touched", "goldens"]).Rows
        .Select(row => (row[0], int.Parse(Count().Match(row[0]).Groups[1].Value), row[1])));

    [Theory, MemberData(nameof(Changes))]
    public void A_change_touches_as_many_files_as_it_names_and_all_of_them_are_there(string what, int count, string files)
    {
        var named = FilePath().Matches(files).Select(m => m.Groups[1].Value).ToArray();
        Assert.True(count == named.Length, $"{what}: {named.Length}");
        Assert.All(named, file => Assert.True(File.Exists(Checkout.PathOf(file)), file));
    }

    [GeneratedRegex(@"\((\d+)\)")]
    private static partial Regex Count();

    [GeneratedRegex(@"`([A-Za-z][\w./-]*\.(?:cs|md|rb))`")]
    private static partial Regex FilePath();
}
