using System.Text.Json.Nodes;
using Baker.Cli;
using Baker.Diagnostics;
using Baker.Planning;
using Baker.Stack;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>Images of the pretended account: found, deleted, and cleared away where a bake was cut off before its last tags.</summary>
public sealed class AwsBakeryTests
{
    private const string Account = "123456789012";

    [Theory]
    [InlineData("auto", ExitCode.Done, "newest Ubuntu 24.04 by Canonical; the baked image needs a disk of 50 GB, and gateway.disk_gb is 30")]
    [InlineData("baked", ExitCode.Refused, "the baked image needs a disk of 50 GB, and gateway.disk_gb is 30")]
    [InlineData("{ gateway: ami-000000000000000a1 }", ExitCode.Refused, "it needs a disk of 50 GB\n  write gateway.disk_gb: 50 or more")]
    public async Task An_image_of_larger_disks_does_not_fit(string use, int code, string why)
    {
        using var account = new AwsFakeAccount();
        var spec = account.Spec + $"gateway: {{ disk_gb: 30 }}\nimages: {use}\n";
        var plan = Planner.Plan(SpecReader.Read("baker.yaml", System.Text.Encoding.UTF8.GetBytes(spec), new DiagnosticBag()).Spec!);
        foreach (var (machine, number) in plan.Machines.OrderBy(m => m.Role, StringComparer.Ordinal).Select((m, n) => (m, n + 1)))
        {
            account.AddImage($"ami-000000000000000a{number}", Account, $"baker-duo-{machine.Role}-0123456789ab-20261120120000", "2026-11-20T12:00:00.000Z",
                ("baker:role", machine.Role), ("baker:fingerprint", machine.Image.Fingerprint), ("baker:stack", "duo"), ("baker:base", "ami-1"));
        }
        account.Things.Single(t => t.Id == "ami-000000000000000a1").Body["BlockDeviceMappings"] =
            new JsonArray(new JsonObject { ["DeviceName"] = "/dev/sda1", ["Ebs"] = new JsonObject { ["SnapshotId"] = "snap-1", ["VolumeSize"] = 50 } });
        var run = await account.RunAsync(spec, "launch", "--yes", "--no-wait");
        Assert.True(run.Code == code, run.Error);
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bakes_and_images_call_what_the_policy_allows()
    {
        using var account = new AwsFakeAccount();
        using var folder = new TemporaryFolder();
        File.SetUnixFileMode(folder.File("packer", "#!/bin/sh\n[ $1 != version ] || echo 'Packer v1.14.0'\n[ $1 != build ]\n"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        account.Path = folder.Path;
        account.AddImage("ami-000000000000000a1", Account, "baker-duo-gateway-0123456789ab-20261120120000", "2026-11-20T12:00:00.000Z",
            ("baker:role", "gateway"), ("baker:fingerprint", "0123456789ab"), ("baker:stack", "duo"), ("baker:base", "ami-1"));
        // Cut off before its last tags; another stack's; something else of that beginning.
        account.AddImage("ami-000000000000000a2", Account, "baker-duo-gateway-0123456789ab-20261121120000", "2026-11-21T12:00:00.000Z");
        account.AddImage("ami-000000000000000a3", Account, "baker-duo-gateway-0123456789ab-20261122120000", "2026-11-22T12:00:00.000Z", ("baker:bake", "000000000000"));
        account.AddImage("ami-000000000000000a4", Account, "baker-duo-two-gateway-0123456789ab-20261122120000", "2026-11-22T12:00:00.000Z");

        var bake = await account.RunAsync(account.Spec, "bake", "--role", "gateway");
        Assert.True(bake.Code == ExitCode.Refused, bake.Error);
        Assert.Contains("removed what a bake had left: unfinished image ami-000000000000000a2", bake.Error, StringComparison.Ordinal);
        Assert.Equal(["ami-000000000000000a1", "ami-000000000000000a3", "ami-000000000000000a4"],
            account.Things.Where(t => t.Kind == "image" && t.Text("OwnerId") == Account).Select(t => t.Id).Order(StringComparer.Ordinal));

        var list = await account.RunPlainAsync(account.Spec, "images", "list");
        Assert.Contains("ami-000000000000000a1", list.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("ami-000000000000000a3", list.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await account.RunPlainAsync(account.Spec, "images", "delete", "ami-000000000000000a1", "--yes")).Code);

        var policy = new IamPolicy((await IamLimits.PolicyAsync(account.Spec, "bake"))!).Statements.SelectMany(s => s.Actions);
        Assert.Empty(account.Requests.Select(r => r.Action).Distinct().Where(a => !a.StartsWith("sts:", StringComparison.Ordinal)).Except(policy));
    }
}
