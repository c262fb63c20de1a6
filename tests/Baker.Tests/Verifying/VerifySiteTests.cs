using System.Net;
using System.Text.Json;
using Baker.Cli;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Verifying;

/// <summary>What a GitLab shows that is not as it should be, over real TLS.</summary>
public sealed class VerifySiteTests
{
    [Theory]
    [InlineData("expired", "certificate", "expired", "gitlab-ctl renew-le-certs")]
    [InlineData("ends-soon", "certificate", "it ends soon", "gitlab-ctl renew-le-certs")]
    [InlineData("not-yet", "certificate", "not valid yet", "timedatectl")]
    [InlineData("other-name", "certificate", "it is for another name than gitlab.example.com", "gitlab.url in the spec")]
    [InlineData("self-signed", "certificate", "it is self-signed", "the row of the GitLab VM")]
    [InlineData("no-tls", "certificate", "no TLS is spoken there", "the row of the GitLab VM")]
    [InlineData("502", "sign-in page", "nginx runs and GitLab behind it does not", "gitlab-ctl status")]
    [InlineData("404", "sign-in page", "another web server answers", "the row `name`")]
    [InlineData("500", "sign-in page", "HTTP 500", "gitlab-ctl tail")]
    [InlineData("slow", "sign-in page", "no answer within 20 s", "gitlab-ctl status")]
    [InlineData("other-gitlab", "own URL", "https://git.elsewhere.test, not https://gitlab.example.com", "baker launch")]
    [InlineData("refused", "port", "443 at 203.0.113.7", "network.web_from")]
    [InlineData("other-address", "name", "198.51.100.1, not 203.0.113.7", "make the record gitlab.example.com A 203.0.113.7")]
    [InlineData("two-addresses", "name", "more than one record", "no other A record")]
    public async Task A_fault_is_one_row_with_its_cause_and_what_to_do(string fault, string check, string says, string next)
    {
        await using var rig = await VerifyRig.StartAsync();
        Break(rig, fault);
        var run = await rig.RunAsync();
        Assert.Equal(ExitCode.Refused, run.Code);
        var row = Row(run, check);
        Assert.StartsWith("✗", row, StringComparison.Ordinal);
        Assert.Contains(says, row, StringComparison.Ordinal);
        Assert.Contains(next, row, StringComparison.Ordinal);
        // What cannot be known from there on is never said to hold.
        Assert.Equal(1, run.Out.Split('\n').Count(l => l.StartsWith('✗')));
    }

