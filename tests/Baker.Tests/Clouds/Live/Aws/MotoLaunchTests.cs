using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>A launched stack as a foreign judge sees it: moto's account, looked at through boto3, beside Baker's plan.</summary>
public sealed class MotoLaunchTests(MotoLaunch stack) : IClassFixture<MotoLaunch>
{
    [Fact]
    public async Task The_network_is_the_planned_one()
    {
        var account = await stack.LaunchedAsync();
        var vpc = account.One("Vpcs", "duo");
        Assert.Equal((string)stack.Plan["network"]!["cidr"]!, (string)vpc["CidrBlock"]!);
        foreach (var planned in stack.Plan["network"]!["subnets"]!.AsArray())
        {
            var subnet = account.One("Subnets", (string)planned!["name"]!);
            Assert.Equal(((string)planned["cidr"]!, (string)vpc["VpcId"]!, false), ((string)subnet["CidrBlock"]!, (string)subnet["VpcId"]!, (bool)subnet["MapPublicIpOnLaunch"]!));
        }
        Assert.Equal(2, account.All("Subnets").Count(s => (string)s["VpcId"]! == (string)vpc["VpcId"]!));
        Assert.Equal((string)vpc["VpcId"]!, (string)Assert.Single(account.One("InternetGateways", "duo")["Attachments"]!.AsArray())!["VpcId"]!);
        var nat = account.One("NatGateways", "duo-nat");
        Assert.Equal((account.Id("Subnets", "duo-public"), "available"), ((string)nat["SubnetId"]!, (string)nat["State"]!));
        Assert.Equal(account.Id("Addresses", "duo-nat"), (string)Assert.Single(nat["NatGatewayAddresses"]!.AsArray())!["AllocationId"]!);
        Assert.Equal([$"10.77.0.0/16 local", $"0.0.0.0/0 {account.Id("InternetGateways", "duo")}"], Routes(account, "duo-public"));
        Assert.Equal([$"10.77.0.0/16 local", $"0.0.0.0/0 {account.Id("NatGateways", "duo-nat")}"], Routes(account, "duo-private"));
    }

