using Baker.Cli;
using Baker.Tests.Launching;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>On EC2, with its client and its wire format.</summary>
public sealed class AwsAlternativeTests : AlternativeContract<AwsFakeAccount>
{
    private const string Parallel = "L-417A185B", Graphics = "L-DB2E81BA";

    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    [Fact]
    public async Task A_type_that_the_account_may_not_have_is_said_and_the_next_is_taken()
    {
        using var account = new AwsFakeAccount();
        account.Instances.Quotas.Most[Parallel] = 0;
        var run = await account.RunAsync(account.OneOf("p3.2xlarge", "g5.2xlarge"), Launch);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        Assert.Contains("note: duo-ollama as p3.2xlarge cannot be had: the limit \"Running On-Demand P instances\" is 0 virtual CPUs", run.Error, StringComparison.Ordinal);
        Assert.Contains("the account may have no more p3.2xlarge; trying g5.2xlarge", run.Error, StringComparison.Ordinal);
        Assert.Equal("g5.2xlarge", Ollama(account));
    }

    [Fact]
    public async Task Where_the_account_may_have_none_of_them_nothing_is_made()
    {
        using var account = new AwsFakeAccount();
        account.Instances.Quotas.Most[Parallel] = account.Instances.Quotas.Most[Graphics] = 0;
        var before = account.Inventory;
        var run = await account.RunAsync(account.OneOf("p3.2xlarge", "g5.2xlarge"), Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("p3.2xlarge takes 8 virtual CPUs of it", run.Error, StringComparison.Ordinal);
        Assert.Contains("g5.2xlarge takes 8 virtual CPUs of it", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, account.Inventory);
    }

    /// <summary>"Unsupported: The requested configuration is currently not supported": EC2 API reference, error codes.</summary>
    [Fact]
    public async Task A_type_that_a_zone_does_not_have_gives_way_to_the_next()
    {
        using var account = new AwsFakeAccount();
        account.Refuses = (action, body) => action == "ec2:RunInstances" && body.Contains("g6.2xlarge", StringComparison.Ordinal) && !body.Contains("DryRun", StringComparison.Ordinal)
            ? new Ec2Refusal("Unsupported", "The requested configuration is currently not supported. Please check the documentation for supported configurations.") : null;
        var run = await account.RunAsync(account.OneOf(account.Alike), Launch);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        Assert.Equal("g5.2xlarge", Ollama(account));
    }

    /// <summary>Of the type that is wanted most and of which there is one, and the machine starts in it.</summary>
    [Fact]
    public async Task Room_for_a_new_machine_is_kept_of_the_first_type_that_there_is()
    {
        using var account = new AwsFakeAccount();
        account.SellOut("g6.2xlarge", "g5.2xlarge");
        Assert.Equal(ExitCode.Done, (await account.RunAsync(account.OneOf(account.Alike), Launch)).Code);
        account.SellOut("g6.2xlarge");
        account.Instances.Quotas.Most[Graphics] = 16;
        account.Instances.Contested.UnionWith(account.Alike);
        var run = await account.RunAsync(account.OneOf(account.Alike), [.. Launch, "--replace", "ollama"]);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        Assert.Contains("room for its g6.2xlarge, else g5.2xlarge, else g4dn.2xlarge is reserved until it runs again", run.Error, StringComparison.Ordinal);
        Assert.Contains("no room is kept for a g6.2xlarge; trying g5.2xlarge", run.Error, StringComparison.Ordinal);
        var room = Assert.Single(account.Things, t => t.Kind == "capacity-reservation");
        Assert.Equal(("g5.2xlarge", "cancelled"), (room.Text("InstanceType"), room.Text("State")));
        Assert.Equal("g5.2xlarge", Ollama(account));
    }

    private static string? Ollama(AwsFakeAccount account) =>
        account.Things.Single(t => t.Kind == "instance" && t.Tag("Name") == "duo-ollama" && t.Text("State.Name") == "running").Text("InstanceType");
}
