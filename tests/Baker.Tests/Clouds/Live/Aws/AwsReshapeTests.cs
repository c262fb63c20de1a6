using Baker.Cli;
using Baker.Tests.Launching;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>On EC2, with its client and its wire format.</summary>
public sealed class AwsReshapeTests : ReshapeContract<AwsFakeAccount>
{
    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    [Fact]
    public async Task What_EC2_refuses_leaves_the_machine_running_as_it_was()
    {
        using var account = await LaunchedAsync();
        Assert.Equal(ExitCode.Done, (await account.RunAsync(account.Spec + "gateway: { disk_gb: 40 }\n", Launch)).Code);
        var before = account.Inventory;
        var refused = await account.RunAsync(account.Spec + "gateway: { disk_gb: 60, machine: t3.large }\n", Launch);
        Assert.Equal(ExitCode.Refused, refused.Code);
        Assert.Contains("growing the root disk of duo-gateway: VolumeModificationRateExceeded", refused.Error, StringComparison.Ordinal);
        Assert.Contains("duo-gateway: starting it as it was", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, account.Inventory);
    }

    [Fact]
    public async Task A_limit_that_the_other_type_exceeds_is_said_before_the_machine_is_stopped()
    {
        using var account = await LaunchedAsync();
        // c6i.xlarge has 4, the gateway 2: the old one's are given back.
        account.Instances.Quotas.Most["L-1216C47A"] = 10;
        var before = account.Inventory;
        var refused = await account.RunAsync(account.Spec.Replace("gitlab:\n", "gitlab:\n  machine: c6i.4xlarge\n", StringComparison.Ordinal), Launch);
        Assert.Equal(ExitCode.Refused, refused.Code);
        Assert.Contains("is 10 virtual CPUs in ap-northeast-1, and 2 are in use: c6i.4xlarge takes 16 virtual CPUs of it", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, account.Inventory);
        Assert.DoesNotContain(account.Requests, r => r.Action == "ec2:StopInstances");
        var done = await account.RunAsync(account.Spec.Replace("gitlab:\n", "gitlab:\n  machine: c6i.2xlarge\n", StringComparison.Ordinal), Launch);
        Assert.True(done.Code == ExitCode.Done, done.Error);
    }

    /// <summary>Room for what it becomes, not for what it was; of a list the first that there is.</summary>
    [Fact]
    public async Task A_machine_with_a_GPU_gets_another_type_in_room_that_is_kept_for_it()
    {
        using var account = await LaunchedAsync();
        account.Instances.Quotas.Most["L-DB2E81BA"] = 16;
        account.SellOut("g6.2xlarge");
        account.Instances.Contested.UnionWith(["g4dn.xlarge", .. account.Alike]);
        var run = await account.RunAsync(account.OneOf(account.Alike), Launch);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        Assert.Contains("~ machine duo-ollama: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("type g4dn.xlarge becomes g6.2xlarge, else g5.2xlarge, else g4dn.2xlarge (ollama.machine), stops and starts the machine", run.Error, StringComparison.Ordinal);
        var room = Assert.Single(account.Things, t => t.Kind == "capacity-reservation");
        Assert.Equal(("g5.2xlarge", "cancelled"), (room.Text("InstanceType"), room.Text("State")));
        Assert.Equal("g5.2xlarge", Assert.Single(account.Things, t => t.Kind == "instance" && t.Tag("Name") == "duo-ollama").Text("InstanceType"));
        Assert.Contains("no change", (await account.RunAsync(account.OneOf(account.Alike), Launch)).Error, StringComparison.Ordinal);
    }

    private static async Task<AwsFakeAccount> LaunchedAsync()
    {
        var account = new AwsFakeAccount();
        var run = await account.RunAsync(account.Spec, Launch);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        return account;
    }
}
