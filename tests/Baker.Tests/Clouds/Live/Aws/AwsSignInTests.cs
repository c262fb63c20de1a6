using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Baker.Cli;
using Baker.Tests.Judges;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>Who the AWS SDK finds to sign in as: nobody, somebody whose SSO session has ended, somebody who is signed in.</summary>
public sealed class AwsSignInTests(MotoServer moto)
{
    private const string SsoHint = "  `aws sso login` signs in; add --profile where cloud.aws.profile or AWS_PROFILE names one\n";

    private static readonly string[][] Commands = [["launch", "--yes", "--no-wait"], ["status"], ["destroy", "--yes"], ["doctor"]];

    public static TheoryData<string, string> NoRole => new()
    {
        { AwsProcess.Built, "AWS_EC2_METADATA_DISABLED=true" },
        { AwsProcess.Built, $"AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:{LoopbackServer.FreePort()}" },
        { AwsProcess.Native, "AWS_EC2_METADATA_DISABLED=true" },
        { AwsProcess.Native, $"AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:{LoopbackServer.FreePort()}" },
    };

    [Theory]
    [MemberData(nameof(NoRole))]
    public async Task Without_credentials_every_command_says_so_and_asks_nobody(string program, string metadata)
    {
        using var baker = new AwsProcess(program);
        baker.Environment.Add(metadata.Split('=')[0], metadata.Split('=')[1]);
        await RefusesAsync(baker, "error: looking for AWS credentials: there are none: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set, no default profile has any, and this machine has no role\n"
            + "  sign in with `aws sso login` or `aws configure`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n");
    }

    [Theory]
    [InlineData(AwsProcess.Built), InlineData(AwsProcess.Native)]
    public async Task A_profile_that_is_not_there_is_named(string program)
    {
        using var baker = new AwsProcess(program);
        baker.Environment.Add("AWS_PROFILE", "dev");
        await RefusesAsync(baker, "error: reading the profile dev: there is no such profile in the AWS configuration, or it names no credentials\n"
            + "  `aws configure list-profiles` shows those that are there; AWS_PROFILE names the one to use\n");
    }

    [Theory]
    [InlineData(AwsProcess.Built, "dev"), InlineData(AwsProcess.Built, "default"), InlineData(AwsProcess.Native, "dev"), InlineData(AwsProcess.Native, "default")]
    public async Task Where_nobody_signed_in_through_SSO_the_way_in_is_named(string program, string profile)
    {
        using var baker = Sso(program, profile, expires: null);
        await RefusesAsync(baker, $"error: signing in to AWS: No valid SSO Token could be found.\n{SsoHint}");
    }

    [Theory]
    [InlineData(AwsProcess.Built, "dev"), InlineData(AwsProcess.Built, "default"), InlineData(AwsProcess.Native, "dev"), InlineData(AwsProcess.Native, "default")]
    public async Task Where_the_SSO_session_has_ended_the_way_in_is_named(string program, string profile)
    {
        using var baker = Sso(program, profile, "2026-01-01T00:00:00Z");
        await RefusesAsync(baker, $"error: signing in to AWS: SSO Token has expired and can not be refreshed\n{SsoHint}");
    }

    [Theory]
    [InlineData(AwsProcess.Built, "dev"), InlineData(AwsProcess.Built, "default"), InlineData(AwsProcess.Native, "dev"), InlineData(AwsProcess.Native, "default")]
    public async Task An_SSO_session_that_lasts_signs_in(string program, string profile)
    {
        await moto.WantedAsync();
        await using var portal = new LoopbackFiles();
        portal.Files["credentials"] = """{"roleCredentials":{"accessKeyId":"t","secretAccessKey":"t","sessionToken":"t","expiration":4102444800000}}"""u8.ToArray();
        using var baker = Sso(program, profile, "2100-01-01T00:00:00Z");
        foreach (var service in new[] { "EC2", "SSM", "STS" })
            baker.Environment.Add($"AWS_ENDPOINT_URL_{service}", moto.Url);
        baker.Environment.Add("AWS_ENDPOINT_URL_SSO", portal.Address.ToString());
        var run = await baker.RunAsync("destroy", "--yes");
        Assert.True(run.Code == ExitCode.Done, run.Words);
        Assert.Contains("nothing of stack duo is there: account 123456789012", run.Error, StringComparison.Ordinal);
        Assert.NotEmpty(portal.Asked);
    }

