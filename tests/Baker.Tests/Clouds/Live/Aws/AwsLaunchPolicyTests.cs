using Baker.Cli;
using Baker.Clouds.Facts.Aws;
using Baker.Tests.Launching;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>What Baker writes down as rights is what is used, by IAM's own reference, and nothing is wider than it must be.</summary>
public sealed class AwsLaunchPolicyTests
{
    private const string Region = "ap-northeast-1";
    private const string KeyArn = $"arn:aws:kms:{Region}:{IamRequests.Account}:key/{IamRequests.KeyId}";

    /// <summary>Most characters of a policy of one's own, without blanks: IAM User Guide, "IAM and AWS STS quotas".</summary>
    private const int Longest = 6144;

    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    private static readonly string Example = Checkout.Read("examples", "aws.yaml");

    /// <summary>What is there when nobody has launched yet, in the reference's kinds.</summary>
    private static readonly string[] Kinds = ["capacity-reservation", "elastic-ip", "instance", "internet-gateway", "natgateway", "network-interface", "route-table", "security-group", "snapshot", "subnet", "volume", "vpc"];

    public static TheoryData<string> Specs =>
    [
        Example, Example + $"kms_key: {KeyArn}\n", Example + "kms_key: alias/duo\n", Checkout.Read("examples", "production.yaml"), Checkout.Read("examples", "existing-network.yaml"), Checkout.Read("examples", "offline.yaml"),
    ];

    [Theory, MemberData(nameof(Specs))]
    public async Task Everything_is_a_resource_only_of_actions_that_know_no_other(string spec)
    {
        if (await IamLimits.LaunchPolicyAsync(spec) is not { } text)
            return;
        Assert.True(text.Count(c => !char.IsWhiteSpace(c)) <= Longest);
        IamLimits.Hold(text);
    }

    [Theory, InlineData(null), InlineData("alias/duo"), InlineData(KeyArn), InlineData(IamRequests.KeyId)]
    public void A_machines_policy_names_its_parameters_and_the_key_for_them_alone(string? key)
    {
        var text = AwsPolicy.Write(Region, ["/duo/code"], key);
        IamLimits.Hold(text);
        var policy = new IamPolicy(text);
        Assert.True(policy.Allows(IamRequests.Question("ssm:GetParameter", "parameter", IamRequests.Parameter("/duo/code"), [])));
        Assert.False(policy.Allows(IamRequests.Question("ssm:GetParameter", "parameter", IamRequests.Parameter("/duo/other"), [])));
        if (key is null)
            return;
        var ours = key.StartsWith("alias/", StringComparison.Ordinal) ? key : IamRequests.KeyId;
        Assert.True(policy.Allows(IamRequests.Key("kms:Decrypt", ours, "ssm")));
        Assert.False(policy.Allows(IamRequests.Key("kms:Decrypt", ours, "ec2")));
        Assert.False(policy.Allows(IamRequests.Key("kms:Decrypt", "alias/other", "ssm") with { Arn = KeyArn.Replace("1234abcd", "00000000", StringComparison.Ordinal) }));
        Assert.False(policy.Allows(IamRequests.Key("kms:Encrypt", ours, "ssm")));
    }

    [Fact]
    public void Session_Manager_comes_without_a_right_to_parameters()
    {
        IamLimits.Hold(AwsPolicy.Session(Region));
        Assert.DoesNotContain("GetParameter", AwsPolicy.Session(Region), StringComparison.Ordinal);
    }

