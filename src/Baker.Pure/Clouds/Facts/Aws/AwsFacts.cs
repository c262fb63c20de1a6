using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Baker.Diagnostics;
using Baker.Language.Secrets;
using Baker.Language.Shapes;

namespace Baker.Clouds.Facts.Aws;

/// <summary>What is known about EC2 without asking it.</summary>
public sealed partial class AwsFacts : CloudFacts
{
    public override string Key => "aws";

    public override string Title => "AWS";

    public override MapShape Shape => AwsShape.Shape;

    public override SecretKind SecretStore { get; } = SecretKind.Of(
        "aws_parameter", "/path", "name of a SecureString in SSM Parameter Store",
        "a parameter name", Parameter(), "it begins with / and has parts of letters, digits, `.`, `_` and `-` between slashes", 1011);

    /// <summary>EC2 counts the raw bytes, before base64.</summary>
    public override int UserDataLimit => 16_384;

    /// <summary>Parameters of the standard tier, which cost nothing, hold 4 KB.</summary>
    public override BundleStore? Bundles { get; } = new("/baker/", 4096);

    public override string? IdentityKey => "instance_profile";

    public override string IdentityTitle => "IAM instance profile of the VM (aws)";

    public override string? MadeIdentity(CloudSpec spec, string machine) => AwsMachineRoles.Name(((AwsSpec)spec).Region, machine);

    public override bool HasBoundaries => true;

    public override Key? DnsZone => AwsShape.DnsZone;

    public override bool SplitsSubnets => true;

    public override string? PackerBuilder => "amazon-ebs";

    public override ImmutableArray<string> BuilderAccess => ["public", "ssm"];

    public override string? BuilderProgram(string access) => access == "ssm" ? "session-manager-plugin" : null;

    /// <summary>The network address, the router, DNS and one kept in reserve; and the broadcast address.</summary>
    public override (int First, int Last) ReservedAddresses => (4, 1);

    // A region that is missing or wrong has been reported; another stands in for it, so that the rest can be checked.
    public override CloudSpec Read(SpecMap map) =>
        new AwsSpec(this, map.Text("region") ?? "us-east-1", map.Text("zone"), map.Text("profile"));

    public override void Check(CloudSpec spec, DiagnosticBag bag)
    {
        var aws = (AwsSpec)spec;
        if (!bag.IsBroken("cloud.aws.region") && !AwsRegions.Known.Contains(aws.Region))
            bag.Add("cloud.aws.region", CloudMessages.UnknownRegion(
                aws.Region, Title, Nearest.Of(aws.Region, AwsRegions.Known), AwsRegions.Date));
        if (aws.Zone is { } zone && !bag.IsBroken("cloud.aws.region")
            && !(zone.StartsWith(aws.Region, StringComparison.Ordinal) && zone.Length > aws.Region.Length
                && !char.IsDigit(zone[aws.Region.Length])))
            bag.Add("cloud.aws.zone", CloudMessages.WrongZone(zone, aws.Region));
    }

    public override string DefaultMachine(MachineClass wanted) => wanted switch
    {
        MachineClass.Light => "t3.medium",
        MachineClass.Server => "c6i.xlarge",
        _ => "g4dn.xlarge",
    };

    public override MachineType? FindMachine(string name) => AwsMachines.Find(name);

    public override bool IsBurstable(string machine) => AwsMachines.IsBurstable(machine);

    public override bool IsArm(string machine) => AwsMachines.IsArm(machine);

    public override bool HasDisksOfItsOwn(string machine) => AwsMachines.HasInstanceStore(machine);

    public override Message? MachineProblem(string name) => AwsMachines.HasForm(name) ? null
        : CloudMessages.ImpossibleMachine(name, Title, AwsMachines.Meant(name), "write family, dot, size, such as c6i.xlarge");

    public override (Gpu? Gpu, Message? Problem) AttachGpu(string machine, string type, int count) =>
        (null, CloudMessages.GpuNotAttachable(type, machine,
            "on AWS the GPU comes with the machine type, such as g4dn.xlarge; write `gpu: required` or nothing"));