    [Fact]
    public async Task An_authority_that_nobody_here_knows_is_not_trusted_until_it_is_named()
    {
        await using var rig = await VerifyRig.StartAsync();
        rig.Serve();
        var run = await rig.RunAsync(trusts: false);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("✗ certificate", run.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await rig.RunAsync()).Code);
    }

    [Fact]
    public async Task The_authority_in_the_spec_is_trusted()
    {
        using var authority = new SiteAuthority();
        var pem = string.Join('\n', authority.Pem.TrimEnd().Split('\n').Select(l => "    " + l));
        // Google Cloud takes longer user-data than AWS.
        await using var rig = await VerifyRig.StartAsync(_ => $"{Checkout.Read("examples", "gcp.yaml")}mirrors:\n  ca: |\n{pem}\n");
        rig.Serve(certificate: authority.Issue(VerifyRig.Host));
        var run = await rig.RunAsync(trusts: false);
        Assert.True(run.Code == ExitCode.Done, run.Out);
    }

    [Fact]
    public async Task What_an_internal_stack_hides_from_here_is_not_held_against_it()
    {
        await using var rig = await VerifyRig.StartAsync(s => s.Replace(
            "tls: { letsencrypt: { email: ops@example.com } }", "public_address: none\n  tls: { private_ca: generate }", StringComparison.Ordinal) + "gateway: { instance_profile: duo-gateway }\n");
        rig.Found = [IPAddress.Parse("10.77.1.10")];
        var run = await rig.RunAsync();
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.StartsWith("– ", Row(run, "port"), StringComparison.Ordinal);
        Assert.Contains("inside the network", Row(run, "port"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_says_the_same()
    {
        await using var rig = await VerifyRig.StartAsync();
        rig.Say("gitlab", "failed", "seats", "seats");
        rig.Serve();
        var run = await rig.RunAsync("--json");
        var root = JsonDocument.Parse(run.Out).RootElement;
        Assert.False(root.GetProperty("nothingIsWrong").GetBoolean());
        var checks = root.GetProperty("checks").EnumerateArray().ToDictionary(c => c.GetProperty("check").GetString()!, c => c);
        Assert.Equal(("holds", "fails", "holds"), (Verdict("features"), Verdict("seats"), Verdict("connection check")));
        Assert.Contains("duo.seats", checks["seats"].GetProperty("next").GetString(), StringComparison.Ordinal);

        string? Verdict(string check) => checks[check].GetProperty("verdict").GetString();
    }

    [Theory]
    [InlineData("--ca", "nowhere.pem", ExitCode.Refused, "nowhere.pem")]
    [InlineData("--ca", "baker.yaml", ExitCode.Usage, "there is no certificate in it")]
    public async Task A_file_without_an_authority_is_said(string option, string file, int code, string says)
    {
        await using var rig = await VerifyRig.StartAsync();
        var run = await rig.RunAsync(trusts: false, option, file);
        Assert.Equal(code, run.Code);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_changed_and_no_secret_is_read()
    {
        await using var rig = await VerifyRig.StartAsync();
        rig.Serve();
        var (before, deeds) = (rig.Account.Inventory, rig.Account.Deeds.Count);
        Assert.Equal(ExitCode.Done, (await rig.RunAsync()).Code);
        Assert.Equal(before, rig.Account.Inventory);
        Assert.Equal(deeds, rig.Account.Deeds.Count);
        Assert.All(rig.Site.Asked, r => Assert.StartsWith("GET ", r.Line, StringComparison.Ordinal));
    }

    /// <summary>A check's line and what is indented below it.</summary>
    private static string Row(BakerRun run, string check)
    {
        var lines = run.Out.Split('\n');
        var at = Array.FindIndex(lines, l => l.Length > 2 && l[2..].StartsWith(check + " ", StringComparison.Ordinal));
        return string.Join('\n', lines[at..].TakeWhile((l, i) => i == 0 || l.StartsWith("    ", StringComparison.Ordinal)));
    }

    private static void Break(VerifyRig rig, string fault)
    {
        var now = rig.Time.GetUtcNow();
        switch (fault)
        {
            case "expired":
                rig.Serve(certificate: rig.Authority.Issue(VerifyRig.Host, until: now.AddDays(-1)));
                break;
            case "ends-soon":
                rig.Serve(certificate: rig.Authority.Issue(VerifyRig.Host, until: now.AddDays(13)));
                break;
            case "not-yet":
                rig.Serve(certificate: rig.Authority.Issue(VerifyRig.Host, from: now.AddDays(1)));
                break;
            case "other-name":
                rig.Serve(certificate: rig.Authority.Issue("shop.example.com"));
                break;
            case "self-signed":
                rig.Serve(certificate: SiteAuthority.SelfSigned(VerifyRig.Host));
                break;
            case "no-tls":
                rig.Serve(speaksTls: false);
                break;
            case "slow":
                rig.Serve(async r =>
                {
                    rig.Time.EndLimits();
                    await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
                    return VerifyRig.Page(r);
                });
                break;
            case "other-gitlab":
                rig.Serve(r => Task.FromResult(r.Line.EndsWith("openid-configuration", StringComparison.Ordinal) ? new SiteReply(200, """{"issuer":"https://git.elsewhere.test"}""") : VerifyRig.Page(r)));
                break;
            case "refused":
                break;
            case "other-address":
                rig.Found = [IPAddress.Parse("198.51.100.1")];
                rig.Serve();
                break;
            case "two-addresses":
                rig.Found = [IPAddress.Parse("203.0.113.7"), IPAddress.Parse("198.51.100.1")];
                rig.Serve();
                break;
            default:
                rig.Serve(_ => Task.FromResult(new SiteReply(int.Parse(fault, System.Globalization.CultureInfo.InvariantCulture))));
                break;
        }
    }
}