    [Theory, InlineData(""), InlineData("kms_key: alias/duo\n"), InlineData($"kms_key: {IamRequests.KeyId}\n")]
    public async Task A_stack_lives_from_launch_to_destroy_with_that_policy(string more)
    {
        using var account = new AwsFakeAccount();
        var spec = account.Spec + more;
        account.Policy = new IamPolicy((await IamLimits.LaunchPolicyAsync(spec))!);
        await DoneAsync(account, spec, Launch);
        await DoneAsync(account, account.ChangedSpec + more, Launch);
        await DoneAsync(account, account.Larger + more, Launch);
        await DoneAsync(account, account.Closed + more, Launch);
        await DoneAsync(account, spec, Launch);
        await account.RunAsync(spec, "status");
        await account.RunAsync(spec, "doctor");
        await TiedAgainAsync(account, spec);
        await DoneAsync(account, spec, "stop");
        await DoneAsync(account, spec, "start", "--no-wait");
        await DoneAsync(account, spec, [.. Launch, "--replace", "gateway", "--replace", "ollama"]);
        Assert.Contains(account.Requests, r => r.Action == "ec2:RunInstances" && r.Body.Contains("CapacityReservationTarget", StringComparison.Ordinal));
        await DoneAsync(account, spec, "destroy", "--yes");
        await DoneAsync(account, spec, Launch);
        await DoneAsync(account, spec, "destroy", "--yes", "--delete-data", "--release-address");
        Assert.DoesNotContain(account.Things, t => t.Tag("baker:id") is not null && t.Kind is "vpc" or "volume" or "elastic-ip");
    }

