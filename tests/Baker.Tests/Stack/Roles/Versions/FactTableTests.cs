using System.Globalization;
using Baker.Stack.Roles.GitLab;
using Baker.Stack.Roles.Versions;
using Xunit;

namespace Baker.Tests.Stack.Roles.Versions;

/// <summary>What a table must be, so that a change of one is one small commit that the tests judge. No test asks what day it is.</summary>
public class FactTableTests
{
    public static TheoryData<string> Names => [.. FactTable.All.Select(t => t.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Every_fact_has_its_cells_with_source_and_day_and_none_is_younger_than_its_table(string name)
    {
        var table = FactTable.All.Single(t => t.Name == name);
        var asOf = Day(table.Date);
        Assert.NotEmpty(table.Rows);
        Assert.All(table.Rows, row =>
        {
            Assert.Equal(table.Columns.Length, row.Cells.Length);
            Assert.DoesNotContain("", row.Cells);
            Assert.True(row["source"].Length > 5);
            Assert.True(Day(row["seen"]) <= asOf);
        });
        Assert.Equal(table.Rows.Length, table.Rows.Select(r => string.Join('|', r.Cells)).Distinct().Count());
    }

    [Fact]
    public void Releases_are_sorted_and_each_pair_is_of_one_minor()
    {
        var minors = FactTable.Releases.Rows.Select(r => Release.Parse(r["minor"])).ToArray();
        Assert.Equal(minors.OrderDescending(), minors);
        Assert.All(FactTable.Releases.Rows, row =>
        {
            Assert.Equal(row["minor"], GitLabReleases.Minor(row["newest"]));
            if (row["gateway"] != "-")
                Assert.Equal(row["minor"], GitLabReleases.Minor(GitLabReleases.VersionOfTag(row["gateway"])!));
        });
    }

    [Fact]
    public void What_is_offered_is_not_refused_and_the_default_has_no_advisory_at_all()
    {
        Assert.All(FactTable.Releases.Rows, row => Assert.Null(Advisories.GitLab.Find(AdvisoryKind.Refuse, row["newest"])));
        Assert.All(FactTable.Releases.Rows.Where(r => r["gateway"] != "-"), row =>
            Assert.Null(Advisories.Gateway.Find(AdvisoryKind.Refuse, GitLabReleases.VersionOfTag(row["gateway"])!)));
        foreach (var kind in Enum.GetValues<AdvisoryKind>())
        {
            Assert.Null(Advisories.GitLab.Find(kind, GitLabReleases.Default));
            Assert.Null(Advisories.Gateway.Find(kind, GitLabReleases.VersionOfTag(GitLabReleases.GatewayTag(GitLabReleases.Default))!));
        }
    }

    [Theory, InlineData("gitlab-advisories"), InlineData("gateway-advisories")]
    public void An_advisory_begins_below_where_it_ends(string name) =>
        Assert.All(FactTable.All.Single(t => t.Name == name).Rows, row => Assert.True(Release.Parse(row["from"]) < Release.Parse(row["below"])));

    [Theory]
    [InlineData("19.4.8", "19.5.9", null)]
    [InlineData("19.4.8", "19.6.1", "19.5")]
    [InlineData("19.5.9", "19.6.1", null)]
    [InlineData("18.11.13", "19.2.9", null)]
    [InlineData("18.11.13", "19.4.8", "19.2")]
    [InlineData("18.10.3", "19.4.8", "18.11")]
    [InlineData("18.4.0", "18.4.9", null)]
    public void Stops_are_those_that_lie_between(string from, string to, string? stop) => Assert.Equal(stop, UpgradePath.StopBetween(from, to));

    [Theory]
    [InlineData(null, null, "19.4.8")]
    [InlineData("19.4", null, "19.4.8")]
    [InlineData("19.5", null, "19.5.9")]
    [InlineData("19.4.4", "19.4.1", "19.4.4")]
    [InlineData("19.4", "19.4.1", "19.4.1")]
    [InlineData("19.4", "19.3.9", "19.4.8")]
    [InlineData(null, "19.2.9", "19.2.9")]
    [InlineData("19.9", null, null)]
    public void A_version_is_what_is_written_else_what_runs_else_the_newest(string? written, string? running, string? chosen) =>
        Assert.Equal(chosen, GitLabReleases.Choose(written, running));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
