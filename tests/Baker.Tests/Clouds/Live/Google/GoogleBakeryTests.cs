using System.Text.Json.Nodes;
using Baker.Cli;
using Baker.Diagnostics;
using Baker.Planning;
using Baker.Stack;
using Xunit;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>Images in a pretended project, as Packer's plugin makes and labels them, and what its builds leave.</summary>
public sealed class GoogleBakeryTests : IDisposable
{
    private const string Root = "projects/my-project";
    private const string Base = "ubuntu-2404-noble-amd64-v20261101";
    private readonly GoogleAccountFake _account = new();
    private readonly Plan _plan;

    public GoogleBakeryTests()
    {
        Plant($"{Root}/global/networks/default", new JsonObject { ["autoCreateSubnetworks"] = true });
        _plan = Planner.Plan(SpecReader.Read("baker.yaml", System.Text.Encoding.UTF8.GetBytes(_account.Spec), new DiagnosticBag()).Spec!);
    }

    [Theory]
    [InlineData("", "the project my-project has no network \"default\", in which Packer makes its builder; write the path or name of a subnet")]
    [InlineData("images: { builder: { subnet: nowhere } }\n", "there is no subnet projects/my-project/regions/asia-northeast1/subnetworks/nowhere; write")]
    public async Task A_builder_that_has_no_network_is_refused_before_anything_is_made(string images, string words)
    {
        _account.Google.Compute.Remove($"{Root}/global/networks/default");
        var run = await _account.RunAsync(_account.Spec + images, "bake", "--role", "gateway");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.Empty(_account.Writes);
    }

