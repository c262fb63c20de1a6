using Baker.Cli;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>Stacks in other networks than the default: without public address, and in the user's own VPC.</summary>
public sealed class AwsNetworkLaunchTests
{
    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    private const string InternalOnly = """
        version: 1
        name: duo
        cloud:
          aws: { region: ap-northeast-1 }
        gitlab:
          url: https://gitlab.corp.internal
          public_address: none
          tls: { private_ca: generate }
          license: { activation_code: { aws_parameter: /duo/activation-code } }
          instance_profile: duo-gitlab
        gateway: { instance_profile: duo-gitlab }
        """;

    [Fact]
    public async Task Without_public_address_GitLab_stands_where_NAT_leads_out()
    {
        using var account = new AwsFakeAccount();
        var before = account.Inventory;
        await DoneAsync(account, InternalOnly, Launch);
        var inPrivate = account.Things.Single(t => t.Kind == "subnet" && t.Tag("Name") == "duo-private");
        Assert.All(account.Things.Where(t => t.Kind == "instance"), i => Assert.Equal(inPrivate.Id, i.Text("SubnetId")));
        Assert.Equal("10.77.1.10", Machine(account, "duo-gitlab").Text("PrivateIpAddress"));
        var table = account.Things.Single(t => t.Kind == "route-table" && t.Body["Associations"]!.ToJsonString().Contains(inPrivate.Id, StringComparison.Ordinal));
        Assert.Contains(table.Body["Routes"]!.AsArray(), r => (string)r!["DestinationCidrBlock"]! == "0.0.0.0/0" && r["NatGatewayId"] is not null);
        Assert.Equal("duo-nat", Assert.Single(account.Things, t => t.Kind == "elastic-ip").Tag("Name"));
        Assert.Contains("no change", await DoneAsync(account, InternalOnly, Launch), StringComparison.Ordinal);
        await DoneAsync(account, InternalOnly, "destroy", "--yes", "--delete-data");
        Assert.Equal(before, account.Inventory);
    }

    /// <summary>On the machine that stands, which takes no other: first one of the user's own in the place of the one that was made, then another.</summary>
    [Fact]
    public async Task Another_public_address_of_the_users_own_reaches_the_machine_that_stands()
    {
        using var account = new AwsFakeAccount();
        await DoneAsync(account, account.Spec, Launch);
        var machine = Machine(account, "duo-gitlab").Id;
        var last = "198.51.100.1";
        foreach (var ip in new[] { "203.0.113.40", "203.0.113.41" })
        {
            var own = account.Spec.Replace("gitlab:\n", $"gitlab:\n  public_address: {account.PlantAddress(ip)}\n", StringComparison.Ordinal);
            var said = await DoneAsync(account, own, Launch);
            Assert.Contains($"  ~ machine duo-gitlab: public address {last} becomes {ip}", said, StringComparison.Ordinal);
            Assert.Contains($"gitlab.example.com A {ip}", said, StringComparison.Ordinal);
            Assert.Contains("the address 198.51.100.1, which was made for this stack, is not used any more and is billed", said, StringComparison.Ordinal);
            Assert.Equal(ip, account.Things.Single(t => t.Kind == "network-interface" && t.Text("Attachment.InstanceId") == machine).Text("Association.PublicIp"));
            Assert.Contains("no change", await DoneAsync(account, own, Launch), StringComparison.Ordinal);
            last = ip;
        }
        Assert.Equal(machine, Machine(account, "duo-gitlab").Id);
    }

