using Baker.Diagnostics;
using Baker.Launching;
using Baker.Planning;
using Baker.Rendering;
using Baker.Stack;
using Baker.Stack.Roles;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Planning;

/// <summary>A role may have several machines: whatever is made of a plan tells them apart, and shares what is the role's.</summary>
public class SeveralMachinesTests
{
    private static readonly string ModelServer = RoleCatalog.ModelServers.First().Name;

    [Fact]
    public void Each_has_a_name_a_number_and_an_address_of_its_own()
    {
        var plan = PlanWith(2);
        Assert.Equal(["duo-gitlab", "duo-gateway", $"duo-{ModelServer}-1", $"duo-{ModelServer}-2"], plan.Machines.Select(m => m.Name));
        Assert.Equal(["10.77.1.30", "10.77.1.31"], plan.Of(ModelServer).Select(m => m.Address));
        Assert.Equal(["10.77.1.30", "10.77.1.31"], plan.Of(ModelServer).Select(m => m.Value("address")));
        Assert.Single(plan.Of(ModelServer).Select(m => m.Image.Fingerprint).Distinct());
    }

    [Fact]
    public void One_alone_keeps_the_name_that_running_stacks_have() => Assert.Equal($"duo-{ModelServer}", Assert.Single(PlanWith(1).Of(ModelServer)).Name);

    [Theory, InlineData("aws"), InlineData("gcp"), InlineData("local")]
    public void Each_has_user_data_and_a_place_in_the_cloud_and_all_have_one_image(string example)
    {
        var plan = PlanWith(2, example);
        var bag = new DiagnosticBag();
        var artifacts = Renderer.Render(plan, bag);
        var paths = artifacts.Files.Select(f => f.Path).ToArray();
        Assert.False(bag.HasErrors);
        Assert.Equal(paths.Distinct(), paths);
        Assert.Contains($"cloud-init/{ModelServer}-1.yaml", paths);
        Assert.Contains($"cloud-init/{ModelServer}-2.yaml", paths);
        Assert.Single(paths, p => p == $"packer/{ModelServer}.pkr.hcl" || p == $"bake/{ModelServer}.yaml");
        var wanted = CloudTerms.Of(plan, artifacts.UserData).Machines.Where(m => m.Group == ModelServer).ToArray();
        Assert.Equal(plan.Of(ModelServer).Select(m => (m.Name, m.Address)), wanted.Select(m => (m.Name, m.Address)));
        Assert.Equal(2, wanted.Select(m => m.UserDataDigest).Distinct().Count());
    }

    private static Plan PlanWith(int machines, string example = "aws")
    {
        var spec = SpecReader.Read("baker.yaml", File.ReadAllBytes(Checkout.PathOf("examples", $"{example}.yaml")), new DiagnosticBag()).Spec!;
        return Planner.Plan(spec with { Sections = spec.Sections.SetItem(ModelServer, spec.Sections[ModelServer] with { Count = machines }) });
    }
}
