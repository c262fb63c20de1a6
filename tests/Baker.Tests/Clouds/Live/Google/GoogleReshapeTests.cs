using Baker.Cli;
using Baker.Clouds.Facts.Google;
using Baker.Tests.Launching;
using Xunit;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>On Compute Engine, with its wire format.</summary>
public sealed class GoogleReshapeTests : ReshapeContract<GoogleAccountFake>
{
    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    /// <summary>Compute Engine's manual, "Edit the machine type of a compute instance".</summary>
    [Theory]
    [InlineData("n2-highcpu-4", "n2-standard-4", true), InlineData("c3d-standard-30", "c3d-highmem-30", true), InlineData("n2-standard-4", "c2-standard-8", true)]
    [InlineData("n1-highmem-4", "n2d-standard-16", true), InlineData("e2-medium", "n1-standard-1", true), InlineData("n1-standard-4", "c3-standard-4", false)]
    [InlineData("n2-standard-4", "n4-standard-4", false), InlineData("c3-standard-4-lssd", "c3-standard-8-lssd", false), InlineData("a2-highgpu-1g", "a2-highgpu-2g", false)]
    [InlineData("n1-standard-4", "g2-standard-4", false), InlineData("g2-standard-4", "g2-standard-8", true)]
    public void Which_types_a_stopped_machine_may_get_is_the_manuals(string from, string to, bool may) => Assert.Equal(may, GoogleMachines.IsWithinReach(from, to));

    [Fact]
    public async Task A_type_of_a_later_series_needs_a_new_machine_and_says_so()
    {
        using var account = new GoogleAccountFake();
        Assert.Equal(ExitCode.Done, (await account.RunAsync(account.Spec, Launch)).Code);
        var before = account.Inventory;
        var run = await account.RunAsync(account.Spec + "gateway: { machine: n4-standard-4 }\n", Launch);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        Assert.Contains("! machine duo-gateway: type e2-medium becomes n4-standard-4 (gateway.machine); only a new machine can do that: --replace gateway", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, account.Inventory);
    }

    [Fact]
    public async Task A_type_that_its_zone_does_not_have_is_said_before_the_machine_is_stopped()
    {
        using var account = new GoogleAccountFake();
        account.Google.Compute.Offer.NotOffered.Add("asia-northeast1-a/e2-standard-2");
        Assert.Equal(ExitCode.Done, (await account.RunAsync(account.Spec, Launch)).Code);
        var before = account.Inventory;
        var run = await account.RunAsync(account.Spec + "gateway: { machine: e2-standard-2 }\n", Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("e2-standard-2 is not offered in asia-northeast1-a, where duo-gateway is: choose another type (gateway.machine)", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, account.Inventory);
    }
}
