using System.Collections.Immutable;
using Baker.Clouds.Live;
using Baker.Diagnostics;
using Baker.Launching;
using Baker.Planning;
using Baker.Stack;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Launching;

public sealed class ImageProblemsTests
{
    [Theory]
    [InlineData("aws", false, false, true)]
    [InlineData("aws", true, false, false)] // It was baked.
    [InlineData("aws", false, true, false)] // There is a way out.
    [InlineData("gcp", false, false, true)]
    [InlineData("local", false, false, false)] // A desk has one.
    public void A_machine_that_cannot_fetch_what_its_image_lacks_is_named(string example, bool isBaked, bool hasNat, bool isNamed)
    {
        var plan = Planner.Plan(SpecReader.Read("baker.yaml", File.ReadAllBytes(Checkout.PathOf("examples", $"{example}.yaml")), new DiagnosticBag()).Spec!);
        plan = plan with { Network = plan.Network with { NeedsNat = hasNat } };
        var images = plan.Machines.ToImmutableDictionary(m => m.Name, m => new Image($"image-{m.Role}", $"image-{m.Role}", m.Role != "ollama" || isBaked, "for the test"));
        var problems = ImageProblems.Of(plan, new ResolvedPlan(null!, null!, null!, [], [], images, [], BundlesFound.None, [], Preflight.Clear)).ToArray();
        Assert.Equal(isNamed ? 1 : 0, problems.Length);
        if (isNamed)
            Assert.StartsWith($"duo-ollama would start from image-ollama, which was not baked with the fingerprint {plan.Machine("ollama").Image.Fingerprint}, and nothing leads from it to ", problems[0], StringComparison.Ordinal);
    }
}
