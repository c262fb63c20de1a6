using System.Collections.Immutable;

namespace Baker.Clouds.Facts.Aws;

/// <summary>
/// The policy of whoever bakes one stack's images over SSH: what Packer's plugin makes carries the tag <c>baker:bake</c> from its first
/// moment, and only what carries it can be changed. Which tags come when: packer-plugin-amazon 1.8.2, common/step_key_pair.go,
/// step_security_group.go, step_run_source_instance.go, builder/ebs/step_create_ami.go; run_tags everywhere.
/// </summary>
internal sealed class AwsBakePolicy(AwsSpec spec, BakeRights rights)
{
    /// <summary>These know no resource but everything.</summary>
    private static readonly ImmutableArray<string> Looks =
    [
        "ec2:DescribeImages", "ec2:DescribeInstanceStatus", "ec2:DescribeInstanceTypeOfferings", "ec2:DescribeInstances",
        "ec2:DescribeKeyPairs", "ec2:DescribeRegions", "ec2:DescribeSecurityGroups", "ec2:DescribeSnapshots", "ec2:DescribeSubnets",
        "ec2:DescribeTags", "ec2:DescribeVolumes", "ec2:DescribeVpcs",
    ];

    private static readonly (string Kind, string Action)[] Made =
    [
        ("image", "CreateImage"), ("instance", "RunInstances"), ("key-pair", "CreateKeyPair"), ("network-interface", "RunInstances"),
        ("security-group", "CreateSecurityGroup"), ("snapshot", "CreateImage"), ("volume", "RunInstances"),
    ];

    /// <summary>Also what uses a thing that is there, such as a machine that is given a key.</summary>
    private static readonly ImmutableArray<string> Changes =
    [
        "ec2:AuthorizeSecurityGroupIngress", "ec2:CreateImage", "ec2:CreateTags", "ec2:DeleteKeyPair", "ec2:DeleteSecurityGroup",
        "ec2:DeleteSnapshot", "ec2:DeleteVolume", "ec2:DeregisterImage", "ec2:ModifyImageAttribute", "ec2:ModifyInstanceAttribute",
        "ec2:RunInstances", "ec2:StopInstances", "ec2:TerminateInstances",
    ];

    private readonly AwsPartition _partition = AwsPartition.Of(spec.Region);

    public string Write() => AwsStatement.Policy(Ec2().Concat(Ssm()).Concat(Kms()), forPeople: true);

    private IEnumerable<AwsStatement> Ec2()
    {
        var mark = AwsCondition.Is($"aws:RequestTag/{AwsNames.BakeTag}", rights.Id);
        string[] actions = [.. Made.Select(m => m.Action).Distinct()];
        yield return new("Look", Looks, ["*"], AwsCondition.Is("ec2:Region", spec.Region));
        yield return new("MakeWithTheBuildsTag", [.. actions.Select(a => $"ec2:{a}")], [.. Made.Select(m => Arn(m.Kind))], mark);
        yield return new("TagWhatIsMade", ["ec2:CreateTags"], [.. Made.Select(m => Arn(m.Kind))],
            AwsCondition.Is("ec2:CreateAction", actions), mark);
        // Whoever may bake from one image may bake from any: Packer takes the newest of Ubuntu's, or the one that it is given.
        yield return new("StartFromAnImage", ["ec2:RunInstances"],
            [Arn("image"), Arn("subnet", rights.Subnet ?? "*")]);
        yield return new("GroupsInTheNetwork", ["ec2:CreateSecurityGroup"], [Arn("vpc")]);
        // The mark may not be changed into another stack's.
        yield return new("ChangeWhatABuildMade", Changes, [.. Made.Select(m => Arn(m.Kind))],
            AwsCondition.Is($"aws:ResourceTag/{AwsNames.BakeTag}", rights.Id), new("StringEqualsIfExists", mark.Key, mark.Values));
    }

    private IEnumerable<AwsStatement> Ssm()
    {
        // A bake's lock is another than a launch's.
        yield return new("HoldTheBakesLock", ["ssm:AddTagsToResource", "ssm:DeleteParameter", "ssm:GetParameter", "ssm:PutParameter"],
            [$"arn:{_partition.Name}:ssm:{spec.Region}:*:parameter{AwsNames.Lock($"{rights.Stack}-bake", rights.Id)}"]);
    }

    private IEnumerable<AwsStatement> Kms() => rights.KmsKey is { } key ? AwsKeyRights.OfDisks(spec.Region, key) : [];

    private string Arn(string kind, string id = "*") => _partition.Ec2Arn(spec.Region, kind, id);
}
