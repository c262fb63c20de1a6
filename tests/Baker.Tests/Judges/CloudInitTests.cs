using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Judges;

/// <summary>cloud-init as it is on this machine, and the check of keys that stands in for old versions of it.</summary>
public class CloudInitTests(RenderedExamples examples)
{
    public static TheoryData<string> Examples => [.. Checkout.Examples];

    [Theory, MemberData(nameof(Examples))]
    public async Task This_machines_cloud_init_has_no_complaint(string example)
    {
        var cloudInit = Tool.Wanted("cloud-init", "cloud-init");
        foreach (var file in examples.UserData(example).Concat(examples.Builders(example)))
            Assert.Null(CloudInitVerdict.Complaint(await cloudInit.RunAsync("schema", "-c", file)));
    }

    [Theory, MemberData(nameof(Examples))]
    public void Every_key_is_one_that_is_meant(string example)
    {
        Assert.Equal(3, examples.UserData(example).Length);
        Assert.Equal(example == "local" ? 3 : 0, examples.Builders(example).Length);
        foreach (var file in examples.UserData(example).Concat(examples.Builders(example)))
            Assert.Empty(UserDataKeys.Unknown(File.ReadAllText(file)));
    }

    [Theory, ClassData(typeof(BadUserData))]
    public void A_wrong_key_is_noticed_by_the_check_of_keys(string key, string userData) => Assert.Equal([key], UserDataKeys.Unknown(userData));

    [Fact]
    public async Task A_deprecated_key_is_noticed_by_this_machines_cloud_init()
    {
        var cloudInit = Tool.Wanted("cloud-init", "cloud-init");
        using var folder = new TemporaryFolder();
        var file = folder.File("deprecated.yaml", BadUserData.Deprecated);
        Assert.Contains("apt_update", CloudInitVerdict.Complaint(await cloudInit.RunAsync("schema", "-c", file)), StringComparison.Ordinal);
    }
}
