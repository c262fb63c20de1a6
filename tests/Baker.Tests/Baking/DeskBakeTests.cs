using System.Text.Json.Nodes;
using Baker.Cli;
using Baker.Clouds.Live;
using Baker.Clouds.Live.Local;
using Baker.Clouds.Live.Local.Baked;
using Baker.Clouds.Live.Local.Qemu;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Baking;

/// <summary>Bakes on this machine with the real QEMU. What a system on a builder would say, the test says.</summary>
public sealed class DeskBakeTests : IAsyncDisposable
{
    private readonly DeskBench _bench = new();

    public DeskBakeTests()
    {
        Tool.Wanted("qemu-system-x86_64", "qemu-system-x86");
        Tool.Wanted("qemu-img", "qemu-utils");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bake_makes_an_image_that_needs_no_other_file_and_the_next_has_nothing_to_do()
    {
        var bake = _bench.RunAsync("bake", "--role", "gateway");
        var builder = await PlayedBuilder.WaitAsync(_bench, "gateway", bake);
        // Neither a secret nor an open port, and what was rendered is what it boots with.
        var record = builder.Folder.Record!;
        Assert.Equal((0, null), (record.Secrets.Length, record.DataDisk));
        Assert.Empty(builder.Folder.Stack.Network!.Ports);
        Assert.Contains("/var/lib/baker-bake/bake.sh", File.ReadAllText(Path.Combine(_bench.Folder, "out/duo/bake/gateway.yaml")), StringComparison.Ordinal);
        await builder.SucceedAsync();
        var run = await bake;
        Assert.True(run.Code == ExitCode.Done, run.Error);

        var image = Assert.Single(_bench.Images);
        var disk = Path.Combine(image, "disk.qcow2");
        Assert.Equal($"gateway {disk}\n", run.Out);
        Assert.Matches("^baker-duo-gateway-[0-9a-f]{12}-[0-9]{14}$", Path.GetFileName(image));
        Assert.Equal(["images"], _bench.Kept);
        var info = JsonNode.Parse((await Tool.Wanted("qemu-img", "qemu-utils").RunAsync("info", "--output=json", disk)).Require())!;
        Assert.Equal((null, "qcow2"), (info["backing-filename"], (string?)info["format"]));
        Assert.All(Directory.GetFiles(image), file => Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(file)));
        foreach (var step in new[] { "starting the builder", "upgrading and restarting", "installing", "sealing, and looking for what does not belong into an image", "making an image of its disk", $"done: {disk}" })
            Assert.Contains($"gateway: {step} [", run.Error, StringComparison.Ordinal);
        Assert.Contains("gateway: installing (gateway-image running 43%) [", run.Error, StringComparison.Ordinal);
        Assert.Contains("gateway-image", File.ReadAllText(Directory.GetFiles(Path.Combine(_bench.Folder, "out/duo/bake/logs"), "gateway-*.log").Single()), StringComparison.Ordinal);

        var second = await _bench.RunAsync("bake", "--role", "gateway");
        Assert.Equal((ExitCode.Done, run.Out), (second.Code, second.Out));
        Assert.Contains($"gateway: nothing to do: {disk} has the fingerprint", second.Error, StringComparison.Ordinal);
        // Another base: the image is behind, and says so.
        File.WriteAllBytes(Path.Combine(_bench.Folder, "halting.img"), new byte[2 << 20]);
        Assert.Contains($"gateway: would be baked: {Path.GetFileName(image)} was baked from halting.img-", (await _bench.RunAsync("bake", "--role", "gateway", "--dry-run")).Error, StringComparison.Ordinal);
        var list = await _bench.RunAsync("images", "list");
        Assert.Contains(Path.GetFileName(image).Split('-')[3], list.Out, StringComparison.Ordinal);
        var deleted = await _bench.RunAsync("images", "delete", Path.GetFileName(image), "--yes");
        Assert.True(deleted.Code == ExitCode.Done, deleted.Error);
        Assert.Empty(_bench.Images);
    }