    [Fact]
    public async Task So_does_one_that_has_bundles()
    {
        using var account = new AwsBundleAccount();
        account.Policy = new IamPolicy((await IamLimits.LaunchPolicyAsync(account.Spec))!);
        Assert.DoesNotContain("not checked: whether the instance profile", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
        await DoneAsync(account, account.ChangedSpec, Launch);
        await DoneAsync(account, account.Spec, "destroy", "--yes", "--delete-data", "--release-address");
    }

    [Fact]
    public async Task So_does_one_in_a_network_and_with_an_address_of_yours()
    {
        using var account = new AwsFakeAccount();
        var (vpc, open, closed) = account.PlantNetwork();
        var spec = AwsNetworkLaunchTests.Own(vpc, open, closed);
        account.Policy = new IamPolicy((await IamLimits.LaunchPolicyAsync(spec))!);
        await DoneAsync(account, spec, Launch);
        await DoneAsync(account, spec, "destroy", "--yes", "--delete-data", "--release-address");
        Assert.False(account.Policy.Allows(IamRequests.Question("ec2:CreateSecurityGroup", "vpc", IamRequests.Arn("vpc", "vpc-0aaaaaaaaaaaaaaaa"), [])));
        Assert.False(account.Policy.Allows(IamRequests.Question("ec2:DeleteSubnet", "subnet", IamRequests.Arn("subnet", open), [])));
    }

    /// <summary>All that somebody may take from a machine, and another identity of one that is stopped.</summary>
    private static async Task TiedAgainAsync(AwsFakeAccount account, string spec)
    {
        foreach (var (_, loosen) in account.LoosenedByHand)
        {
            loosen();
            await DoneAsync(account, spec, Launch);
        }
        await DoneAsync(account, spec, "stop");
        account.LoosenedByHand.Single(l => l.Says.StartsWith("identity somebody", StringComparison.Ordinal)).Do();
        await DoneAsync(account, spec, Launch);
    }

    [Fact]
    public async Task It_is_no_wider_than_what_is_called()
    {
        using var account = new AwsFakeAccount();
        await DoneAsync(account, account.Spec, Launch);
        await DoneAsync(account, account.ChangedSpec, Launch);
        await DoneAsync(account, account.Larger, Launch);
        await DoneAsync(account, account.Closed, Launch);
        await DoneAsync(account, account.Spec, Launch);
        await account.RunAsync(account.Spec, "status");
        await TiedAgainAsync(account, account.Spec);
        // The gateway is deleted by hand, which leaves a route to nowhere.
        foreach (var route in account.Things.Where(t => t.Kind == "route-table").SelectMany(t => t.Body["Routes"]!.AsArray()).Where(r => r!["NatGatewayId"] is not null))
            route!["State"] = "blackhole";
        await DoneAsync(account, account.ChangedSpec, Launch);
        await DoneAsync(account, account.Spec, "stop");
        await DoneAsync(account, account.Spec, "start", "--no-wait");
        await DoneAsync(account, account.Spec, "destroy", "--yes");
        await DoneAsync(account, account.Spec, Launch);
        await DoneAsync(account, account.Spec, "destroy", "--yes", "--delete-data", "--release-address");
        using var large = new AwsBundleAccount();
        await DoneAsync(large, large.Spec, Launch);
        await large.RunAsync(large.Spec, "destroy", "--yes", "--delete-data", "--release-address");
        var called = account.Requests.Concat(large.Requests).Select(r => r.Action).Where(a => !a.StartsWith("sts:", StringComparison.Ordinal) && !a.StartsWith("route53:", StringComparison.Ordinal)).Distinct();
        // A right that other calls use: to give a machine its role.
        string[] silent = ["iam:PassRole"];
        var written = new IamPolicy((await IamLimits.LaunchPolicyAsync(large.Spec))!).Statements.SelectMany(s => s.Actions).Distinct();
        Assert.Equal(called.Concat(silent).Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
    }

    [Theory, InlineData(null), InlineData("000000000000")]
    public async Task Nothing_of_another_stack_or_a_stranger_can_be_changed(string? owner)
    {
        var policy = new IamPolicy((await IamLimits.LaunchPolicyAsync(Example))!);
        (string, string)[] theirs = owner is null ? [] : [("aws:ResourceTag/baker:id", owner), ("ec2:ResourceTag/baker:id", owner)];
        var changes = policy.Statements.SelectMany(s => s.Actions).Distinct().Where(a => a.StartsWith("ec2:", StringComparison.Ordinal) && IamReference.Kinds(a).Length > 0).ToArray();
        Assert.True(changes.Length > 40);
        foreach (var action in changes)
        {
            foreach (var (kind, _) in IamReference.Kinds(action))
            {
                // An image is nobody's; of an interface IAM sees no tag there, and the subnet and the group that it stands in are asked for too.
                if (action == "ec2:RunInstances" && kind is "image" or "network-interface")
                    continue;
                Assert.False(policy.Allows(IamRequests.Question(action, kind, IamRequests.Arn(kind, "x-1"), theirs)), $"{action} on {kind}");
                // Nor made, or taken, by giving it a label.
                Assert.False(policy.Allows(IamRequests.Question(action, kind, IamRequests.Arn(kind, "x-1"), [.. theirs, ("aws:RequestTag/baker:id", owner ?? "x")])), $"{action} on {kind}");
            }
        }
        foreach (var kind in Kinds)
        {
            Assert.False(policy.Allows(IamRequests.Question("ec2:CreateTags", kind, IamRequests.Arn(kind, "x-1"), [.. theirs, ("aws:RequestTag/baker:id", Id)])), kind);
            Assert.False(policy.Allows(IamRequests.Question("ec2:CreateTags", kind, IamRequests.Arn(kind, "x-1"), [("aws:ResourceTag/baker:id", Id), ("aws:RequestTag/baker:id", "000000000000")])), kind);
        }
    }

    [Theory]
    [InlineData("ssm:GetParameter", "/duo/other"), InlineData("ssm:PutParameter", "/duo/activation-code"), InlineData("ssm:DeleteParameter", "/baker/duo/lock-000000000000"),
     InlineData("ssm:PutParameter", "/baker/duo2/root-password"), InlineData("ssm:GetParameter", "/baker/duo2/user-data/gitlab/x/1"), InlineData("ssm:GetParametersByPath", "/"), InlineData("ssm:GetParametersByPath", "/baker")]
    public async Task Nor_read_or_written(string action, string name) =>
        Assert.False(new IamPolicy((await IamLimits.LaunchPolicyAsync(Example))!).Allows(IamRequests.Question(action, "parameter", IamRequests.Parameter(name), [])));

    [Theory, InlineData("duo-gitlab", "ec2.amazonaws.com", true), InlineData("duo-gitlab", "lambda.amazonaws.com", false), InlineData("admin", "ec2.amazonaws.com", false)]
    public async Task A_role_is_passed_only_when_it_is_the_specs_and_to_machines(string role, string service, bool isAllowed) =>
        Assert.Equal(isAllowed, new IamPolicy((await IamLimits.LaunchPolicyAsync(Example))!).Allows(IamRequests.Question("iam:PassRole", "role", $"arn:aws:iam::{IamRequests.Account}:role/{role}", [("iam:PassedToService", service)])));

    [Theory]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"ec2:RunInstances","Resource":"*"}]}"""),
     InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:RunInstances","Resource":"*","Condition":{"StringEquals":{"aws:Moon":["full"]}}}]}"""),
     InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:RunInstances","Resource":"*","Condition":{"DateGreaterThan":{"ec2:Region":["x"]}}}]}""")]
    public void What_it_does_not_know_the_evaluator_does_not_judge(string policy) => Assert.Throws<NotSupportedException>(() => new IamPolicy(policy));

    [Fact]
    public void A_denial_wins()
    {
        var policy = new IamPolicy("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"*"},{"Effect":"Deny","Action":"ec2:StopInstances","Resource":"arn:aws:ec2:*:*:instance/i-?"}]}""");
        Assert.False(policy.Allows(IamRequests.Question("ec2:StopInstances", "instance", IamRequests.Arn("instance", "i-1"), [])));
        Assert.True(policy.Allows(IamRequests.Question("ec2:StopInstances", "instance", IamRequests.Arn("instance", "i-12"), [])));
    }

    private const string Id = "3f3195f2e814";

    private static async Task<string> DoneAsync(FakeAccount account, string spec, params string[] command)
    {
        var run = await account.RunAsync(spec, command);
        Assert.True(run.Code == ExitCode.Done, $"{string.Join(' ', command)}: exit code {run.Code}\n{run.Error}");
        return run.Error;
    }

    /// <summary>Route 53 has a policy of its own. With it a record is made, mended and removed; without it a launch goes on.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public async Task The_policy_of_the_record_is_what_it_takes_and_no_launch_needs_it(bool has)
    {
        using var account = new AwsFakeAccount();
        var zone = account.PlantZone();
        var (launch, dns) = ((await IamLimits.LaunchPolicyAsync(account.Spec))!, (await IamLimits.PolicyAsync(account.Spec, "dns"))!);
        IamLimits.Hold(dns);
        account.Policy = new IamPolicy(has ? launch.Replace("\"Statement\": [", $"\"Statement\": [{dns[(dns.IndexOf('[') + 1)..dns.LastIndexOf(']')]},", StringComparison.Ordinal) : launch);
        var said = await DoneAsync(account, account.Spec, Launch);
        Assert.Equal(!has, said.Contains("DNS record to make now: gitlab.example.com A ", StringComparison.Ordinal));
        Assert.Equal(!has, said.Contains("not checked: a zone for the DNS record", StringComparison.Ordinal));
        zone.Put("A", "gitlab.example.com", "198.18.0.9");
        await DoneAsync(account, account.Spec, Launch);
        await DoneAsync(account, account.Spec, "destroy", "--yes", "--delete-data", "--release-address");
        Assert.Equal(has ? 0 : 1, zone.Sets.Count);
        if (has)
            Assert.Equal(new IamPolicy(dns).Statements.SelectMany(s => s.Actions).Order(StringComparer.Ordinal),
                account.Requests.Select(r => r.Action).Where(a => a.StartsWith("route53:", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));
        foreach (var (name, type, action) in new[] { ("www.example.com", "A", "CREATE"), ("gitlab.example.com", "CNAME", "CREATE"), ("gitlab.example.com", "A", "UPSERT") })
            Assert.False(new IamPolicy(dns).Allows(IamRequests.Route53("ChangeResourceRecordSets", "Z0ZONE", $"<c><Action>{action}</Action><Name>{name}</Name><Type>{type}</Type></c>").Single()));
    }
}