    [Fact]
    public async Task The_groups_let_through_the_plans_matrix_and_nothing_else()
    {
        var account = await stack.LaunchedAsync();
        var access = stack.Plan["access"]!.AsArray().SelectMany(rule =>
        {
            var (to, port, from) = ($"duo-{rule!["to"]}", $"tcp {rule["port"]}-{rule["port"]}", (string?)rule["from_role_name"]);
            return from is null ? rule["networks"]!.AsArray().Select(n => $"{to} in {port} {n}") : [$"{to} in {port} duo-{from}", $"duo-{from} out {port} {to}"];
        });
        var egress = stack.Plan["egress"]!.AsArray().Select(e => $"duo-{e!["role"]} out {e["protocol"]} {e["port"]}-{e["port"]} 0.0.0.0/0");
        Assert.Equal(access.Concat(egress).Distinct().Order(StringComparer.Ordinal), Machines.SelectMany(m => account.Rules($"duo-{m}")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("gitlab"), InlineData("gateway"), InlineData("ollama")]
    public async Task A_machine_is_the_planned_one(string role)
    {
        var account = await stack.LaunchedAsync();
        var planned = stack.Plan["machines"]!.AsArray().Single(m => (string)m!["role"]! == role)!;
        var machine = account.One("Instances", $"duo-{role}");
        Assert.Equal(((string)planned["type"]!, (string)planned["address"]!, account.Id("Subnets", (string)planned["subnet"]!), "running"),
            ((string)machine["InstanceType"]!, (string)machine["PrivateIpAddress"]!, (string)machine["SubnetId"]!, (string)machine["State"]!["Name"]!));
        Assert.Equal(("required", "enabled", 1), ((string)machine["MetadataOptions"]!["HttpTokens"]!, (string)machine["MetadataOptions"]!["HttpEndpoint"]!, (int)machine["MetadataOptions"]!["HttpPutResponseHopLimit"]!));
        Assert.Equal(role == "gitlab", (bool)machine["Protected"]!);
        Assert.Equal(role == "gitlab" ? "duo-gitlab" : null, ((string?)machine["IamInstanceProfile"]?["Arn"])?.Split('/')[^1]);
        // moto says a machine's groups only at its interface.
        var nic = Assert.Single(machine["NetworkInterfaces"]!.AsArray())!;
        Assert.Equal(account.Id("SecurityGroups", $"duo-{role}"), (string)Assert.Single(nic["Groups"]!.AsArray())!["GroupId"]!);
        Assert.Equal((account.Id("NetworkInterfaces", $"duo-{role}"), false), ((string)nic["NetworkInterfaceId"]!, (bool)nic["Attachment"]!["DeleteOnTermination"]!));
        var root = account.One("Volumes", $"duo-{role}");
        Assert.Equal((account.Id("Volumes", $"duo-{role}"), true), Disk(machine, "/dev/sda1"));
        Assert.Equal((planned["disk_gb"]!.GetValue<int>(), "gp3", true), ((int)root["Size"]!, (string)root["VolumeType"]!, (bool)root["Encrypted"]!));
    }

    [Fact]
    public async Task GitLab_has_the_public_address_and_a_disk_that_outlives_it()
    {
        var account = await stack.LaunchedAsync();
        Assert.Equal(account.Id("NetworkInterfaces", "duo-gitlab"), (string)account.One("Addresses", "duo-gitlab")["NetworkInterfaceId"]!);
        Assert.Equal(2, account.All("Addresses").Count());
        var data = account.One("Volumes", "duo-gitlab-data");
        Assert.Equal((50, "gp3", true), ((int)data["Size"]!, (string)data["VolumeType"]!, (bool)data["Encrypted"]!));
        Assert.Equal(((string)data["VolumeId"]!, false), Disk(account.One("Instances", "duo-gitlab"), "/dev/sdf"));
    }

    [Theory]
    [InlineData("gitlab"), InlineData("gateway"), InlineData("ollama")]
    public async Task User_data_is_what_render_wrote(string role)
    {
        var account = await stack.LaunchedAsync();
        Assert.Equal(stack.UserData(role), Convert.FromBase64String((string)account.One("Instances", $"duo-{role}")["UserData"]!));
    }

    [Fact]
    public async Task All_that_is_new_carries_the_stacks_tags_and_the_users()
    {
        var account = await stack.LaunchedAsync();
        var kinds = account.Ids.Except(stack.Before.Ids).Select(line => line.Split(' ')[0]).Distinct().ToImmutableArray();
        Assert.Equal(11, kinds.Length);
        var old = stack.Before.Details([.. kinds]);
        var vpc = account.Id("Vpcs", "duo");
        foreach (var thing in kinds.SelectMany(k => account.All(k).Where(t => !old.Contains($"{k} {t.ToJsonString()}"))).Where(t => !IsOfAws(t, vpc)))
        {
            Assert.True(MotoAccount.Tag(thing, "baker:id") == (string)stack.Plan["id"]!, thing.ToJsonString());
            Assert.Equal(("platform", "duo", "gitlab.example.com"), (MotoAccount.Tag(thing, "team"), MotoAccount.Tag(thing, "baker:stack"), MotoAccount.Tag(thing, "baker:host")));
        }
    }

    private static readonly string[] Machines = ["gitlab", "gateway", "ollama"];

    /// <summary>What AWS makes by itself in a new VPC, and nobody can tag while it is made: main route table, default group, the NAT gateway's interface.</summary>
    private static bool IsOfAws(JsonNode thing, string vpc) => (string?)thing["VpcId"] == vpc
        && ((string?)thing["GroupName"] == "default" || thing["Associations"]?.AsArray().Any(a => (bool)a!["Main"]!) == true
            // moto gives that interface neither its description nor an address of the subnet.
            || thing["NetworkInterfaceId"] is not null && thing["Attachment"] is null);

    private static IEnumerable<string> Routes(MotoAccount account, string name)
    {
        var table = account.One("RouteTables", name);
        Assert.Equal(account.Id("Subnets", name), (string)Assert.Single(table["Associations"]!.AsArray())!["SubnetId"]!);
        return table["Routes"]!.AsArray().Select(r => $"{r!["DestinationCidrBlock"]} {r["GatewayId"] ?? r["NatGatewayId"]}");
    }

    private static (string Volume, bool EndsWithMachine) Disk(JsonNode machine, string device)
    {
        var ebs = machine["BlockDeviceMappings"]!.AsArray().Single(d => (string)d!["DeviceName"]! == device)!["Ebs"]!;
        return ((string)ebs["VolumeId"]!, (bool)ebs["DeleteOnTermination"]!);
    }
}