    public override string? IdProblem(CloudId kind, string id) => kind switch
    {
        CloudId.Network => Vpc().IsMatch(id) ? null : "write the id of a VPC, such as vpc-0a1b2c3d4e5f67890",
        CloudId.Subnet => SubnetId().IsMatch(id) ? null : "write the id of a subnet, such as subnet-0a1b2c3d4e5f67890",
        CloudId.PublicAddress => Allocation().IsMatch(id) ? null
            : "write the allocation id of an Elastic IP, such as eipalloc-0a1b2c3d4e5f67890",
        CloudId.Image => Ami().IsMatch(id) ? null : "write the id of an AMI, such as ami-0a1b2c3d4e5f67890",
        CloudId.KmsKey => KmsKey().IsMatch(id) ? null : "write a key id, an alias (alias/name) or an ARN (arn:aws:kms:…)",
        CloudId.Boundary => PolicyArn().IsMatch(id) ? null : "write the ARN of a policy, such as arn:aws:iam::123456789012:policy/baker",
        _ => ProfileName().IsMatch(id) ? null : "write the name of an instance profile: letters, digits and any of + = , . @ _ -",
    };

    /// <summary>A security group is named after the stack and its role, and EC2 keeps names that look like ids for itself.</summary>
    public override string? NameProblem(string stack) =>
        stack == "sg" || stack.StartsWith("sg-", StringComparison.Ordinal) ? "security groups cannot have names that begin with sg-"
            : null;

    public override string GpuAdvice => "choose a type that brings one, such as g4dn.xlarge";

