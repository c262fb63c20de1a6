using Baker.Cli;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>The policy of whoever bakes: what Packer's plugin and Baker call, and nothing that no build of the stack has made.</summary>
public sealed class AwsBakePolicyTests
{
    private const string Id = "3f3195f2e814";
    private const string Other = "000000000000";
    private const string KeyArn = $"arn:aws:kms:ap-northeast-1:{IamRequests.Account}:key/{IamRequests.KeyId}";

    private static readonly string Example = Checkout.Read("examples", "aws.yaml");

    /// <summary>
    /// A build as amazon-ebs of packer-plugin-amazon 1.8.2 makes it of the template, in its order: builder/ebs/builder.go and the steps in common/. Of each call every kind of
    /// resource that it names or makes; <c>new</c>: made by it, with run_tags.
    /// </summary>
    public static TheoryData<string, string, string> Build => new()
    {
        { "ec2:DescribeImages", "", "" }, { "ec2:DescribeVpcs", "", "" }, { "ec2:DescribeSubnets", "", "" }, { "ec2:DescribeInstanceTypeOfferings", "", "" },
        { "ec2:CreateKeyPair", "key-pair", "new" },
        { "ec2:CreateSecurityGroup", "security-group", "new" }, { "ec2:CreateSecurityGroup", "vpc", "there" }, { "ec2:DescribeSecurityGroups", "", "" },
        { "ec2:AuthorizeSecurityGroupIngress", "security-group", "marked" },
        { "ec2:RunInstances", "instance", "new" }, { "ec2:RunInstances", "volume", "new" }, { "ec2:RunInstances", "network-interface", "new" }, { "ec2:RunInstances", "image", "there" },
        { "ec2:RunInstances", "subnet", "there" }, { "ec2:RunInstances", "security-group", "marked" }, { "ec2:RunInstances", "key-pair", "marked" },
        { "ec2:DescribeInstances", "", "" }, { "ec2:DescribeInstanceStatus", "", "" },
        { "ec2:StopInstances", "instance", "marked" }, { "ec2:ModifyInstanceAttribute", "instance", "marked" },
        { "ec2:CreateImage", "instance", "marked" }, { "ec2:CreateImage", "image", "new" }, { "ec2:CreateImage", "snapshot", "new" },
        { "ec2:ModifyImageAttribute", "image", "marked" }, { "ec2:CreateTags", "image", "marked" }, { "ec2:CreateTags", "snapshot", "marked" },
        { "ec2:TerminateInstances", "instance", "marked" }, { "ec2:DescribeVolumes", "", "" }, { "ec2:DeleteVolume", "volume", "marked" },
        { "ec2:DeleteSecurityGroup", "security-group", "marked" }, { "ec2:DeleteKeyPair", "key-pair", "marked" },
        { "ec2:DeregisterImage", "image", "marked" }, { "ec2:DeleteSnapshot", "snapshot", "marked" },
    };

    [Theory, InlineData(""), InlineData("kms_key: alias/duo\n"), InlineData($"kms_key: {KeyArn}\n"), InlineData("images: { builder: { subnet: subnet-0123456789abcdef0, access: ssm } }\n")]
    public async Task Everything_is_a_resource_only_of_actions_that_know_no_other(string more) => IamLimits.Hold(await PolicyAsync(more));

    [Theory, MemberData(nameof(Build))]
    public async Task What_a_build_calls_is_allowed(string action, string kind, string how)
    {
        var policy = new IamPolicy(await PolicyAsync(""));
        Assert.True(policy.Allows(Asked(action, kind, how, Id)));
        if (how != "new")
            return;
        // Its tags come with it; without them, or with those of another stack, it is not made.
        Assert.True(policy.Allows(Tagged(kind, action, Id)));
        Assert.False(policy.Allows(Tagged(kind, action, Other)));
        Assert.False(policy.Allows(Asked(action, kind, how, Other)));
        Assert.False(policy.Allows(IamRequests.Question(action, kind, IamRequests.Arn(kind, "*"), [])));
    }

