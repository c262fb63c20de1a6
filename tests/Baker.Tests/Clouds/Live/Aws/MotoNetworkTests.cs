using Baker.Tests.Judges;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>A stack in a network and with a public address that boto3 made beforehand, on moto.</summary>
public sealed class MotoNetworkTests(MotoServer moto)
{
    private static readonly string[] Network = ["Vpcs", "InternetGateways", "NatGateways", "RouteTables"];

    [Fact]
    public async Task The_users_own_network_and_address_are_used_and_left_as_they_were()
    {
        await moto.WantedAsync();
        using var desk = new MotoDesk(moto, "us-east-1");
        await moto.PutLicenceAsync(desk.Region);
        var made = await MotoAccount.MakeNetworkAsync(moto, desk.Region);
        var (vpc, open, closed, address) = ((string)made["vpc"]!, (string)made["public"]!, (string)made["private"]!, (string)made["address"]!);
        var spec = Checkout.Read("examples", "existing-network.yaml").Replace("us-east-1b", (string)made["zone"]!, StringComparison.Ordinal).Replace("vpc-0a1b2c3d4e5f67890", vpc, StringComparison.Ordinal)
            .Replace("subnet-0aaaaaaaaaaaaaaaa", open, StringComparison.Ordinal).Replace("subnet-0bbbbbbbbbbbbbbbb", closed, StringComparison.Ordinal).Replace("eipalloc-0123456789abcdef0", address, StringComparison.Ordinal);
        desk.Spec(spec);
        var before = await MotoAccount.LookAsync(moto, desk.Region);

        var said = await desk.DoneAsync("launch", "--yes", "--no-wait");
        // The routes serve both: no warning about them.
        Assert.DoesNotContain("has no route", said, StringComparison.Ordinal);
        var launched = await MotoAccount.LookAsync(moto, desk.Region);
        Assert.Equal(before.Details(Network), launched.Details(Network));
        var machines = launched.All("Instances").Select(i => (MotoAccount.Tag(i, "Name"), (string)i["SubnetId"]!, (string)i["PrivateIpAddress"]!)).Order();
        Assert.Equal([("duo-gateway", closed, "10.20.1.20"), ("duo-gitlab", open, "10.20.0.10"), ("duo-ollama", closed, "10.20.1.30")], machines);
        Assert.Equal([vpc, vpc, vpc], launched.All("SecurityGroups").Where(g => MotoAccount.Tag(g, "baker:stack") == "duo").Select(g => (string)g["VpcId"]!));
        var ssh = launched.Rules("duo-gitlab").Where(r => r.Contains("tcp 22-22", StringComparison.Ordinal));
        Assert.Equal(["duo-gitlab in tcp 22-22 198.51.100.7/32"], ssh);
        var used = Assert.Single(launched.All("Addresses"), a => (string)a["AllocationId"]! == address);
        Assert.Equal(launched.Id("NetworkInterfaces", "duo-gitlab"), (string)used["NetworkInterfaceId"]!);

        Assert.Contains("no change", await desk.DoneAsync("launch", "--yes", "--no-wait"), StringComparison.Ordinal);
        Assert.Equal(launched.Ids, (await MotoAccount.LookAsync(moto, desk.Region)).Ids);

        string With(string why) => spec.Replace("network:\n", $"network:\n  egress: [{{ role: gitlab, to: 10.9.0.0/16, port: 8443, why: {why} }}]\n", StringComparison.Ordinal);
        foreach (var why in new[] { "events (audit)", "events to the archive" })
        {
            desk.Spec(With(why));
            Assert.Contains($"(network.egress: {why})", await desk.DoneAsync("launch", "--yes", "--no-wait"), StringComparison.Ordinal);
            var group = (await MotoAccount.LookAsync(moto, desk.Region)).One("SecurityGroups", "duo-gitlab");
            Assert.Single(group["IpPermissionsEgress"]!.AsArray(), p => p!["IpRanges"]!.ToJsonString().Contains($"\"Description\":\"{why}\"", StringComparison.Ordinal));
        }
        desk.Spec(spec);
        await desk.DoneAsync("launch", "--yes", "--no-wait");
        Assert.Equal(launched.Rules("duo-gitlab").Order(StringComparer.Ordinal), (await MotoAccount.LookAsync(moto, desk.Region)).Rules("duo-gitlab").Order(StringComparer.Ordinal));

        await desk.DoneAsync("destroy", "--yes", "--delete-data", "--release-address");
        var after = await MotoAccount.LookAsync(moto, desk.Region);
        Assert.Equal(before.Ids, after.Ids);
        Assert.Equal(before.Details([.. Network, "Subnets", "Addresses"]), after.Details([.. Network, "Subnets", "Addresses"]));
    }
}