    [Fact]
    public async Task A_builder_that_fails_makes_no_image_and_says_at_what()
    {
        var bake = _bench.RunAsync("bake", "--role", "gateway");
        var builder = await PlayedBuilder.WaitAsync(_bench, "gateway", bake);
        builder.Says($"BAKE {builder.Build} upgrade", $"BAKE {builder.Build} install", "stopped: image-missing: no such tag", $"BAKE {builder.Build} failed install", "[  9.1] reboot: Power down");
        var run = await bake;
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("gateway: failed at: installing\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("gateway:   stopped: image-missing: no such tag\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("its phase install failed", run.Error, StringComparison.Ordinal);
        // What a machine says on its way down would hide it.
        Assert.DoesNotContain("Power down", run.Error, StringComparison.Ordinal);
        Assert.Matches(@"gateway: all of it: out/duo/bake/logs/gateway-\S+\.log\n", run.Error);
        Assert.DoesNotContain("left behind", run.Error, StringComparison.Ordinal);
        Assert.Empty(_bench.Images);
        Assert.Empty(_bench.Kept);
    }

    [Fact]
    public async Task A_builder_that_loses_its_power_makes_no_image()
    {
        var bake = _bench.RunAsync("bake", "--role", "gateway");
        var builder = await PlayedBuilder.WaitAsync(_bench, "gateway", bake);
        builder.Says($"BAKE {builder.Build} seal", $"BAKE {builder.Build} sealed");
        await builder.EndAsync();
        var run = await bake;
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("it ended without going off in order after it was sealed", run.Error, StringComparison.Ordinal);
        Assert.Empty(_bench.Kept);
    }

    [Fact]
    public async Task Builds_wait_for_a_place_and_one_that_fails_does_not_stop_the_others()
    {
        var bake = _bench.RunAsync("bake", "--role", "gateway", "--role", "ollama", "--parallel", "1", "--json");
        var gateway = await PlayedBuilder.WaitAsync(_bench, "gateway", bake);
        Assert.Empty(Directory.GetDirectories(_bench.State, "*-ollama-bake-*"));
        await gateway.EndAsync();
        var ollama = await PlayedBuilder.WaitAsync(_bench, "ollama", bake);
        Assert.Empty(Directory.GetDirectories(_bench.State, "*-gateway-bake-*"));
        await ollama.SucceedAsync();
        var run = await bake;
        Assert.Equal(ExitCode.Refused, run.Code);
        var last = JsonNode.Parse(run.Out.TrimEnd().Split('\n').Last(l => l.Contains("\"progress\"", StringComparison.Ordinal)))!["builds"]!.AsArray();
        Assert.Equal(["gateway failed", "ollama done"], last.Select(b => $"{b!["role"]} {b["state"]}"));
        Assert.Equal(Assert.Single(_bench.Images), Path.GetDirectoryName((string)last[1]!["image"]!));
        Assert.Equal(["images"], _bench.Kept);
    }

    [Fact]
    public async Task A_kernel_that_QEMU_loads_goes_with_the_image()
    {
        foreach (var file in new[] { "vmlinuz", "initrd" })
            File.WriteAllBytes(Path.Combine(_bench.Folder, file), HaltingKernel.Bytes);
        _bench.Write("halting.img", ", kernel: vmlinuz, initrd: initrd");
        var bake = _bench.RunAsync("bake", "--role", "gateway");
        await (await PlayedBuilder.WaitAsync(_bench, "gateway", bake)).SucceedAsync();
        Assert.Equal(ExitCode.Done, (await bake).Code);
        foreach (var file in new[] { "kernel", "initrd" })
            Assert.Equal((HaltingKernel.Bytes.Length, UnixFileMode.UserRead), ((int)new FileInfo(Path.Combine(_bench.Images[0], file)).Length, File.GetUnixFileMode(Path.Combine(_bench.Images[0], file))));
    }

    [Fact]
    public async Task A_cancelled_bake_leaves_nothing()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var bake = _bench.RunUntilAsync(cancel.Token, "bake", "--role", "gateway");
        var builder = await PlayedBuilder.WaitAsync(_bench, "gateway", bake);
        var process = new QemuProcess(builder.Folder, TimeProvider.System).Find()!;
        await cancel.CancelAsync();
        var run = await bake;
        Assert.Equal(ExitCode.Cancelled, run.Code);
        Assert.Contains("gateway: cancelled at: starting the builder", run.Error, StringComparison.Ordinal);
        Assert.Null(ProcessTable.Find(process.Pid));
        Assert.Empty(_bench.Kept);
    }

