using System.Text;
using System.Text.Json;
using Baker.Diagnostics;
using Baker.Planning;
using Baker.Rendering;
using Baker.Stack;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Planning;

/// <summary>A machine that may be one of several types is told what holds for the least of them.</summary>
public class AlternativesTests
{
    /// <summary>Where it stands in the list is of no matter.</summary>
    [Theory, InlineData("[g6e.2xlarge, g4dn.2xlarge]"), InlineData("[g4dn.2xlarge, g6e.2xlarge]")]
    public void User_data_and_image_are_those_of_the_least(string machines)
    {
        var (least, large) = (Rendered("g4dn.2xlarge"), Rendered("g6e.2xlarge"));
        var listed = Rendered(machines);
        Assert.NotEqual(least.Artifacts.UserData[2].Digest, large.Artifacts.UserData[2].Digest);
        Assert.Equal(least.Artifacts.UserData[2].Digest, listed.Artifacts.UserData[2].Digest);
        Assert.Equal(least.Plan.Machine("ollama").Image.Fingerprint, listed.Plan.Machine("ollama").Image.Fingerprint);
        Assert.Equal(least.Plan.Stack.ModelMemory, listed.Plan.Stack.ModelMemory);
    }

    [Fact]
    public void Plan_page_and_file_name_all_of_them_in_their_order()
    {
        var (plan, artifacts) = Rendered("[g6.2xlarge, g5.2xlarge, g4dn.2xlarge]");
        using var printed = new StringWriter();
        PlanPrinter.Print(printed, plan);
        Assert.Contains("duo-ollama   g6.2xlarge (8 CPUs, 32 GB, 1 × L4 24 GB), else g5.2xlarge, else g4dn.2xlarge  ", printed.ToString(), StringComparison.Ordinal);
        var page = Encoding.UTF8.GetString(artifacts.Files.Single(f => f.Path == "README.md").Bytes.Span);
        Assert.Contains("g6.2xlarge (8 CPUs, 32 GB, 1 × L4 24 GB), else g5.2xlarge (8 CPUs, 32 GB, 1 × A10G 24 GB), else g4dn.2xlarge (8 CPUs, 32 GB, 1 × T4 16 GB) |", page, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(PlanJson.Write(plan));
        var machine = json.RootElement.GetProperty("machines")[2];
        Assert.Equal("g6.2xlarge", machine.GetProperty("type").GetString());
        Assert.Equal(["g5.2xlarge", "g4dn.2xlarge"], machine.GetProperty("alternatives").EnumerateArray().Select(a => a.GetProperty("name").GetString()));
        Assert.Equal(16, machine.GetProperty("gpu").GetProperty("memory_gb").GetInt32());
    }

    [Fact]
    public void A_list_of_one_is_that_one()
    {
        var (alone, listed) = (Rendered("g6.2xlarge"), Rendered("[g6.2xlarge]"));
        Assert.Equal(alone.Artifacts.Files.Select(f => (f.Path, Encoding.UTF8.GetString(f.Bytes.Span))), listed.Artifacts.Files.Select(f => (f.Path, Encoding.UTF8.GetString(f.Bytes.Span))));
    }

    private static (Plan Plan, Artifacts Artifacts) Rendered(string machines)
    {
        var bag = new DiagnosticBag();
        var spec = SpecReader.Read("baker.yaml", Encoding.UTF8.GetBytes(SampleSpec.Aws(ollama: $"{{ models: [llama3.1:8b], machine: {machines} }}")), bag).Spec!;
        var plan = Planner.Plan(spec);
        var artifacts = Renderer.Render(plan, bag);
        Assert.False(bag.HasErrors);
        return (plan, artifacts);
    }
}
