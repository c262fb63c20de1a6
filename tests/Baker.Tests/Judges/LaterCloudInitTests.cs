using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Judges;

/// <summary>The cloud-init of Debian 13, which is close to the one of Ubuntu 24.04 and refuses unknown keys.</summary>
public class LaterCloudInitTests(RenderedExamples examples)
{
    public static TheoryData<string> Examples => [.. Checkout.Examples];

    [Theory, MemberData(nameof(Examples))]
    public async Task Cloud_init_25_has_no_complaint(string example)
    {
        var tree = await DebianTree.WantedAsync();
        using var folder = tree.Folder();
        foreach (var file in examples.UserData(example))
            Assert.Null(await ComplaintAsync(tree, folder, File.ReadAllText(file)));
    }

    [Theory, ClassData(typeof(BadUserData))]
    public async Task A_wrong_key_is_noticed_by_cloud_init_25(string key, string userData)
    {
        var tree = await DebianTree.WantedAsync();
        using var folder = tree.Folder();
        Assert.Contains(key, await ComplaintAsync(tree, folder, userData), StringComparison.Ordinal);
    }

    private static async Task<string?> ComplaintAsync(DebianTree tree, TreeFolder folder, string userData) =>
        CloudInitVerdict.Complaint(await tree.RunAsync("cloud-init", "schema", "-c", folder.File("user-data.yaml", userData)));
}