    public override string? TagProblem(string key, string value) =>
        key.Length == 0 ? "a tag needs a name"
        : key == "Name" ? "Baker gives everything its Name"
        : key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase) ? "names that begin with aws: belong to AWS"
        : key.StartsWith("baker:", StringComparison.OrdinalIgnoreCase) ? "names that begin with baker: are Baker's own"
        : key.Length > 128 ? "a tag's name has at most 128 characters"
        : value.Length > 256 ? "a tag's value has at most 256 characters"
        : TagText().IsMatch(key) && TagText().IsMatch(value) ? null
        : "letters, digits, blanks and any of _ . : / = + - @ are allowed";

    public override CloudEntry Entry { get; } = new("session_manager", "Session Manager", null);

    /// <summary>What the agent of Canonical's images calls; since its version 3.3.40 it needs no third one (ec2messages).</summary>
    private static readonly ImmutableArray<string> EntryServices = ["ssm", "ssmmessages"];

    public override IEnumerable<string> EntryUrls(CloudSpec spec) =>
        from service in EntryServices
        let region = ((AwsSpec)spec).Region
        select $"https://{service}.{region}.{AwsPartition.Of(region).Domain}";

    public override string EntryCommand(CloudSpec spec, string name, string id, string zone) =>
        $"aws ssm start-session --region {((AwsSpec)spec).Region} --target {id}";

    public override string DiskType(string machine) => VolumeType;

    /// <summary>By the description of <c>IpRange</c> in EC2's API reference, which also allows 255 characters.</summary>
    public override string? RuleTextProblem(string text) => RuleText().IsMatch(text) ? null
        : "A to Z without accents, digits, blanks and any of . _ - : / ( ) # , @ [ ] + = & ; { } ! $ * are allowed";

    public override string MadeSecret(CloudSpec spec, string stack, string secret) => $"/baker/{stack}/{secret}";

    public override string? SecretStoreUrl(CloudSpec spec) =>
        $"https://ssm.{((AwsSpec)spec).Region}.{AwsPartition.Of(((AwsSpec)spec).Region).Domain}";

    public override string SecretPolicy(CloudSpec spec, IEnumerable<string> locations, string? kmsKey) =>
        AwsPolicy.Write(((AwsSpec)spec).Region, locations, kmsKey);

    public override string IdentityPolicy(CloudSpec spec, IdentityRights rights, string? kmsKey) =>
        AwsPolicy.OfMachine(((AwsSpec)spec).Region, rights.Reads, kmsKey, rights.HasEntry);

    public override string BoundaryPolicy(CloudSpec spec, IEnumerable<IdentityRights> rights, string stack, string? kmsKey)
    {
        // What the stack keeps for itself may change with the spec; what is yours is named.
        var own = $"{Bundles!.Beginning}{stack}/";
        var reads = rights.SelectMany(r => r.Reads).Where(r => !r.StartsWith(own, StringComparison.Ordinal)).Distinct();
        return AwsPolicy.OfMachine(((AwsSpec)spec).Region, reads.Append($"{own}*"), kmsKey, hasEntry: true);
    }

    public override string IdentityMakerPolicy(CloudSpec spec, IEnumerable<string> made, string? boundary) =>
        AwsMachineRoles.MakerPolicy(((AwsSpec)spec).Region, made, boundary);

    public override string DnsPolicy(CloudSpec spec, string host, string? zone) =>
        AwsDnsPolicy.Write(((AwsSpec)spec).Region, host, zone);

    public override string LaunchPolicy(CloudSpec spec, LaunchRights rights) => new AwsLaunchPolicy((AwsSpec)spec, rights).Write();

    public override string BakePolicy(CloudSpec spec, BakeRights rights) => new AwsBakePolicy((AwsSpec)spec, rights).Write();

    public override IEnumerable<(string Name, string Value)> ManualLaunchNames(ManualLaunch vm) =>
    [
        ("image_id", "resolve:ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"),
        ("root_disk", Volume("/dev/sda1", vm.DiskGb, true, vm.KmsKey)),
        ("data_disk", vm.DataGb is { } data ? Volume("/dev/sdf", data, false, vm.KmsKey) : ""),
        ("profile", $"Name={vm.Identity}"),
        ("tags", $"ResourceType=instance,Tags=[{{Key=Name,Value={vm.Name}}},{{Key=baker:id,Value={vm.StackId}}}]"),
        ("user_data", $"fileb://{vm.UserDataFile}"),
    ];

    private const string VolumeType = "gp3";

    // The shorthand of the AWS command line.
    private static string Volume(string device, int gb, bool goesWithVm, string? kmsKey) =>
        $"DeviceName={device},Ebs={{VolumeSize={gb},VolumeType={VolumeType},Encrypted=true,{(kmsKey is null ? "" : $"KmsKeyId={kmsKey},")}"
        + $"DeleteOnTermination={(goesWithVm ? "true" : "false")}}}";

    public override string AptArchive(CloudSpec spec) => $"http://{((AwsSpec)spec).Region}.ec2.archive.ubuntu.com";

    [GeneratedRegex(@"\A(/[A-Za-z0-9_.-]+)+\z")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\Avpc-[0-9a-f]{8,17}\z")]
    private static partial Regex Vpc();

    [GeneratedRegex(@"\Asubnet-[0-9a-f]{8,17}\z")]
    private static partial Regex SubnetId();

    [GeneratedRegex(@"\Aeipalloc-[0-9a-f]{8,17}\z")]
    private static partial Regex Allocation();

    [GeneratedRegex(@"\Aami-[0-9a-f]{8,17}\z")]
    private static partial Regex Ami();

    [GeneratedRegex(@"\A(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/[A-Za-z0-9/_-]+|alias/[A-Za-z0-9/_-]+|(mrk-)?[0-9a-f-]{32,36})\z")]
    private static partial Regex KmsKey();

    [GeneratedRegex(@"\A[A-Za-z0-9+=,.@_-]{1,128}\z")]
    private static partial Regex ProfileName();

    [GeneratedRegex(@"\Aarn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]{1,512}\z")]
    private static partial Regex PolicyArn();

    [GeneratedRegex(@"\A[a-zA-Z0-9 ._:/()#,@\[\]+=&;{}!$*-]*\z")]
    private static partial Regex RuleText();

    [GeneratedRegex(@"\A[\p{L}\p{N} _.:/=+@-]*\z")]
    private static partial Regex TagText();
}
