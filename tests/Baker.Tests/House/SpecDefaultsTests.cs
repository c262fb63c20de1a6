using Baker.Stack.Roles;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.House;

/// <summary>What the shape calls the default of a key is what the planner takes when the key is absent.</summary>
public class SpecDefaultsTests
{
    // A mirror is a statement even where it names the maker's own server: the plan then counts on that server alone.
    // `gpu.count` has no meaning without its neighbour.
    // A model server that is not the usual one is there because its section is.
    private static readonly string[] Chosen = [.. RoleCatalog.ModelServers.Where(r => !r.IsUsual).Select(r => r.Name)];

    public static TheoryData<string> Literals =>
        [.. SpecKey.All.Where(k => k.HasLiteralDefault && k.Section != "mirrors" && !Chosen.Contains(k.Section) && k.Path != "ollama.gpu.count").Select(k => k.Path)];

    [Theory, MemberData(nameof(Literals))]
    public async Task Writing_a_default_out_changes_nothing(string path)
    {
        var parts = path.Split('.');
        var key = SpecKey.All.Single(k => k.Path == path).Key;
        var written = string.Join(": { ", parts) + $": {key.Default}" + string.Concat(Enumerable.Repeat(" }", parts.Length - 1));
        var expected = await PlanAsync("");
        var actual = await PlanAsync(written);
        Assert.Equal(expected, actual);
    }

    private static async Task<string> PlanAsync(string fragment)
    {
        var spec = fragment.Length == 0 ? Checkout.Read("examples", "aws.yaml") : ManualSpec.Over("aws", fragment);
        var run = await BakerRun.InAsync(null, spec, "plan", "-", "--json");
        Assert.True(run.Code == 0, run.Error);
        return run.Out;
    }
}
