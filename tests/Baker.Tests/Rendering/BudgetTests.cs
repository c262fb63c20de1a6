using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Baker.Clouds.Facts;
using Baker.Diagnostics;
using Baker.Planning;
using Baker.Rendering;
using Baker.Stack;
using Baker.Stack.Roles;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Rendering;

/// <summary>User-data has room: the largest specs fit every cloud, and the manual says how much is left.</summary>
public class BudgetTests
{
    /// <summary>The manual's figures are limits: what is smaller by more than this part of the cloud's limit is told anew.</summary>
    private const int Slack = 4;

    public static TheoryData<string, string, bool, bool> Specs
    {
        get
        {
            var data = new TheoryData<string, string, bool, bool>();
            foreach (var cloud in CloudCatalog.All.Select(c => c.Key))
                foreach (var authority in WorstSpec.Authorities)
                    foreach (var hasMirrors in new[] { false, true })
                        foreach (var isMirrors in new[] { false, true })
                            data.Add(cloud, authority, hasMirrors, isMirrors);
            return data;
        }
    }

    public static TheoryData<string> Clouds => [.. CloudCatalog.All.Select(c => c.Key)];

    [Theory, MemberData(nameof(Specs))]
    public void The_largest_spec_leaves_room_for_every_role(string cloud, string authority, bool hasMirrors, bool isMirrors)
    {
        foreach (var data in Rendered(WorstSpec.Of(cloud, authority, hasMirrors, isMirrors)))
        {
            // Inline it has to fit; what only names a bundle has to grow for years.
            var left = data.Limit - data.Sent.Length;
            Assert.True(left >= (data.Bundle is null ? 0 : 2000), $"{data.Role}: {left} bytes left");
            Assert.All(data.Bundle?.Parts ?? [], p => Assert.InRange(p.Length, 1, 4096));
        }
    }

    [Theory, MemberData(nameof(Clouds))]
    public void The_manual_has_the_figures(string cloud)
    {
        var rows = ManualTable.AllOf(ManualPage.Read("docs/architecture.md")).Single(t => t.Columns[0] == "cloud" && t.Columns.Contains("bundle")).Rows
            .Where(r => r[0] == cloud).ToDictionary(r => r[1]);
        Assert.Equal(RoleCatalog.Names.Order(), rows.Keys.Order());
        var all = WorstSpec.Authorities.SelectMany(a => new[] { true, false }.SelectMany(m => Rendered(WorstSpec.Of(cloud, a, hasMirrors: true, m)))).ToLookup(d => d.Role);
        foreach (var (role, row) in rows)
        {
            // Where some are so large that they name a bundle, these are the largest.
            var isBundled = all[role].Any(d => d.Bundle is not null);
            var (sent, most) = (all[role].Where(d => d.Bundle is not null == isBundled).Max(d => d.Sent.Length), int.Parse(row[2].Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture));
            Assert.True(sent <= most, $"{role}: {sent} bytes are sent, and the manual says {most} at most");
            Assert.True(most - sent <= most / Slack, $"{role}: {sent} bytes are sent, and the manual says {most}");
            Assert.Equal(row[4], isBundled ? "yes" : "no");
            Assert.Equal(row[3], all[role].First().Limit.ToString("N0", CultureInfo.InvariantCulture));
        }
    }

    private static ImmutableArray<UserData> Rendered(string text)
    {
        var bag = new DiagnosticBag();
        var plan = Planner.Plan(SpecReader.Read("worst.yaml", Encoding.UTF8.GetBytes(text), bag).Spec ?? throw new InvalidOperationException(Report(bag)));
        PlanRules.Check(plan, bag);
        var artifacts = Renderer.Render(plan, bag);
        Assert.True(bag.InFileOrder.All(d => d.Message.Severity != Severity.Error), Report(bag));
        return artifacts.UserData;
    }

    private static string Report(DiagnosticBag bag) => string.Join('\n', bag.InFileOrder.Where(d => d.Message.Severity == Severity.Error).Select(d => $"{d.Path}: {d.Message.Code} {d.Message.Text}"));
}