    [Theory]
    [InlineData(AwsProcess.Built), InlineData(AwsProcess.Native)]
    public async Task A_profile_assumes_its_role_with_the_credentials_of_its_source(string program)
    {
        await moto.WantedAsync();
        await using var sts = new FakeSts();
        using var baker = Role(program, "");
        foreach (var (service, url) in new[] { ("EC2", moto.Url), ("SSM", moto.Url), ("STS", sts.Address.ToString()) })
            baker.Environment.Add($"AWS_ENDPOINT_URL_{service}", url);
        var run = await baker.RunAsync("destroy", "--yes");
        Assert.True(run.Code == ExitCode.Done, run.Words);
        Assert.Contains("nothing of stack duo is there: account 123456789012 (dev) as arn:aws:sts::123456789012:assumed-role/deploy/", run.Error, StringComparison.Ordinal);
        Assert.Equal(["AssumeRole by AKIABASE of arn:aws:iam::123456789012:role/middle", "AssumeRole by ASIAMIDDLE of arn:aws:iam::123456789012:role/deploy for corp", "GetCallerIdentity by ASIADEPLOY"], sts.Asked);
    }

    [Theory]
    [InlineData(AwsProcess.Built, "dev", "it"), InlineData(AwsProcess.Native, "dev", "it"), InlineData(AwsProcess.Built, "default", "it")]
    [InlineData(AwsProcess.Built, "role", "its source dev"), InlineData(AwsProcess.Native, "role", "its source dev")]
    public async Task Who_signed_in_with_aws_login_is_told_how_to_hand_that_on(string program, string profile, string who)
    {
        using var baker = new AwsProcess(program, profile == "default" ? null : profile);
        baker.Environment.Add("AWS_EC2_METADATA_DISABLED", "true");
        // As `aws login` leaves it: AWS SDKs and Tools Reference Guide, "Login credentials provider".
        baker.Write(".aws/config", $"""
            [{(profile == "default" ? profile : "profile dev")}]
            login_session = arn:aws:iam::123456789012:user/username
            region = us-east-1

            [profile role]
            role_arn = arn:aws:iam::123456789012:role/deploy
            source_profile = dev
            """);
        await RefusesAsync(baker, $"error: reading the profile {profile}: {who} signs in with `aws login`, which Baker cannot read\n"
            + $"  eval \"$(aws configure export-credentials --profile {profile} --format env)\" hands the credentials on, for as long as they hold; Baker uses them when neither cloud.aws.profile nor AWS_PROFILE names a profile\n");
    }

    [Theory]
    [InlineData(AwsProcess.Built, "<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Please sign in<br></body></html>")]
    [InlineData(AwsProcess.Built, "<html><body><p>a page that happens to be XML</p></body></html>")]
    [InlineData(AwsProcess.Built, "{}"), InlineData(AwsProcess.Built, "")]
    [InlineData(AwsProcess.Native, "<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Please sign in<br></body></html>")]
    [InlineData(AwsProcess.Native, "<html><body><p>a page that happens to be XML</p></body></html>")]
    public async Task A_page_of_somebody_in_between_is_no_answer_of_AWS(string program, string page)
    {
        await using var portal = new AnyPage(page);
        using var baker = new AwsProcess(program);
        foreach (var (name, value) in new[] { ("AWS_ACCESS_KEY_ID", "t"), ("AWS_SECRET_ACCESS_KEY", "t"), ("AWS_ENDPOINT_URL", portal.Address.ToString()) })
            baker.Environment.Add(name, value);
        foreach (var command in Commands)
        {
            var run = await baker.RunAsync(command);
            Assert.Equal((ExitCode.Refused, "", "error: signing in to AWS: what answered is not AWS\n  it may be a page of a proxy, or of a network where somebody has to sign in first; HTTPS_PROXY, NO_PROXY and AWS_ENDPOINT_URL say who is asked\n"),
                (run.Code, run.Out, run.Error[Math.Max(0, run.Error.IndexOf("error: ", StringComparison.Ordinal))..]));
        }
    }

