using System.Text;
using Baker.Planning;
using Xunit;

namespace Baker.Tests.Rendering;

/// <summary>What <c>network.egress</c> opens is shown, and goes where the spec says.</summary>
public class EgressTests
{
    private const string Outside = "mirrors: { proxy: 'http://10.77.0.200:3128' }\n";

    [Theory, InlineData("aws"), InlineData("gcp"), InlineData("local")]
    public void It_stands_on_the_page_and_in_the_plan_with_its_reason(string cloud)
    {
        var (plan, artifacts) = ReviewMutationTests.Rendered(cloud, Egress("gitlab", "10.9.0.0/16"));
        var page = Encoding.UTF8.GetString(artifacts.Files.Single(f => f.Path == "README.md").Bytes.Span);
        Assert.Contains("| gitlab | `10.9.0.0/16` | 8443/tcp | always, by network.egress | events, for audit |", page, StringComparison.Ordinal);
        Assert.Equal(cloud == "local", page.Contains("A desk closes no way out of its VMs", StringComparison.Ordinal));
        using var printed = new StringWriter();
        PlanPrinter.Print(printed, plan);
        Assert.Matches(@"gitlab +→ +10\.9\.0\.0/16:8443 +always, by network\.egress +events, for audit", printed.ToString());
    }

    /// <summary>A VM that keeps rules itself is told; another one is not, as that would stop it on AWS.</summary>
    [Fact]
    public void It_is_told_to_the_VMs_that_close_something_themselves()
    {
        var (plan, _) = ReviewMutationTests.Rendered("aws", Egress("gateway", "10.9.0.0/16"));
        Assert.DoesNotContain(plan.Machine("gitlab").Values, v => v.Name == "egress");
        Assert.Equal("10.9.0.0/16:8443", plan.Machine("gateway").Value("egress"));
        Assert.Equal("", plan.Machine("ollama").Value("egress"));
    }

    /// <summary>The way is direct also beside a proxy, so a public range takes NAT.</summary>
    [Theory, InlineData("ollama", "10.9.0.0/16", false), InlineData("ollama", "192.0.2.0/24", true), InlineData("gitlab", "192.0.2.0/24", false)]
    public void It_takes_NAT_where_a_closed_VM_reaches_a_public_range(string role, string to, bool needsNat)
    {
        Assert.False(ReviewMutationTests.Rendered("aws", Outside).Plan.Network.NeedsNat);
        Assert.Equal(needsNat, ReviewMutationTests.Rendered("aws", Outside + Egress(role, to)).Plan.Network.NeedsNat);
    }

    private static string Egress(string role, string to) => $"network: {{ egress: [{{ role: {role}, to: {to}, port: 8443, why: 'events, for audit' }}] }}\n";
}
