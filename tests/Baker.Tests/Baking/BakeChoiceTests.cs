using System.Collections.Immutable;
using Baker.Baking;
using Baker.Clouds.Live;
using Baker.Diagnostics;
using Baker.Planning;
using Baker.Stack;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Baking;

public sealed class BakeChoiceTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly BakeBase Base = new("ami-base", "noble");
    private static readonly Plan Plan = Planner.Plan(SpecReader.Read("baker.yaml", File.ReadAllBytes(Checkout.PathOf("examples", "aws.yaml")), new DiagnosticBag()).Spec!);
    private static readonly string Fingerprint = Plan.Machine("ollama").Image.Fingerprint;

    [Fact]
    public void An_image_with_fingerprint_base_and_age_makes_a_bake_needless() =>
        Assert.Equal(("ami-1", true), (Choose(Image("ami-1", 30)).Fitting?.Id, Choose(Image("ami-1", 30)).Why.Contains("30 days", StringComparison.Ordinal)));

    [Theory]
    [InlineData(31, "ami-base", "ollama", null, false, "31 days old, and images.max_age_days is 30")]
    [InlineData(1, "ami-older", "ollama", null, false, "was baked from ami-older, and ami-base is newer")]
    [InlineData(1, "", "ollama", null, false, "was baked from an unknown base")]
    [InlineData(1, "ami-base", "gitlab", null, false, "no image has the fingerprint")]
    [InlineData(1, "ami-base", "ollama", "000000000000", false, "no image has the fingerprint")]
    [InlineData(1, "ami-base", "ollama", null, true, "asked for by --rebuild")]
    public void Otherwise_it_is_baked_and_said_why(int days, string @base, string role, string? fingerprint, bool rebuild, string why)
    {
        var choice = Choose(rebuild, Image("ami-1", days) with { Base = @base, Role = role, Fingerprint = fingerprint ?? Fingerprint });
        Assert.True(choice.IsBaked);
        Assert.Contains(why, choice.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_newest_image_counts() => Assert.Equal("ami-2", Choose(Image("ami-1", 20), Image("ami-2", 2), Image("ami-3", 10)).Fitting?.Id);

    [Fact]
    public void One_for_larger_disks_does_not_count()
    {
        var choice = Choose(Image("ami-1", 2) with { SizeGb = 500 });
        Assert.True(choice.IsBaked);
        Assert.Contains("baker-ami-1 needs a disk of 500 GB, and ollama.disk_gb is ", choice.Why, StringComparison.Ordinal);
        Assert.Equal("ami-2", Choose(Image("ami-1", 2) with { SizeGb = 500 }, Image("ami-2", 9)).Fitting?.Id);
    }

    private static BakeChoice Choose(params BakedImage[] images) => Choose(false, images);

    private static BakeChoice Choose(bool rebuild, params BakedImage[] images) =>
        BakeChoice.Of(Plan, ["ollama"], Base, images.ToImmutableArray(), Now, rebuild).Single();

    private static BakedImage Image(string id, int days) => new(id, $"baker-{id}", "duo", "ollama", Fingerprint, "ami-base", Now.AddDays(-days), 50, []);
}
