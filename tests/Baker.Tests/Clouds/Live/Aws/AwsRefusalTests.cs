using Baker.Cli;
using Baker.Tests.Launching;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>What AWS refuses in the middle of a command, and what the user is then told.</summary>
public sealed class AwsRefusalTests
{
    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    [Fact]
    public async Task The_address_of_a_NAT_gateway_goes_though_AWS_refuses_it_for_a_while()
    {
        using var account = new AwsFakeAccount();
        Assert.Equal(ExitCode.Done, (await account.RunAsync(account.Spec, Launch)).Code);
        var before = account.Requests.Count;
        var run = await account.RunAsync(account.Spec, "destroy", "--yes", "--delete-data", "--release-address");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.True(account.Requests.Skip(before).Count(r => r.Action == "ec2:ReleaseAddress") > 2);
        Assert.DoesNotContain("left: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("sign in", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(account.Things, t => t.Kind == "elastic-ip");
    }

    [Theory]
    [InlineData("t3.medium", "a t3.medium takes 2 virtual CPUs of the limit \"Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances\"", "L-1216C47A")]
    [InlineData("g4dn.xlarge", "a g4dn.xlarge takes 4 virtual CPUs of the limit \"Running On-Demand G and VT instances\"", "L-DB2E81BA")]
    public async Task A_quota_of_machines_is_named_by_the_machine_that_met_it(string type, string limit, string code)
    {
        using var account = new AwsFakeAccount();
        account.Refuses = (action, body) => action == "ec2:RunInstances" && body.Contains($"InstanceType={type}", StringComparison.Ordinal) && !body.Contains("DryRun=true", StringComparison.Ordinal)
            ? new Ec2Refusal("VcpuLimitExceeded", "You have requested more vCPU capacity than your current vCPU limit of 5 allows for the instance bucket that the specified instance type belongs to.") : null;
        var run = await account.RunAsync(account.Spec, Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains(limit, run.Error, StringComparison.Ordinal);
        Assert.Contains($"--quota-code {code} ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_of_the_organisation_is_named_and_the_encoded_message_is_whole()
    {
        using var account = new AwsFakeAccount();
        var encoded = new string('x', 900);
        account.Refuses = (action, _) => action == "ec2:AllocateAddress" ? new Ec2Refusal("UnauthorizedOperation", "You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/ops is not authorized to perform: "
            + $"ec2:AllocateAddress on resource: * with an explicit deny in a service control policy. Encoded authorization failure message: {encoded}", 403) : null;
        var run = await account.RunAsync(account.Spec, Launch);
        Assert.Contains("with an explicit deny in a service control policy.\n  a policy of the organisation says no, and no policy of this account can change that: ask whoever manages the organisation", run.Error, StringComparison.Ordinal);
        Assert.Contains($"aws sts decode-authorization-message --query DecodedMessage --output text --encoded-message {encoded}\n", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("docs/aws.md", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_on_the_free_plan_is_told_so()
    {
        using var account = new AwsFakeAccount();
        account.Refuses = (action, _) => action == "ec2:RunInstances" ? new Ec2Refusal("InvalidParameterCombination", "The specified instance type is not eligible for Free Tier. For a list of Free Tier instance types, run 'describe-instance-types' with the filter 'free-tier-eligible=true'.") : null;
        Assert.Contains("the account is on AWS's free plan", (await account.RunAsync(account.Spec, Launch)).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "error: signing in to AWS: ap-northeast-1 does not know account 123456789012, and others do: the region is not enabled for it\n  `aws account enable-region --region-name ap-northeast-1` enables it")]
    [InlineData(false, "error: signing in to AWS: InvalidClientTokenId: The security token included in the request is invalid.\n  sign in with `aws sso login`")]
    public async Task A_region_that_is_not_enabled_is_told_from_a_wrong_key(bool isKnownElsewhere, string said)
    {
        using var account = new AwsFakeAccount();
        account.Refuses = (action, _) => action == "sts:GetCallerIdentity" || (!isKnownElsewhere && action == "sts-home:GetCallerIdentity")
            ? new Ec2Refusal("InvalidClientTokenId", "The security token included in the request is invalid.", 403) : null;
        var run = await account.RunAsync(account.Spec, "status");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_comes_to_nothing_is_told_at_once_with_its_reason()
    {
        using var account = new AwsFakeAccount();
        Assert.Equal(ExitCode.Done, (await account.RunAsync(account.Spec, Launch)).Code);
        Assert.Equal(ExitCode.Done, (await account.RunAsync(account.Spec, "stop")).Code);
        account.Instances.BrokenRestarts.Enqueue("Client.VolumeLimitExceeded");
        var began = account.Time.GetUtcNow();
        var run = await account.RunAsync(account.Spec, "start", "--no-wait");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Matches("starting duo-[a-z]+: i-[0-9a-f]+ is stopped again: Client.VolumeLimitExceeded: Client.VolumeLimitExceeded: the reason\n  ask for more gp3 storage", run.Error);
        Assert.True(account.Time.GetUtcNow() - began < TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task An_instance_profile_that_is_new_is_waited_for_two_minutes_and_not_while_rehearsing()
    {
        using var account = new AwsFakeAccount();
        var (began, refusals) = (account.Time.GetUtcNow(), 0);
        account.Refuses = (action, body) => action == "ec2:RunInstances" && body.Contains("IamInstanceProfile", StringComparison.Ordinal) && !body.Contains("DryRun=true", StringComparison.Ordinal) && refusals++ < 8
            ? new Ec2Refusal("InvalidParameterValue", "Value (duo-gitlab) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name") : null;
        var run = await account.RunAsync(account.Spec, Launch);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        Assert.Contains("creating the machine duo-gitlab: InvalidParameterValue; trying again, for 2 minutes at most\n", run.Error, StringComparison.Ordinal);
        using var other = new AwsFakeAccount();
        other.Iam.Forget();
        began = other.Time.GetUtcNow();
        Assert.Contains("Invalid IAM Instance Profile", (await other.RunAsync(other.Spec, Launch)).Error, StringComparison.Ordinal);
        Assert.True(other.Time.GetUtcNow() - began < TimeSpan.FromSeconds(30));
    }
}
