using System.Text.Json.Nodes;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Diagnostics;

/// <summary>
/// A hint does not lead to the next error. Beside each wrong spec lies <c>followed.yaml</c>: the same with what the hint says done and nothing else.
/// A hint that names several ways has <c>followed-2.yaml</c> and so on.
/// </summary>
public class FollowedHintTests
{
    /// <summary>What asks for nothing, and why.</summary>
    private static readonly Dictionary<string, string> AsksForNothing = new()
    {
        ["BKR212-unknown-machine"] = "the type may be newer than Baker; launch asks the cloud",
        ["BKR413-not-wired"] = "the GitLab is meant; what stays manual is on the review page",
        ["BKR422-newer-than-tables"] = "the version is meant; a newer Baker is no other spec",
        ["BKR423-memory-constrained"] = "enough for a trial and for few users",
        ["BKR502-bypass-for-evaluation"] = "the spec says that it is a trial",
        ["BKR509-small-gateway"] = "enough for a trial and for few users",
        ["BKR625-not-listed"] = "the model is meant; the review page lists others",
    };

    public static TheoryData<string> Cases => [.. Directory.EnumerateDirectories(Golden.Folder("diagnostics"), "BKR*").Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Cases))]
    public async Task A_followed_hint_leads_to_no_other_error(string name)
    {
        var folder = Golden.Folder("diagnostics", name);
        var ways = Directory.GetFiles(folder, "followed*.yaml").Select(p => Path.GetFileName(p)!).ToArray();
        var before = await ReportAsync(folder, "spec.yaml");
        if (AsksForNothing.ContainsKey(name))
        {
            Assert.Empty(ways);
            Assert.DoesNotContain(before, d => d.Code == name[..6] && d.IsError);
            return;
        }
        Assert.Contains("followed.yaml", ways);
        foreach (var way in ways)
        {
            var after = await ReportAsync(folder, way);
            Assert.DoesNotContain(after, d => d.Code == name[..6] && before.Any(b => b.Code == d.Code && b.Hint == d.Hint));
            Assert.DoesNotContain(after, d => d.IsError && !before.Contains(d));
        }
    }

    [Fact]
    public void What_asks_for_nothing_exists() => Assert.Empty(AsksForNothing.Keys.Except(Cases.Select(c => c.Data)));

    private static async Task<(string Code, bool IsError, string Path, string Hint)[]> ReportAsync(string folder, string spec)
    {
        var run = await BakerRun.InAsync(folder, "", "validate", spec, "--json");
        return [.. JsonNode.Parse(run.Out)!.AsArray().Select(d => ((string)d!["code"]!, (string)d["severity"]! == "error", (string)d["path"]!, (string)d["hint"]!))];
    }
}
