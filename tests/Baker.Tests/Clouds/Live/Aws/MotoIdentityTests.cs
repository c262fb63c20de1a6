using Baker.Clouds.Live;
using Baker.Launching;
using Baker.Planning;
using Baker.Rendering;
using Baker.Stack;
using Baker.Tests.Judges;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>IAM as moto has it: what a launch makes is there as the vendor's names have it, and goes without a trace.</summary>
public sealed class MotoIdentityTests(MotoServer moto)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>No command of a person's beside it: what `init` writes, a file with the code, and credentials.</summary>
    [Fact]
    public async Task From_an_empty_account_to_an_empty_account()
    {
        await moto.WantedAsync();
        using var desk = new MotoDesk(moto, "us-west-1");
        await moto.MakeZoneAsync("life.example.net");
        await desk.DoneAsync("init", "--cloud", "aws", "first.yaml");
        desk.Write("activation-code.txt", "code");
        desk.Spec(desk.Read("first.yaml").Replace("ap-northeast-1", desk.Region, StringComparison.Ordinal).Replace("gitlab.example.com", "gitlab.life.example.net", StringComparison.Ordinal));
        var empty = await MotoAccount.LookAsync(moto, desk.Region);
        var said = await desk.DoneAsync("launch", "--yes", "--no-wait");
        Assert.Contains("dns: gitlab.life.example.net A ", said, StringComparison.Ordinal);
        await desk.DoneAsync("render");
        var launched = await MotoAccount.LookAsync(moto, desk.Region);
        var profile = (string)launched.One("Instances", "duo-gitlab")["IamInstanceProfile"]!["Arn"]!;
        Assert.EndsWith(":instance-profile/baker/duo-gitlab-us-west-1", profile, StringComparison.Ordinal);
        Assert.Null(launched.One("Instances", "duo-ollama")["IamInstanceProfile"]);
        Assert.Equal(desk.Read("out/duo/policy/gitlab.json"), await moto.RolePolicyAsync("duo-gitlab-us-west-1", "baker"));
        Assert.Contains("no change", await desk.DoneAsync("launch", "--yes", "--no-wait"), StringComparison.Ordinal);
        Assert.Contains("identity duo-gitlab-us-west-1", await desk.DoneAsync("destroy", "--yes", "--delete-data", "--release-address"), StringComparison.Ordinal);
        Assert.Null(await moto.RolePolicyAsync("duo-gitlab-us-west-1", "baker"));
        // moto keeps the interface of a deleted NAT gateway for ever.
        Assert.All((await MotoAccount.LookAsync(moto, desk.Region)).Ids.Except(empty.Ids), line => Assert.StartsWith("NetworkInterfaces ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_role_is_made_found_mended_and_removed()
    {
        await moto.WantedAsync();
        using var fake = new AwsFakeAccount();
        var bag = new Baker.Diagnostics.DiagnosticBag();
        var plan = Planner.Plan(SpecReader.Read("baker.yaml", System.Text.Encoding.UTF8.GetBytes(fake.WithoutIdentity.Replace("name: duo", "name: moto", StringComparison.Ordinal)), bag).Spec!);
        await using var cloud = CloudDoor.Open(plan.Cloud, new Surroundings(name => name switch { "AWS_ENDPOINT_URL" => moto.Url, "AWS_ACCESS_KEY_ID" or "AWS_SECRET_ACCESS_KEY" => "t", _ => null }, TimeProvider.System, ".", _ => { }));
        var identities = cloud.Identities!;
        var wanted = CloudTerms.Of(plan, Renderer.Render(plan, bag).UserData).Identities.Single(i => i.IsWanted);
        Assert.Equal("moto-gitlab-ap-northeast-1", wanted.Name);
        Assert.Equal(IdentityStanding.Missing, (await identities.LookAsync(wanted, Cancel)).Standing);
        await identities.EnsureAsync(wanted, Cancel);
        var made = await identities.LookAsync(wanted, Cancel);
        Assert.Equal(IdentityStanding.Ours, made.Standing);
        Assert.Empty(made.Differs);
        var other = wanted with { Policy = wanted.Policy.Replace("ssm:GetParameter", "ssm:GetParameters", StringComparison.Ordinal) };
        Assert.Equal(["its policy is another one"], (await identities.LookAsync(other, Cancel)).Differs);
        await identities.EnsureAsync(other, Cancel);
        Assert.Empty((await identities.LookAsync(other, Cancel)).Differs);
        Assert.Equal(IdentityStanding.Theirs, (await identities.LookAsync(wanted with { Owner = wanted.Owner with { Id = "000000000000" } }, Cancel)).Standing);
        await identities.DeleteAsync(wanted, Cancel);
        Assert.Equal(IdentityStanding.Missing, (await identities.LookAsync(wanted, Cancel)).Standing);
        await identities.DeleteAsync(wanted, Cancel);
    }
}
