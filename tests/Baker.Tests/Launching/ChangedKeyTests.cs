using System.Text.RegularExpressions;
using Baker.Cli;
using Baker.Tests.Clouds.Live.Aws;
using Baker.Tests.Clouds.Live.Google;
using Baker.Tests.Rendering;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>Nothing of a spec that reaches a cloud is passed over: whatever key has another value, a launch of the stack that stands says something.</summary>
public class ChangedKeyTests
{
    /// <summary>These change nothing of a stack that stands, for the reason that is beside each.</summary>
    private static readonly Dictionary<string, string> Nothing = new()
    {
        ["cloud.aws.profile"] = "who asks",
        ["evaluation"] = "what is accepted of the spec",
        ["duo.accept_testing_terms"] = "the model of this stack takes none",
        ["images.use"] = "its machines were made from a stock image",
        ["images.builder.subnet"] = "the next bake",
        ["images.builder.access"] = "the next bake",
        ["images.max_age_days"] = "the next machine that is made",
        ["ssh.session_manager"] = "the agent is there, and what a role may is no part of the stack: the review page has the policy",
        ["kms_key"] = "not checked: whether what is there is encrypted with alias/duo",
    };

    /// <summary>What these change is said, and not by their key, for the reason that is beside each.</summary>
    private static readonly Dictionary<string, string> Nameless = new()
    {
        ["name"] = "it is another stack",
        ["gitlab.url"] = "it is another stack",
        ["cloud.aws.region"] = "it is another stack",
        ["cloud.gcp.project"] = "it is another stack",
        ["cloud.gcp.region"] = "it is another stack",
        ["cloud.aws.zone"] = "the zone that stays is named",
        ["cloud.gcp.zone"] = "the zone that stays is named",
        ["gitlab.public_address"] = "refused: the pretended account has no such address",
        ["network.web_from"] = "each rule of the firewall is named",
        ["ssh.iap"] = "each rule of the firewall is named",
        ["ssh.from"] = "each rule of the firewall is named",
    };

    /// <summary>Their values name what the pretended accounts do not have.</summary>
    private static bool IsElsewhere(string key) => key.StartsWith("network.existing", StringComparison.Ordinal) || key.StartsWith("dns.", StringComparison.Ordinal);

    public static TheoryData<string> Keys => [.. ReviewMutationTests.Cases.Where(c => c.Cloud != "local" && !IsElsewhere(c.Key)).Select(c => c.Key)];

    [Theory, MemberData(nameof(Keys))]
    public async Task A_launch_says_what_another_value_does_or_that_it_does_not_do_it(string key)
    {
        var (_, cloud, before, after) = ReviewMutationTests.Cases.Single(c => c.Key == key);
        using FakeAccount account = cloud == "aws" ? new AwsFakeAccount() : new GoogleAccountFake();
        if (account is AwsFakeAccount aws)
        {
            foreach (var profile in new[] { "duo-gateway", "duo-ollama" })
                aws.Iam.Plant(profile);
        }
        var first = await account.RunAsync(Spec(cloud, before), "launch", "--yes", "--no-wait");
        Assert.True(first.Code == ExitCode.Done, first.Error);
        var diff = await account.RunAsync(Spec(cloud, after), "diff");
        // Some name what the pretended account does not have: then a launch is refused.
        Assert.Contains(diff.Code, Nothing.ContainsKey(key) ? [ExitCode.Done] : new[] { ExitCode.Different, ExitCode.Refused });
        if (!Nothing.ContainsKey(key) && !Nameless.ContainsKey(key))
            Assert.True(Sections(key).Any(k => Regex.IsMatch(diff.Out, $@"(^|[\s(]){Regex.Escape(k)}([\s,:)]|$)", RegexOptions.Multiline)), diff.Out);
        var second = await account.RunAsync(Spec(cloud, after), "launch", "--yes", "--no-wait");
        Assert.Equal(Nothing.ContainsKey(key), second.Error.Contains("no change", StringComparison.Ordinal));
        if (Nothing.GetValueOrDefault(key) is { } why && why.StartsWith("not checked", StringComparison.Ordinal))
            Assert.Contains(why, second.Error, StringComparison.Ordinal);
    }

    /// <summary>A key, and the section of a role that it stands in.</summary>
    private static IEnumerable<string> Sections(string key)
    {
        for (; key.Contains('.', StringComparison.Ordinal) || key is "tags"; key = key[..Math.Max(key.LastIndexOf('.'), 0)])
            yield return key;
    }

    private static string Spec(string cloud, string fragment) =>
        fragment.Length == 0 ? Checkout.Read("examples", $"{cloud}.yaml") : ManualSpec.Over(cloud, fragment);
}
