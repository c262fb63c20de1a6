using Baker.Cli;
using Baker.Tests.Judges;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>A stack from launch to destroy on moto, each step looked at through boto3.</summary>
public sealed class MotoLifeTests(MotoServer moto)
{
    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    /// <summary>One thing of each kind.</summary>
    private static readonly (string Kind, string Name)[] Tagged =
    [
        ("Vpcs", "duo"), ("Subnets", "duo-private"), ("InternetGateways", "duo"), ("NatGateways", "duo-nat"), ("RouteTables", "duo-public"), ("SecurityGroups", "duo-ollama"),
        ("NetworkInterfaces", "duo-gateway"), ("Addresses", "duo-gitlab"), ("Volumes", "duo-gitlab"), ("Volumes", "duo-gitlab-data"), ("Instances", "duo-ollama"),
    ];

    [Fact]
    public async Task A_stack_is_launched_left_alone_changed_and_removed()
    {
        await moto.WantedAsync();
        using var desk = new MotoDesk(moto, "us-west-2");
        var spec = Checkout.Read("examples", "aws.yaml").Replace("ap-northeast-1", desk.Region, StringComparison.Ordinal);
        desk.Spec(spec);
        await moto.PutLicenceAsync(desk.Region);
        var empty = await MotoAccount.LookAsync(moto, desk.Region);
        await desk.DoneAsync(Launch);
        var launched = await MotoAccount.LookAsync(moto, desk.Region);

        Assert.Contains("no change: all that is compared is as the spec says", await desk.DoneAsync(Launch), StringComparison.Ordinal);
        Assert.Equal(launched.Details(Kinds), (await MotoAccount.LookAsync(moto, desk.Region)).Details(Kinds));

        desk.Spec(spec + "ollama: { models: ['qwen3:4b'], context_length: 8192 }\ntags: { team: platform }\n");
        await desk.DoneAsync("render");
        await desk.DoneAsync(Launch);
        var changed = await MotoAccount.LookAsync(moto, desk.Region);
        Assert.Equal(launched.LastingIds, changed.LastingIds);
        // One bundle of as many parts, and nothing of the one before.
        Assert.NotEqual(launched.Ids, changed.Ids);
        Assert.Equal(launched.Ids.Count, changed.Ids.Count);
        foreach (var role in new[] { "gitlab", "gateway", "ollama" })
            Assert.Equal(desk.UserData(role), Convert.FromBase64String((string)changed.One("Instances", $"duo-{role}")["UserData"]!));
        Assert.NotEqual((string)launched.One("Instances", "duo-ollama")["UserData"]!, (string)changed.One("Instances", "duo-ollama")["UserData"]!);
        Assert.All(changed.All("Instances"), i => Assert.Equal("running", (string)i["State"]!["Name"]!));

        Assert.All(Tagged, t => Assert.Equal("platform", MotoAccount.Tag(changed.One(t.Kind, t.Name), "team")));
        desk.Spec(spec);
        Assert.Contains("things: without team", await desk.DoneAsync(Launch), StringComparison.Ordinal);
        var untagged = await MotoAccount.LookAsync(moto, desk.Region);
        Assert.All(Tagged, t => Assert.Null(MotoAccount.Tag(untagged.One(t.Kind, t.Name), "team")));
        Assert.Contains("no change", await desk.DoneAsync(Launch), StringComparison.Ordinal);

        var status = await desk.RunAsync("status");
        // Nothing that Baker's machines write is on moto's console: they run, and are not ready.
        Assert.Equal(ExitCode.Refused, status.Code);
        Assert.Equal(["duo-gitlab", "duo-gateway", "duo-ollama"], status.Out.TrimEnd().Split('\n').Select(l => l.Split(' ')[0]));
        Assert.All(status.Out.TrimEnd().Split('\n'), l => Assert.Contains("runs, nothing on its console yet", l, StringComparison.Ordinal));

        await desk.DoneAsync("destroy", "--yes");
        var left = await MotoAccount.LookAsync(moto, desk.Region);
        var snapshot = left.One("Snapshots", "duo-gitlab-data");
        Assert.Equal((launched.Id("Volumes", "duo-gitlab-data"), "completed"), ((string)snapshot["VolumeId"]!, (string)snapshot["State"]!));
        // moto keeps the interface of a deleted NAT gateway for ever, and lets its subnet and VPC go nevertheless.
        var ofNat = (string)launched.One("NatGateways", "duo-nat")["NatGatewayAddresses"]![0]!["NetworkInterfaceId"]!;
        Assert.Equal([$"NetworkInterfaces {ofNat}", "Parameters /baker/duo/root-password", $"Snapshots {(string)snapshot["SnapshotId"]!}"], left.Ids.Except(empty.Ids));
        Assert.Empty(empty.Ids.Except(left.Ids));

        await desk.DoneAsync(Launch);
        Assert.Equal((string)snapshot["SnapshotId"]!, (string)(await MotoAccount.LookAsync(moto, desk.Region)).One("Volumes", "duo-gitlab-data")["SnapshotId"]!);

        await desk.DoneAsync("destroy", "--yes", "--delete-data");
        Assert.All((await MotoAccount.LookAsync(moto, desk.Region)).Ids.Except(empty.Ids), line => Assert.StartsWith("NetworkInterfaces ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_generated_secret_is_in_the_parameter_store_and_on_no_line()
    {
        await moto.WantedAsync();
        using var desk = new MotoDesk(moto, "us-east-2");
        desk.Spec(Checkout.Read("examples", "aws.yaml").Replace("ap-northeast-1", desk.Region, StringComparison.Ordinal) + "  root_password: generate\n");
        await moto.PutLicenceAsync(desk.Region);
        var empty = await MotoAccount.LookAsync(moto, desk.Region);
        var said = await desk.DoneAsync(Launch);
        var launched = await MotoAccount.LookAsync(moto, desk.Region);
        var parameter = Assert.Single(launched.All("Parameters"), p => (string)p["Name"]! == "/baker/duo/root-password");
        var secret = (string)parameter["Value"]!;
        Assert.Equal(("SecureString", 24), ((string)parameter["Type"]!, secret.Length));
        Assert.Contains("/baker/duo/root-password", said, StringComparison.Ordinal);
        // Written into no tag, group or user-data either.
        Assert.DoesNotContain(launched.Details(Kinds), line => line.Contains(secret, StringComparison.Ordinal));

        said += await desk.DoneAsync("render") + await desk.DoneAsync(Launch) + (await desk.RunAsync("status")).Out + await desk.DoneAsync("doctor") + await desk.DoneAsync("destroy", "--yes", "--delete-data");
        Assert.DoesNotContain(secret, said, StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(desk.Folder, "*", SearchOption.AllDirectories), file => Assert.DoesNotContain(secret, File.ReadAllText(file), StringComparison.Ordinal));
        Assert.Equal(["NetworkInterfaces"], (await MotoAccount.LookAsync(moto, desk.Region)).Ids.Except(empty.Ids).Select(line => line.Split(' ')[0]));
    }

    /// <summary>All but the parameters, which hold the secrets.</summary>
    private static readonly string[] Kinds =
        ["Vpcs", "Subnets", "InternetGateways", "NatGateways", "RouteTables", "SecurityGroups", "NetworkInterfaces", "Addresses", "Volumes", "Snapshots", "Instances"];
}