    /// <summary>Answers whatever is asked with one page, under status 200.</summary>
    private sealed class AnyPage(string page) : LoopbackServer("")
    {
        protected override Task AnswerAsync(HttpListenerContext context)
        {
            context.Response.ContentType = "text/html";
            context.Response.Close(Encoding.UTF8.GetBytes(page), willBlock: false);
            return Task.CompletedTask;
        }
    }

    [Theory]
    [InlineData(AwsProcess.Built), InlineData(AwsProcess.Native)]
    public async Task A_role_that_asks_for_a_code_is_named_with_a_way_around(string program)
    {
        using var baker = Role(program, "mfa_serial = arn:aws:iam::123456789012:mfa/ops");
        await RefusesAsync(baker, "error: assuming the role of the profile dev: it asks for a code of arn:aws:iam::123456789012:mfa/ops\n"
            + "  eval \"$(aws configure export-credentials --profile dev --format env)\" asks for the code; without a profile Baker then uses what that gives\n");
    }

    /// <summary>A profile whose role is assumed by another role, which a user with keys assumes.</summary>
    private static AwsProcess Role(string program, string more)
    {
        var baker = new AwsProcess(program, "dev");
        baker.Environment.Add("AWS_EC2_METADATA_DISABLED", "true");
        baker.Write(".aws/config", $"""
            [profile dev]
            role_arn = arn:aws:iam::123456789012:role/deploy
            source_profile = middle
            external_id = corp
            {more}

            [profile middle]
            role_arn = arn:aws:iam::123456789012:role/middle
            source_profile = base
            """);
        baker.Write(".aws/credentials", "[base]\naws_access_key_id = AKIABASE\naws_secret_access_key = secret\n");
        return baker;
    }

    /// <summary>Every command ends with exactly these words, and no connection was made to the endpoint of AWS.</summary>
    private static async Task RefusesAsync(AwsProcess baker, string words)
    {
        using var aws = new TcpListener(IPAddress.Loopback, 0);
        aws.Start();
        baker.Environment.Add("AWS_ENDPOINT_URL", $"http://{aws.LocalEndpoint}");
        foreach (var command in Commands)
        {
            var run = await baker.RunAsync(command);
            // Notes about the spec come before.
            Assert.Equal((ExitCode.Refused, "", words), (run.Code, run.Out, run.Error[Math.Max(0, run.Error.IndexOf("error: ", StringComparison.Ordinal))..]));
        }
        Assert.False(aws.Pending(), "a request was sent");
    }

    /// <param name="expires">When the token ends that <c>aws sso login</c> left; null: it left none.</param>
    private static AwsProcess Sso(string program, string profile, string? expires)
    {
        var baker = new AwsProcess(program, profile == "default" ? null : profile);
        baker.Environment.Add("AWS_EC2_METADATA_DISABLED", "true");
        baker.Write(".aws/config", $"""
            [{(profile == "default" ? profile : $"profile {profile}")}]
            sso_session = corp
            sso_account_id = 123456789012
            sso_role_name = Admin

            [sso-session corp]
            sso_region = us-east-1
            sso_start_url = https://corp.awsapps.com/start
            sso_registration_scopes = sso:account:access
            """);
        // The SDKs name the file after the session.
#pragma warning disable CA5350 // The format's own digest; nothing is protected by it.
        var name = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes("corp")));
#pragma warning restore CA5350
        if (expires is not null)
            baker.Write($".aws/sso/cache/{name}.json", $$"""{"startUrl":"https://corp.awsapps.com/start","region":"us-east-1","accessToken":"token","expiresAt":"{{expires}}"}""");
        return baker;
    }
}
