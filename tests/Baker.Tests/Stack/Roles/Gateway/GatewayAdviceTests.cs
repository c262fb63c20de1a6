using System.Globalization;
using Baker.Diagnostics;
using Baker.Embedded;
using Baker.Stack.Roles.Gateway;
using Baker.Stack.Roles.Versions;
using Xunit;

namespace Baker.Tests.Stack.Roles.Gateway;

/// <summary>
/// What is said of a gateway that advisories cover. As the table is today, every version that it warns of it also refuses. So the warning is shown by
/// the same table without what it refuses.
/// </summary>
public class GatewayAdviceTests
{
    private static readonly Advisories Warnings = new(new FactTable("gateway-advisories",
        string.Join('\n', EmbeddedFiles.Read("tables/gateway-advisories.txt").Split('\n').Where(line => !line.Contains("| refuse |", StringComparison.Ordinal)))));

    [Theory, InlineData(false), InlineData(true)]
    public void A_version_that_is_advised_against_brings_a_warning_and_the_version_that_mends_it(bool evaluation)
    {
        var advice = GatewayRules.Advice("19.1.6", evaluation, Warnings)!;
        Assert.Equal(("BKR508", Severity.Warning), (advice.Code, advice.Severity));
        Assert.Equal($"gateway 19.1.6: users of Agent Platform read its secrets (CVE-2026-19889, CVE-2026-75871, as of {FactTable.GatewayAdvisories.Date})", advice.Text);
        Assert.Equal("use 19.1.7 or newer, with the GitLab of the same minor", advice.Hint);
        Assert.Null(GatewayRules.Advice("19.1.7", evaluation, Warnings));
    }

    [Fact]
    public void Of_a_version_that_is_refused_the_refusal_alone_is_said() => Assert.Equal("BKR503", GatewayRules.Advice("19.1.6", false, Advisories.Gateway)!.Code);

    /// <summary>When this fails, the warning has a spec again: it belongs with the other reports.</summary>
    [Fact]
    public void No_version_is_only_advised_against_today() => Assert.All(
        FactTable.GatewayAdvisories.Rows.SelectMany(row => new[] { row["from"], LastBelow(row["below"]) }),
        version => Assert.NotEqual("BKR508", GatewayRules.Advice(version, false, Advisories.Gateway)?.Code));

    private static string LastBelow(string version)
    {
        var at = version.LastIndexOf('.');
        return version[(at + 1)..] is "0" ? version : $"{version[..at]}.{int.Parse(version[(at + 1)..], CultureInfo.InvariantCulture) - 1}";
    }
}
