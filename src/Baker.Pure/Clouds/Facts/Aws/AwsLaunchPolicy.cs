using System.Collections.Immutable;

namespace Baker.Clouds.Facts.Aws;

/// <summary>
/// The policy of whoever launches one stack: what is made carries the stack's <c>baker:id</c>, and only what carries it can be changed.
/// Which resource and which condition an action knows is in IAM's own reference; a test compares the policy with it.
/// </summary>
internal sealed class AwsLaunchPolicy(AwsSpec spec, LaunchRights rights)
{
    /// <summary>These know no resource but everything.</summary>
    private static readonly ImmutableArray<string> Looks =
    [
        "ec2:DescribeAccountAttributes", "ec2:DescribeAddresses", "ec2:DescribeCapacityReservations",
        "ec2:DescribeIamInstanceProfileAssociations", "ec2:DescribeImages",
        "ec2:DescribeInstanceTypeOfferings", "ec2:DescribeInstances", "ec2:DescribeInternetGateways",
        "ec2:DescribeNatGateways", "ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups",
        "ec2:DescribeSnapshots", "ec2:DescribeSubnets", "ec2:DescribeVolumes", "ec2:DescribeVpcs",
    ];

    /// <summary>What a stack consists of in every network: kind, and the action that makes it with its tags.</summary>
    private static readonly (string Kind, string Action)[] Made =
    [
        ("elastic-ip", "AllocateAddress"), ("instance", "RunInstances"), ("network-interface", "CreateNetworkInterface"),
        ("security-group", "CreateSecurityGroup"), ("snapshot", "CreateSnapshot"), ("volume", "CreateVolume"),
    ];

    /// <summary>And in a network of its own.</summary>
    private static readonly (string Kind, string Action)[] MadeNetwork =
    [
        ("internet-gateway", "CreateInternetGateway"), ("natgateway", "CreateNatGateway"), ("route-table", "CreateRouteTable"),
        ("subnet", "CreateSubnet"), ("vpc", "CreateVpc"),
    ];

    /// <summary>And where a machine's room is kept while it is stopped or made anew.</summary>
    private const string Reservation = "capacity-reservation", MakeReservation = "CreateCapacityReservation";

    private static readonly string[] ReservationChanges =
        ["CancelCapacityReservation", "ModifyInstanceCapacityReservationAttributes"];

    /// <summary>What is done to a thing that is there. Making another in, or of, it is among them.</summary>
    private static readonly string[] Changes =
    [
        "AssociateAddress", "AssociateIamInstanceProfile", "AssociateRouteTable", "AttachInternetGateway", "AttachVolume",
        "AuthorizeSecurityGroupEgress",
        "AuthorizeSecurityGroupIngress", "CreateRoute", "CreateTags",
        "DeleteInternetGateway", "DeleteNatGateway", "DeleteNetworkInterface", "DeleteRoute", "DeleteRouteTable", "DeleteSecurityGroup",
        "DeleteSnapshot", "DeleteSubnet", "DeleteTags", "DeleteVolume", "DeleteVpc",
        "DescribeInstanceAttribute", "DetachInternetGateway", "DisassociateAddress",
        "DisassociateIamInstanceProfile", "DisassociateRouteTable", "GetConsoleOutput",
        "ModifyInstanceAttribute", "ModifyNetworkInterfaceAttribute", "ModifyVolume", "ReleaseAddress",
        "ReplaceIamInstanceProfileAssociation", "ReplaceRoute",
        "RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress", "StartInstances", "StopInstances", "TerminateInstances",
    ];

    private readonly AwsPartition _partition = AwsPartition.Of(spec.Region);

    public string Write() => AwsStatement.Policy(Ec2().Concat(Iam()).Concat(Quotas()).Concat(Ssm()).Concat(Kms()), forPeople: true);

