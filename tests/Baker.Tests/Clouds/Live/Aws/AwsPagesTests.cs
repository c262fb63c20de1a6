using System.Text.RegularExpressions;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>Whatever the vendor answers in pages is asked for with all of them.</summary>
public sealed partial class AwsPagesTests
{
    [Fact]
    public void No_list_is_asked_for_but_with_its_pages()
    {
        var asked = Directory.EnumerateFiles(Checkout.PathOf("src", "Baker", "Clouds", "Live", "Aws"), "*.cs", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) != "AwsPages.cs")
            .SelectMany(path => Asks().Matches(File.ReadAllText(path)).Select(m => (File: Path.GetFileName(path), Action: m.Groups[1].Value))).ToArray();
        Assert.NotEmpty(asked);
        Assert.DoesNotContain(asked, a => Ec2Model.Vendor.IsPaged(a.Action));
    }

    [Fact]
    public async Task An_account_with_more_than_a_page_of_others_is_seen_whole()
    {
        using var account = new AwsFakeAccount();
        for (var i = 0; i < 7; i++)
            account.PlantForeign(new Random(i));
        var foreign = account.Inventory;
        var vpcs = account.Things.Count(t => t.Kind == "vpc");
        var run = await account.RunAsync(account.Spec.Replace("name: duo", "name: trio", StringComparison.Ordinal), "doctor");
        Assert.Contains($"note: ap-northeast-1 has {vpcs} VPCs, and accounts begin with a limit of 5", run.Out, StringComparison.Ordinal);
        Assert.Equal(foreign, account.Inventory);
    }

    [GeneratedRegex(@"\.(Describe\w+)Async\(")]
    private static partial Regex Asks();
}
