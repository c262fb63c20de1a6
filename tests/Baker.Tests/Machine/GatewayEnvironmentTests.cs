using System.Text.RegularExpressions;
using Baker.Stack.Roles.Gateway;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>What the container is given, and what its stand-in reads, are names that the vendor's gateway has.</summary>
public partial class GatewayEnvironmentTests
{
    private static readonly string Script = MachineScripts.Text("gateway/configure/ai-gateway");

    // What is no setting of the gateway: of the image's base, and where the library lies that cuts prompts.
    private static readonly string[] OfTheImage = ["PATH", "LANG", "HF_HOME"];

    // Nothing that a self-hosted gateway has no use for, but for what a spec asks for by name, and what is said although it is the default.
    private static readonly string[] Asked = ["AIGW_AUTH__BYPASS_EXTERNAL", "DUO_WORKFLOW_AUTH__ENABLED"];

    private static IEnumerable<string> Given => Variable().Matches(Script).Select(m => m.Groups[1].Value).Concat(Keys());

    [Fact]
    public void Every_variable_that_the_container_is_given_is_one_that_it_reads()
    {
        Assert.True(Given.Count() > 12);
        Assert.All(Given, name => Assert.True(GatewayEnvironment.Variables.ContainsKey(name), $"the gateway reads no {name}"));
        Assert.All(Given.Except(Asked), name => Assert.True(GatewayEnvironment.Variables[name].IsWanted, $"{name} is not for a self-hosted gateway"));
    }

    [Fact]
    public void Both_services_are_told_where_GitLab_is_and_whom_to_trust()
    {
        // The agents' service reads the other one's name for GitLab only since 18.4, and never the other one's for the portal.
        Assert.Superset(new HashSet<string>
        {
            "AIGW_GITLAB_URL", "DUO_WORKFLOW_AUTH__OIDC_GITLAB_URL", "AIGW_CUSTOMER_PORTAL_URL", "DUO_WORKFLOW_AUTH__OIDC_CUSTOMER_PORTAL_URL",
            "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "DUO_WORKFLOW_GITLAB_SSL_CA_FILE", "AIGW_DUO_CHAT__MODEL_REQUEST_TIMEOUT",
        }, Given.ToHashSet());
    }

    [Fact]
    public void No_secret_stands_on_a_command_line() => Assert.All(
        Variable().Matches(Script).Where(m => m.Groups[2].Success), m => Assert.False(GatewayEnvironment.Variables[m.Groups[1].Value].IsSecret, m.Value));

    [Fact]
    public void The_ports_are_the_containers() => Assert.All(
        [$"{GatewayRole.Port}", $"{GatewayRole.AgentPort}", .. Port().Matches(Script).Select(m => m.Groups[1].Value)], port => Assert.Contains(port, GatewayEnvironment.Ports));

    [Fact]
    public void The_stand_in_reads_and_sets_what_the_original_does()
    {
        var app = Directory.GetFiles(Checkout.PathOf("tests", "lab", "gateway", "app"));
        var read = app.SelectMany(f => Read().Matches(File.ReadAllText(f)))
            .Select(m => (Name: m.Groups[m.Groups[3].Success ? 3 : 1].Value, Default: m.Groups[2].Success ? m.Groups[2].Value : null)).Where(r => !OfTheImage.Contains(r.Name) && !r.Name.EndsWith('_')).ToArray();
        Assert.True(read.Length > 10);
        Assert.All(read, r => Assert.True(GatewayEnvironment.Variables.ContainsKey(r.Name), r.Name));
        Assert.All(read.Where(r => r.Default is not null), r => Assert.Equal($"{r.Name} {GatewayEnvironment.Variables[r.Name].Default}", $"{r.Name} {r.Default}"));
        var set = Set().Matches(Checkout.Read("tests", "lab", "gateway", "build")).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        Assert.All(set.Where(s => !OfTheImage.Contains(s.Key)), s => Assert.Equal($"{s.Key} {GatewayEnvironment.Variables[s.Key].InImage}", $"{s.Key} {s.Value}"));
        Assert.Equal(GatewayEnvironment.Variables.Values.Where(v => v.InImage is not null).Select(v => v.Name).Order(StringComparer.Ordinal), set.Keys.Except(OfTheImage).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Keys() =>
        from service in new[] { "AIGW", "DUO_WORKFLOW" }
        from kind in new[] { "SIGNING", "VALIDATION" }
        where Script.Contains("{AIGW,DUO_WORKFLOW}_SELF_SIGNED_JWT__{SIGNING,VALIDATION}_KEY", StringComparison.Ordinal)
        select $"{service}_SELF_SIGNED_JWT__{kind}_KEY";

    [GeneratedRegex("""-e "?([A-Z][A-Z_]+)(=)?""")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\b(\d{4,5}):\d{4,5}""?")]
    private static partial Regex Port();

    [GeneratedRegex("""(?:text|flag|environ\.get)\("([A-Z_]+)"(?:, "([^"]+)")?|\$([A-Z_]+)""")]
    private static partial Regex Read();

    [GeneratedRegex("""^    "([A-Z_0-9]+)": f?"([^"]*)",$""", RegexOptions.Multiline)]
    private static partial Regex Set();
}