    [Fact]
    public async Task The_users_own_network_is_used_as_it_is_and_left_as_it_was()
    {
        using var account = new AwsFakeAccount();
        var (vpc, open, closed) = account.PlantNetwork();
        var before = account.Inventory;
        var spec = Own(vpc, open, closed);
        var said = await DoneAsync(account, spec, Launch);
        Assert.Contains("duo-gateway reaches things outside (see the review page), and its subnet", said, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody outside reaches it", said, StringComparison.Ordinal);
        Assert.Equal([(open, "10.20.0.10"), (closed, "10.20.1.20"), (closed, "10.20.1.30")],
            new[] { "duo-gitlab", "duo-gateway", "duo-ollama" }.Select(m => Machine(account, m)).Select(i => (i.Text("SubnetId")!, i.Text("PrivateIpAddress")!)));
        Assert.All(account.Things.Where(t => t.Kind == "security-group"), g => Assert.Equal(vpc, g.Text("VpcId")));
        Assert.Equal((1, 2, 1, 0, 0), (Count(account, "vpc"), Count(account, "subnet"), Count(account, "route-table"), Count(account, "internet-gateway"), Count(account, "natgateway")));
        Assert.Contains("no change", await DoneAsync(account, spec, Launch), StringComparison.Ordinal);
        await DoneAsync(account, spec, "destroy", "--yes", "--delete-data", "--release-address");
        Assert.Equal(before, account.Inventory);
    }

    [Theory]
    [InlineData("cidr: 10.20.1.0/24", "cidr: 10.20.0.0/23", "has the range 10.20.1.0/24, and the spec says 10.20.0.0/23"),
     InlineData("PRIVATE", "subnet-0aaaaaaaaaaaaaaaa", "subnet-0aaaaaaaaaaaaaaaa"),
     InlineData("VPC", "vpc-0aaaaaaaaaaaaaaaa", "not in vpc-0aaaaaaaaaaaaaaaa")]
    public async Task What_is_wrong_with_it_is_said_before_anything_is_made(string right, string wrong, string report)
    {
        using var account = new AwsFakeAccount();
        var (vpc, open, closed) = account.PlantNetwork();
        var before = account.Inventory;
        var spec = Own("VPC", "PUBLIC", "PRIVATE").Replace(right, wrong, StringComparison.Ordinal).Replace("public_subnet: { id: PUBLIC, cidr: 10.20.0.0/24 }", $"public_subnet: {{ id: {open}, cidr: 10.20.0.0/24 }}", StringComparison.Ordinal)
            .Replace("VPC", vpc, StringComparison.Ordinal).Replace("PRIVATE", closed, StringComparison.Ordinal);
        if (wrong.Contains("/23", StringComparison.Ordinal))
            spec = spec.Replace("cidr: 10.20.0.0/24", "cidr: 10.20.4.0/24", StringComparison.Ordinal).Replace("address: 10.20.0.10", "address: 10.20.4.10", StringComparison.Ordinal);
        var run = await account.RunAsync(spec, Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains(report, run.Error, StringComparison.Ordinal);
        Assert.Equal(before, account.Inventory);
    }

    [Fact]
    public async Task An_address_that_somebody_has_is_not_taken()
    {
        using var account = new AwsFakeAccount();
        var (vpc, open, closed) = account.PlantNetwork();
        var spec = Own(vpc, open, closed);
        await DoneAsync(account, spec, Launch);
        var before = account.Inventory;
        var run = await account.RunAsync(spec.Replace("name: duo", "name: other", StringComparison.Ordinal), Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        foreach (var address in new[] { "10.20.0.10", "10.20.1.20", "10.20.1.30" })
            Assert.Contains($"the address {address} is in use by eni-", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, account.Inventory);
    }

    internal static string Own(string vpc, string open, string closed) => $$"""
        version: 1
        name: duo
        cloud:
          aws: { region: ap-northeast-1 }
        network:
          existing:
            network: {{vpc}}
            public_subnet: { id: {{open}}, cidr: 10.20.0.0/24 }
            private_subnet: { id: {{closed}}, cidr: 10.20.1.0/24 }
        gitlab:
          url: https://gitlab.example.com
          tls: { letsencrypt: { email: ops@example.com } }
          license: { activation_code: { aws_parameter: /duo/activation-code } }
          instance_profile: duo-gitlab
          address: 10.20.0.10
        gateway: { address: 10.20.1.20 }
        ollama: { address: 10.20.1.30 }
        """;

    private static int Count(AwsFakeAccount account, string kind) => account.Things.Count(t => t.Kind == kind);

    private static Ec2Thing Machine(AwsFakeAccount account, string name) => account.Things.Single(t => t.Kind == "instance" && t.Tag("Name") == name && t.Text("State.Name") == "running");

    private static async Task<string> DoneAsync(AwsFakeAccount account, string spec, params string[] command)
    {
        BakerRun run = await account.RunAsync(spec, command);
        Assert.True(run.Code == ExitCode.Done, $"{string.Join(' ', command)}: exit code {run.Code}\n{run.Error}");
        return run.Error;
    }
}