    [Fact]
    public async Task What_no_build_of_the_stack_has_made_stays_as_it_is()
    {
        var policy = new IamPolicy(await PolicyAsync(""));
        var asked = policy.Statements.SelectMany(s => s.Actions).Distinct().Where(a => a.StartsWith("ec2:", StringComparison.Ordinal))
            .SelectMany(a => IamReference.Kinds(a).Select(k => (Action: a, k.Kind))).Where(a => a is not { Action: "ec2:RunInstances", Kind: "image" or "subnet" } and not { Action: "ec2:CreateSecurityGroup", Kind: "vpc" }).ToArray();
        Assert.True(asked.Length > 20);
        (string, string)[][] theirs =
        [
            [], [("aws:ResourceTag/baker:bake", Other), ("ec2:ResourceTag/baker:bake", Other)],
            // GitLab's data, and the stack's own machines.
            [("aws:ResourceTag/baker:id", Id), ("ec2:ResourceTag/baker:id", Id)],
        ];
        foreach (var (action, kind) in asked)
        {
            foreach (var tags in theirs)
            {
                Assert.False(policy.Allows(IamRequests.Question(action, kind, IamRequests.Arn(kind, "x-1"), tags)), $"{action} on {kind}");
                // Nor taken by giving it the mark.
                if (action == "ec2:CreateTags")
                    Assert.False(policy.Allows(IamRequests.Question(action, kind, IamRequests.Arn(kind, "x-1"), [.. tags, ("aws:RequestTag/baker:bake", Id)])), kind);
            }
            if (action == "ec2:CreateTags")
                Assert.False(policy.Allows(IamRequests.Question(action, kind, IamRequests.Arn(kind, "x-1"), [("aws:ResourceTag/baker:bake", Id), ("aws:RequestTag/baker:bake", Other)])), kind);
        }
        Assert.False(policy.Allows(IamRequests.Question("ssm:PutParameter", "parameter", IamRequests.Parameter($"/baker/duo/lock-{Id}"), [])));
        Assert.False(policy.Allows(IamRequests.Question("ssm:GetParameter", "parameter", IamRequests.Parameter("/duo/activation-code"), [])));
    }

    [Fact]
    public async Task A_builder_stands_in_the_subnet_of_the_spec_and_the_key_is_for_disks_alone()
    {
        const string Subnet = "subnet-0123456789abcdef0";
        var policy = new IamPolicy(await PolicyAsync($"images: {{ builder: {{ subnet: {Subnet} }} }}\nkms_key: alias/duo\n"));
        Assert.True(policy.Allows(IamRequests.Question("ec2:RunInstances", "subnet", IamRequests.Arn("subnet", Subnet), [])));
        Assert.False(policy.Allows(IamRequests.Question("ec2:RunInstances", "subnet", IamRequests.Arn("subnet", "subnet-00000000000000000"), [])));
        Assert.True(policy.Allows(IamRequests.Key("kms:GenerateDataKeyWithoutPlaintext", "alias/duo", "ec2")));
        Assert.False(policy.Allows(IamRequests.Key("kms:Decrypt", "alias/duo", "ssm")));
    }

    [Fact]
    public async Task With_that_policy_images_are_chosen_listed_and_deleted_and_what_a_bake_left_is_swept()
    {
        using var account = new AwsFakeAccount();
        using var folder = new TemporaryFolder();
        File.SetUnixFileMode(folder.File("packer", "#!/bin/sh\n[ $1 != version ] || echo 'Packer v1.14.0'\n[ $1 != build ]\n"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        account.Path = folder.Path;
        account.Policy = new IamPolicy(await PolicyAsync(""));
        account.AddImage("ami-000000000000000a1", IamRequests.Account, "baker-duo-gateway-0123456789ab-20261120120000", "2026-11-20T12:00:00.000Z",
            ("baker:role", "gateway"), ("baker:fingerprint", "0123456789ab"), ("baker:stack", "duo"), ("baker:base", "ami-1"), ("baker:bake", Id));
        account.AddImage("ami-000000000000000a2", IamRequests.Account, "baker-duo-gateway-0123456789ab-20261121120000", "2026-11-21T12:00:00.000Z", ("baker:bake", Id));

        var bake = await account.RunAsync(account.Spec, "bake", "--role", "gateway");
        Assert.Contains("removed what a bake had left: unfinished image ami-000000000000000a2", bake.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("UnauthorizedOperation", bake.Error, StringComparison.Ordinal);
        Assert.Contains("ami-000000000000000a1", (await account.RunPlainAsync(account.Spec, "images", "list")).Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await account.RunPlainAsync(account.Spec, "images", "delete", "ami-000000000000000a1", "--yes")).Code);
    }

    private static IamQuestion Asked(string action, string kind, string how, string id) => how switch
    {
        "" => IamRequests.Question(action, null, "*", []),
        "new" => IamRequests.Question(action, kind, IamRequests.Arn(kind, "*"), [("aws:RequestTag/baker:bake", id), ("aws:RequestTag/Name", "x")]),
        "marked" => IamRequests.Question(action, kind, IamRequests.Arn(kind, "x-1"), [("aws:ResourceTag/baker:bake", id), ("ec2:ResourceTag/baker:bake", id)]),
        _ => IamRequests.Question(action, kind, IamRequests.Arn(kind, "x-1"), []),
    };

    private static IamQuestion Tagged(string kind, string action, string id) => IamRequests.Question("ec2:CreateTags", kind, IamRequests.Arn(kind, "*"),
        [("aws:RequestTag/baker:bake", id), ("ec2:CreateAction", action[4..])]);

    private static async Task<string> PolicyAsync(string more) => (await IamLimits.PolicyAsync(Example + more, "bake"))!;
}