    private IEnumerable<AwsStatement> Ec2()
    {
        var made = rights.ExistingNetwork is null ? [.. Made, .. MadeNetwork.Where(m => m.Kind != "natgateway" || rights.NeedsNat)] : Made;
        if (rights.HasScarce)
            made = [.. made, (Reservation, MakeReservation)];
        var id = AwsCondition.Is($"aws:RequestTag/{AwsNames.IdTag}", rights.Id);
        yield return new("Look", Looks, ["*"], AwsCondition.Is("ec2:Region", spec.Region));
        // RunInstances makes the root disk too.
        yield return new("MakeWithTheStacksTag", [.. made.Select(m => $"ec2:{m.Action}")], [.. made.Select(m => Arn(m.Kind))], id);
        // The action that makes says the kind; written out, the policy would be longer than IAM takes.
        yield return new("TagWhatIsMade", ["ec2:CreateTags"], [Arn("*"), Arn("snapshot")],
            AwsCondition.Is("ec2:CreateAction", [.. made.Select(m => m.Action)]), id);
        // IAM's reference knows no tag of an interface for RunInstances; the interface's subnet and security group are asked for as well.
        yield return new("StartFromAnImage", ["ec2:RunInstances"],
            [.. rights.Images.IsEmpty ? [Arn("image")] : rights.Images.Select(i => Arn("image", i)), Arn("network-interface")]);
        // What was made in a network of its own can be removed also when the spec has another network by now. A label may not be changed
        // into another stack's.
        yield return new("ChangeWhatIsTheStacks",
            [.. Changes.Concat(rights.HasScarce ? ReservationChanges : [])
            .Concat(made.Where(m => m.Kind is not ("elastic-ip" or "internet-gateway" or "vpc" or Reservation)).Select(m => m.Action))
            .Order(StringComparer.Ordinal).Select(a => $"ec2:{a}")],
            // Whatever kind it is of: the tag decides, and a list of kinds would make the policy longer than IAM takes.
            [Arn("*"), Arn("snapshot")], AwsCondition.Is($"aws:ResourceTag/{AwsNames.IdTag}", rights.Id),
                new("StringEqualsIfExists", id.Key, id.Values));
        if (rights.ExistingNetwork is { } network)
        {
            yield return new("StandInYourNetwork", ["ec2:CreateNetworkInterface", "ec2:RunInstances"],
                [.. rights.ExistingSubnets.Select(s => Arn("subnet", s))]);
            yield return new("GroupsInYourNetwork", ["ec2:CreateSecurityGroup"], [Arn("vpc", network)]);
        }
        if (!rights.ExistingAddresses.IsEmpty)
            yield return new("UseYourAddress", ["ec2:AssociateAddress", "ec2:DisassociateAddress"],
                [.. rights.ExistingAddresses.Select(a => Arn("elastic-ip", a))]);
    }

    private IEnumerable<AwsStatement> Iam()
    {
        ImmutableArray<string> Named(string kind, IEnumerable<string> names) => [.. names.Select(n =>
            $"arn:{_partition.Name}:iam::*:{kind}{(rights.MadeIdentities.Contains(n) ? AwsMachineRoles.Path : "/")}{n}")];
        // The role of a profile may have another name; the review page's commands give both the same.
        if (!rights.Identities.IsEmpty)
        {
            yield return new("GiveMachinesTheirRole", ["iam:PassRole"], Named("role", rights.Identities),
                AwsCondition.Is("iam:PassedToService", _partition.Services("ec2")));
            yield return new("AskForTheirProfile", ["iam:GetInstanceProfile"], Named("instance-profile", rights.Identities));
        }
        if (!rights.BundleIdentities.IsEmpty)
            yield return new("AskWhatTheirRoleMay", ["iam:SimulatePrincipalPolicy"], Named("role", rights.BundleIdentities));
    }

    /// <summary>Of the account's own limits, those of EC2.</summary>
    private IEnumerable<AwsStatement> Quotas()
    {
        yield return new("AskForLimits", ["servicequotas:GetServiceQuota"],
            [$"arn:{_partition.Name}:servicequotas:{spec.Region}:*:ec2/*"]);
    }

    private IEnumerable<AwsStatement> Ssm()
    {
        string Parameter(string name) => $"arn:{_partition.Name}:ssm:{spec.Region}:*:parameter{name}";
        var bundles = spec.Facts.Bundles!.Root(rights.Stack);
        // The parameter's own tag is no condition here: one that is not there has none, and would be answered as a denial.
        yield return new("KeepTheStacksParameters",
            ["ssm:AddTagsToResource", "ssm:DeleteParameter", "ssm:DeleteParameters", "ssm:GetParameter", "ssm:ListTagsForResource",
                "ssm:PutParameter", "ssm:RemoveTagsFromResource"],
            [Parameter(AwsNames.Lock(rights.Stack, rights.Id)), Parameter($"{bundles}*"), .. rights.MadeSecrets.Select(Parameter)]);
        yield return new("ListBundles", ["ssm:GetParametersByPath"], [Parameter($"{bundles.TrimEnd('/')}*")]);
        if (!rights.GivenSecrets.IsEmpty)
            yield return new("LookForYourSecrets", ["ssm:GetParameter"], [.. rights.GivenSecrets.Select(Parameter)]);
    }

    private IEnumerable<AwsStatement> Kms() => rights.KmsKey is not { } key ? []
        : [.. AwsKeyRights.OfDisks(spec.Region, key), AwsKeyRights.Of("EncryptParameters", spec.Region, key, ["kms:Encrypt"], "ssm")];

    private string Arn(string kind, string id = "*") => _partition.Ec2Arn(spec.Region, kind, id);
}
