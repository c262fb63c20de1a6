using Baker.Cli;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>What only the account can refuse is asked before anything is made.</summary>
public sealed class AwsQuotaTests
{
    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    [Theory]
    [InlineData("L-DB2E81BA", 0, "the limit \"Running On-Demand G and VT instances\" is 0 virtual CPUs in ap-northeast-1, and 0 are in use: g4dn.xlarge takes 4 virtual CPUs of it", 4)]
    [InlineData("L-1216C47A", 5, "instances\" is 5 virtual CPUs in ap-northeast-1, and 0 are in use: c6i.xlarge and t3.medium take 6 virtual CPUs of it", 6)]
    public async Task A_limit_that_is_too_low_is_said_with_the_request_to_make_before_anything_is_made(string code, int most, string says, int desired)
    {
        using var account = new AwsFakeAccount();
        account.Instances.Quotas.Most[code] = most;
        var before = account.Inventory;
        var run = await account.RunAsync(account.Spec, Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Contains($"`aws service-quotas request-service-quota-increase --region ap-northeast-1 --service-code ec2 --quota-code {code} --desired-value {desired}`", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, account.Inventory);
    }

    [Fact]
    public async Task Machines_that_run_count_and_the_stacks_own_are_not_counted_twice()
    {
        using var account = new AwsFakeAccount();
        account.Instances.Quotas.Most["L-DB2E81BA"] = 4;
        Assert.Equal(ExitCode.Done, (await account.RunAsync(account.Spec, Launch)).Code);
        // All that it has runs by now: a changed spec needs nothing more, but for a reservation beside the GPU.
        Assert.Equal(ExitCode.Done, (await account.RunAsync(account.ChangedSpec, [.. Launch, "--risk-capacity"])).Code);
        var other = await account.RunAsync(account.Spec.Replace("name: duo", "name: second", StringComparison.Ordinal), Launch);
        Assert.Equal(ExitCode.Refused, other.Code);
        Assert.Contains("is 4 virtual CPUs in ap-northeast-1, and 4 are in use", other.Error, StringComparison.Ordinal);
        Assert.Contains("--desired-value 8`", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_ask_is_told_what_was_not_checked_and_launches()
    {
        using var account = new AwsFakeAccount();
        account.Denied.Add("servicequotas:GetServiceQuota");
        var run = await account.RunAsync(account.Spec, Launch);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("the limit \"Running On-Demand G and VT instances\": g4dn.xlarge takes 4 virtual CPUs of it, and new accounts begin low (AccessDeniedException", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_that_is_not_there_or_has_no_role_is_said_before_anything_is_made()
    {
        using var account = new AwsFakeAccount();
        account.Iam.Plant("duo-gateway", hasRole: false);
        var before = account.Inventory;
        var run = await account.RunAsync(account.Spec + "gateway: { instance_profile: duo-gateway }\nollama: { instance_profile: duo-ollama }\n", Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("the instance profile duo-gateway of duo-gateway has no role", run.Error, StringComparison.Ordinal);
        Assert.Contains("there is no instance profile duo-ollama, which duo-ollama has", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, account.Inventory);
    }
}