    [Fact]
    public async Task What_a_killed_bake_leaves_goes_with_the_next_also_when_that_bakes_nothing()
    {
        var first = _bench.RunAsync("bake", "--role", "gateway");
        await (await PlayedBuilder.WaitAsync(_bench, "gateway", first)).SucceedAsync();
        Assert.Equal(ExitCode.Done, (await first).Code);

        // As a bake that was killed leaves it: a builder that runs, one that was never finished, an image half-way.
        var owner = new StackOwner("duo", Directory.GetFiles(Path.Combine(_bench.Folder, "out/duo"), "plan.json").Select(p => (string)JsonNode.Parse(File.ReadAllText(p))!["id"]!).Single(),
            "gitlab.desk.test", System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty, null);
        var left = BuildPlaces.OwnerOf(owner, "gateway");
        var cloud = _bench.Cloud();
        await cloud.Network.EnsureAsync(new NetworkWanted(left, null, "10.77.0.0/16", [], false, null, [], []), "local", Cancel);
        var stock = await cloud.Images.ResolveAsync(new ImageWanted("stock", null, "", "", false, 30), Cancel);
        var wanted = new MachineWanted(left, "duo-gateway-builder", "gateway", "1cpu-1gb", null, 20, "10.77.1.20", "duo", null, new ImageWanted("auto", null, "gateway", "f", false, 30), [], "#cloud-config\n{}\n"u8.ToArray(), "", false, false, false);
        var machine = await cloud.Machines.CreateAsync(wanted, new Placement("local", stock, null, null), Cancel);
        var pid = new QemuProcess(new MachineFolder(machine.Id), TimeProvider.System).Find()!.Pid;
        Directory.CreateDirectory(Path.Combine(_bench.State, $"{left.Stack}-{left.Id}", "image"));
        Directory.CreateDirectory(Path.Combine(_bench.State, $"duo-ollama-bake-{left.Id}", "machines", "duo-ollama-builder"));
        Directory.CreateDirectory(Path.Combine(_bench.State, "images", "baker-duo-gateway-000000000000-20260101000000.gone"));
        Assert.Equal(["duo-gateway-bake", "duo-ollama-bake"], (await cloud.Bakery.LeftoversAsync(owner, Cancel)).Select(r => r.Name));

        var second = await _bench.RunAsync("bake", "--role", "gateway");
        Assert.True(second.Code == ExitCode.Done, second.Error);
        Assert.Contains("gateway: nothing to do", second.Error, StringComparison.Ordinal);
        Assert.Null(ProcessTable.Find(pid));
        Assert.Equal(["images"], _bench.Kept);
        Assert.Single(_bench.Images);
    }

    [Fact]
    public async Task Without_QEMU_it_is_said_who_has_it_and_Packer_is_not_asked_for()
    {
        _bench.Variables["PATH"] = _bench.Folder;
        var run = await _bench.RunAsync("bake");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("nothing was baked:\n  qemu-system-x86_64 is not installed: Debian and Ubuntu have it in qemu-system-x86", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("acker", run.Error.Replace("baker", "", StringComparison.OrdinalIgnoreCase), StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();
}
