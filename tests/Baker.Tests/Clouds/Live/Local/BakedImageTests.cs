using System.Collections.Immutable;
using Baker.Clouds.Live;
using Baker.Clouds.Live.Local;
using Baker.Clouds.Live.Local.Baked;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Local;

/// <summary>Images that were baked: which one a launch takes, and which may go.</summary>
public sealed class BakedImageTests : IAsyncDisposable
{
    private static readonly ImageWanted Auto = new("auto", null, "gitlab", "f1", false, 30);

    private readonly LocalDesk _desk = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Own => _desk.HaltingImage();

    [Fact]
    public async Task A_launch_takes_the_newest_that_fits()
    {
        Bake("older", days: 9);
        Bake("newest", days: 2);
        Bake("other-role", days: 1, role: "ollama");
        Bake("other-fingerprint", days: 1, fingerprint: "f2");
        Bake("of-another-image", days: 1, source: "Ubuntu 24.04");
        foreach (var use in new[] { "auto", "baked" })
        {
            var image = await ResolveAsync(Auto with { Use = use });
            Assert.Equal(new Image(Disk("newest"), "newest", true, "baked, fingerprint f1"), image);
        }
        var stock = await ResolveAsync(Auto with { Use = "stock" });
        Assert.Equal((Own, false, "named under cloud.local"), (stock.Id, stock.IsBaked, stock.Why));
    }

    [Fact]
    public async Task An_old_one_is_taken_with_a_warning()
    {
        Bake("old", days: 31);
        Assert.Equal("baked, fingerprint f1; warning: 31 days old, and images.max_age_days is 30", (await ResolveAsync(Auto)).Why);
    }

    [Fact]
    public async Task Without_one_auto_takes_stock_and_says_so_and_baked_is_refused_with_advice()
    {
        Bake("other-fingerprint", days: 1, fingerprint: "f2");
        Assert.Equal((Own, "named under cloud.local; no baked image has the fingerprint f1"), ((await ResolveAsync(Auto)).Id, (await ResolveAsync(Auto)).Why));
        var refused = await Assert.ThrowsAsync<CloudException>(() => ResolveAsync(Auto with { Use = "baked" }));
        Assert.Equal("looking for the baked image of gitlab: this machine has none with the fingerprint f1\n  `baker bake` makes it; or write `images: auto`", refused.Message);
    }

    [Fact]
    public async Task One_that_the_spec_names_is_known_for_what_it_is()
    {
        Bake("named", days: 50);
        Assert.Equal(("named", true), ((await ResolveAsync(Auto with { Use = "id", Id = Disk("named") })).Name, (await ResolveAsync(Auto with { Use = "id", Id = Disk("named") })).IsBaked));
        Assert.False((await ResolveAsync(Auto with { Use = "id", Id = Disk("named"), Fingerprint = "f2" })).IsBaked);
    }

    [Fact]
    public async Task A_machine_boots_with_the_kernel_that_its_image_was_baked_with()
    {
        Tool.Wanted("qemu-system-x86_64", "qemu-system-x86");
        Tool.Wanted("qemu-img", "qemu-utils");
        Bake("with-kernel", days: 1);
        Bake("without-kernel", days: 1);
        foreach (var file in new[] { "state/baker/images/with-kernel/kernel", "state/baker/images/with-kernel/initrd", "kernel", "initrd" })
            File.WriteAllBytes(_desk.File(file, ""), HaltingKernel.Bytes);
        // The spec names another kernel by now.
        var cloud = _desk.Cloud(Own, kernel: "kernel", initrd: "initrd");
        await cloud.Network.EnsureAsync(_desk.WantedNetwork(), "local", Cancel);
        async Task<string?> KernelAsync(string group, string image)
        {
            var made = await cloud.Machines.CreateAsync(_desk.WantedMachine(group, "10.77.0.10"), new Placement("local", new Image(image, image, true, ""), null, null), Cancel);
            return new MachineFolder(made.Id).Record!.Kernel;
        }

        Assert.Equal(Path.Combine(_desk.State, "images/with-kernel/kernel"), await KernelAsync("a", Disk("with-kernel")));
        Assert.Null(await KernelAsync("b", Disk("without-kernel")));
        Assert.Equal(Path.Combine(_desk.Path, "kernel"), await KernelAsync("c", Own));
    }