    [Fact]
    public async Task An_image_that_fits_is_found_listed_used_and_then_kept()
    {
        foreach (var role in new[] { "gitlab", "gateway", "ollama" })
            PlantImage(role, _plan.Machine(role).Image.Fingerprint);
        PlantImage("gateway", "000000000000");
        var bake = await _account.RunAsync(_account.Spec, "bake");
        Assert.True(bake.Code == ExitCode.Done, bake.Error);
        Assert.Equal(3, bake.Error.Split("nothing to do").Length - 1);
        Assert.Equal(ExitCode.Done, (await _account.RunAsync(_account.Spec, "launch", "--yes", "--no-wait")).Code);

        var list = await BakeryAsync("images", "list", "baker.yaml");
        var row = list.Out.Split('\n').Single(l => l.StartsWith("ollama ", StringComparison.Ordinal));
        Assert.Equal(
            ["ollama", "duo", _plan.Machine("ollama").Image.Fingerprint, Base, "0 d", "50 GB", "duo-ollama", $"{Root}/global/images/{Name("ollama", _plan.Machine("ollama").Image.Fingerprint)}"],
            row.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

        var used = await BakeryAsync("images", "delete", Name("ollama", _plan.Machine("ollama").Image.Fingerprint), "--yes");
        Assert.Equal(ExitCode.Refused, used.Code);
        Assert.Contains("in use by duo-ollama; nothing was deleted", used.Error, StringComparison.Ordinal);
        var unused = await BakeryAsync("images", "delete", Name("gateway", "000000000000"), "--yes");
        Assert.True(unused.Code == ExitCode.Done, unused.Error);
        Assert.DoesNotContain(_account.Google.Compute.Things, t => t.Name == Name("gateway", "000000000000"));
    }

    [Theory]
    [InlineData("auto", ExitCode.Done, "newest Ubuntu 24.04 by Canonical; the baked image needs a disk of 50 GB, and gateway.disk_gb is 30")]
    [InlineData("baked", ExitCode.Refused, "the baked image needs a disk of 50 GB, and gateway.disk_gb is 30")]
    [InlineData("{ gateway: NAME }", ExitCode.Refused, "it needs a disk of 50 GB\n  write gateway.disk_gb: 50 or more")]
    public async Task An_image_of_larger_disks_does_not_fit(string use, int code, string why)
    {
        foreach (var role in new[] { "gitlab", "gateway", "ollama" })
            PlantImage(role, _plan.Machine(role).Image.Fingerprint, sizeGb: 50);
        var name = Name("gateway", _plan.Machine("gateway").Image.Fingerprint);
        var run = await _account.RunAsync(_account.Spec + $"gateway: {{ disk_gb: 30 }}\nimages: {use.Replace("NAME", name, StringComparison.Ordinal)}\n", "launch", "--yes", "--no-wait");
        Assert.Equal(code, run.Code);
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_of_an_older_base_is_baked_anew()
    {
        PlantImage("gateway", _plan.Machine("gateway").Image.Fingerprint, "ubuntu-2404-noble-amd64-v20260901");
        var run = await _account.RunAsync(_account.Spec, "bake", "--dry-run", "--role", "gateway");
        Assert.Contains($"and {Base} is newer", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_killed_bake_left_is_removed_before_the_next_and_nothing_of_others()
    {
        using var folder = new Support.TemporaryFolder();
        File.SetUnixFileMode(folder.File("packer", "#!/bin/sh\n[ $1 != version ] || echo 'Packer v1.14.0'\n[ $1 != build ]\n"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _account.Path = folder.Path;
        var zone = $"{Root}/zones/asia-northeast1-b";
        Plant($"{zone}/instances/baker-duo-gateway-0123456789ab-20261124120000", new JsonObject { ["labels"] = new JsonObject { ["baker-bake"] = _plan.Id }, ["status"] = "RUNNING", ["creationTimestamp"] = "2026-11-24T12:00:00Z" });
        Plant($"{zone}/disks/baker-duo-ollama-0123456789ab-20261124110000", new JsonObject { ["sizeGb"] = "50" });
        var others = new[] { $"{zone}/disks/baker-duo-two-ollama-0123456789ab-20261124110000", $"{zone}/disks/baker-duo-notes", $"{zone}/instances/baker-other" };
        foreach (var path in others)
            Plant(path, new JsonObject { ["sizeGb"] = "10", ["labels"] = new JsonObject { ["baker-bake"] = "000000000000" }, ["creationTimestamp"] = "2026-11-24T12:00:00Z" });
        var before = _account.Google.Compute.Things.Select(t => t.Path).ToArray();

        var run = await _account.RunAsync(_account.Spec, "bake", "--role", "gateway");
        Assert.True(run.Code == ExitCode.Refused, run.Error);
        Assert.Contains("gateway: failed at: the start", run.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["baker-duo-gateway-0123456789ab-20261124120000", "baker-duo-ollama-0123456789ab-20261124110000"],
            before.Except(_account.Google.Compute.Things.Select(t => t.Path)).Select(p => p[(p.LastIndexOf('/') + 1)..]).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _account.Dispose();

    // `images` takes its spec elsewhere than other commands do.
    private Task<Support.BakerRun> BakeryAsync(params string[] arguments) => _account.RunPlainAsync(_account.Spec, arguments);

    private void PlantImage(string role, string fingerprint, string @base = Base, int? sizeGb = null) => Plant($"{Root}/global/images/{Name(role, fingerprint)}", new JsonObject
    {
        ["status"] = "READY",
        ["diskSizeGb"] = $"{sizeGb ?? _plan.Machine(role).DiskGb}",
        ["creationTimestamp"] = _account.Time.GetUtcNow().ToString("O"),
        ["labels"] = new JsonObject { ["baker-stack"] = "duo", ["baker-role"] = role, ["baker-id"] = _plan.Id, ["baker-base"] = @base, ["baker-fingerprint"] = fingerprint },
    });

    private void Plant(string path, JsonObject body)
    {
        body["name"] = path[(path.LastIndexOf('/') + 1)..];
        _account.Google.Compute.Plant(path, body);
    }

    private static string Name(string role, string fingerprint) => $"baker-duo-{role}-{fingerprint}-20261120120000";
}