    [Fact]
    public async Task One_that_a_machine_boots_from_stays_whoever_asks()
    {
        Bake("used", days: 1);
        Bake("free", days: 1, role: "ollama");
        new MachineFolder(Path.Combine(_desk.State, "other-stack-1", "machines", "m")).Make();
        new MachineFolder(Path.Combine(_desk.State, "other-stack-1", "machines", "m")).Write(new MachineRecord(
            "other-gitlab", "gitlab", "i-1", "u", "1cpu-1gb", 1, 1024, "10.77.0.10", Disk("used"), "s", null, null, null, null, [], "d", "m", "m"));
        var bakery = _desk.Cloud().Bakery;
        var images = await bakery.ListAsync(Cancel);
        Assert.Equal([("used", "other-gitlab"), ("free", "")], images.Select(i => (i.Name, string.Join(' ', i.UsedBy))).OrderByDescending(i => i.Name));
        // Also when the machine came after the question.
        var refused = await Assert.ThrowsAsync<CloudException>(() => bakery.DeleteAsync(images.Single(i => i.Name == "used") with { UsedBy = [] }, Cancel));
        Assert.Equal("deleting the image used: other-gitlab boots from it\n  destroy or replace the machine first", refused.Message);
        Assert.True(File.Exists(Disk("used")));
        for (var time = 0; time < 2; time++)
            await bakery.DeleteAsync(images.Single(i => i.Name == "free"), Cancel);
        Assert.Equal(["used"], (await bakery.ListAsync(Cancel)).Select(i => i.Name));
    }

    [Fact]
    public async Task Of_Ubuntus_image_a_bake_starts_from_the_newest_and_asks_for_its_sum_alone()
    {
        await using var server = new LoopbackFiles();
        server.Files["SHA256SUMS"] = System.Text.Encoding.UTF8.GetBytes($"{new string('a', 64)} *noble-server-cloudimg-amd64.img\n");
        var @base = await _desk.Cloud(images: server.Address).Bakery.BaseAsync(Cancel);
        Assert.Equal(("noble-aaaaaaaaaaaa", "Ubuntu 24.04 server aaaaaaaaaaaa"), (@base.Id, @base.Title));
        Assert.Equal(["SHA256SUMS"], server.Asked);
        // Without internet: what is here.
        server.Files.Clear();
        _desk.File($"cache/baker/images/{new string('b', 64)}.img", "an image");
        Assert.Equal("noble-bbbbbbbbbbbb", (await _desk.Cloud(images: server.Address).Bakery.BaseAsync(Cancel)).Id);
        Assert.Contains(_desk.Said, line => line.StartsWith("a newer image cannot be asked for: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_an_image_of_ones_own_the_base_is_its_content_and_that_of_the_kernel()
    {
        var (image, kernel, initrd) = (Own, _desk.File("kernel", "k"), _desk.File("initrd", "i"));
        var bakery = _desk.Cloud(image, kernel, initrd).Bakery;
        var first = await bakery.BaseAsync(Cancel);
        Assert.Equal((first, true), (await bakery.BaseAsync(Cancel), first.Id.StartsWith("halting.img-", StringComparison.Ordinal)));
        foreach (var file in new[] { image, kernel, initrd })
        {
            var before = await bakery.BaseAsync(Cancel);
            File.AppendAllText(file, "more");
            Assert.NotEqual(before, await bakery.BaseAsync(Cancel));
        }
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    private Task<Image> ResolveAsync(ImageWanted wanted) => _desk.Cloud(Own).Images.ResolveAsync(wanted, Cancel);

    private string Disk(string name) => Path.Combine(_desk.State, "images", name, "disk.qcow2");

    private void Bake(string name, int days, string role = "gitlab", string fingerprint = "f1", string? source = null)
    {
        var folder = new BakedFolder(Path.GetDirectoryName(Disk(name))!);
        Directory.CreateDirectory(folder.Path);
        File.WriteAllBytes(folder.Disk, new byte[1 << 20]);
        folder.Write(new BakedRecord(name, "desk", role, fingerprint, source ?? Own, "base", _desk.Time.GetUtcNow().AddDays(-days), 1, 1 << 20));
    }
}
