using System.Net.Sockets;
using System.Text;
using Baker.Clouds.Live;
using Baker.Clouds.Live.Local;
using Baker.Clouds.Live.Local.Qemu;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Local;

/// <summary>The real QEMU, with a disk that holds no system.</summary>
public sealed class MachineTests : IAsyncDisposable
{
    private readonly LocalDesk _desk = new("a-stack-with-a-name-that-makes-its-folder-longer-than-a-socket-may-be");
    private readonly int _port = LoopbackServer.FreePort();

    public MachineTests()
    {
        Tool.Wanted("qemu-system-x86_64", "qemu-system-x86");
        Tool.Wanted("qemu-img", "qemu-utils");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private MachineFolder Folder => new(Path.Combine(_desk.StackFolder, "machines", $"{_desk.Owner.Stack}-gitlab"));

    [Fact]
    public async Task From_create_to_destroy()
    {
        var cloud = _desk.Cloud(image: _desk.HaltingImage());
        var wanted = _desk.WantedMachine("gitlab", "10.77.0.10", secrets: ["root-password"], hasData: true);
        await cloud.Secrets.PutAsync(_desk.Owner, "root-password", "hunter2"u8.ToArray(), Cancel);
        await cloud.Network.EnsureAsync(_desk.WantedNetwork(("gitlab", _port)), "local", Cancel);
        var disk = await cloud.Disks.EnsureAsync(new DiskWanted(_desk.Owner, "data", 1), "local", Cancel);
        var image = await cloud.Images.ResolveAsync(wanted.Image, Cancel);
        var made = await cloud.Machines.CreateAsync(wanted, new Placement("local", image, null, disk), Cancel);

        Assert.Equal((MachineState.Running, "10.77.0.10", wanted.UserDataDigest, image.Id), (made.State, made.Address, made.UserDataDigest, made.ImageId));
        using (var client = new TcpClient())
            await client.ConnectAsync("127.0.0.1", _port, Cancel);
        Assert.All(Directory.EnumerateFiles(_desk.StackFolder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".sock", StringComparison.Ordinal)),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_desk.StackFolder));
        // Neither its user-data nor its secrets are where every user of the machine can read them.
        Assert.DoesNotContain(Running!.Command, argument => argument.Contains("hunter2", StringComparison.Ordinal) || argument.Contains("#cloud-config", StringComparison.Ordinal));

        // Another Baker finds it, makes no second one, and changes its user-data while it runs.
        var other = _desk.Cloud();
        var found = Assert.Single(await other.Machines.FindAsync(_desk.Owner, Cancel));
        Assert.Equal((made.Id, made.State, made.Since), (found.Id, found.State, found.Since));
        var pid = Running!.Pid;
        var changed = wanted with { UserData = Encoding.UTF8.GetBytes("#cloud-config\nruncmd: [x]\n"), UserDataDigest = "another", Release = "19.4.8" };
        await other.Machines.ChangeUserDataAsync(found, changed, Cancel);
        Assert.Equal(pid, Running!.Pid);
        var told = Assert.Single(await cloud.Machines.FindAsync(_desk.Owner, Cancel));
        Assert.Equal(("another", "19.4.8"), (told.UserDataDigest, told.Release));
        Assert.Contains("tray_open\":false", (await QemuProcess.TellAsync(Running!, "query-block", null, Cancel)).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);

        // Its data disk grows under it.
        await other.Disks.EnsureAsync(new DiskWanted(_desk.Owner, "data", 2), "local", Cancel);
        Assert.Equal(2, (await cloud.Disks.FindAsync(_desk.Owner, Cancel))!.SizeGb);
        Assert.Contains($"\"virtual-size\":{2L << 30}", (await QemuProcess.TellAsync(Running!, "query-block", null, Cancel)).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);

        // A port is let in or closed while it runs.
        var second = LoopbackServer.FreePort();
        Assert.Empty(await other.Network.DifferencesAsync(_desk.WantedNetwork(("gitlab", _port)), Cancel));
        Assert.Equal([$"this machine opens its way to port {second} of gitlab", $"this machine closes its way to port {_port} of gitlab"],
            await other.Network.DifferencesAsync(_desk.WantedNetwork(("gitlab", second)), Cancel));
        await other.Network.EnsureAsync(_desk.WantedNetwork(("gitlab", second)), "local", Cancel);
        using (var client = new TcpClient())
            await client.ConnectAsync("127.0.0.1", second, Cancel);
        using (var client = new TcpClient())
            await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync("127.0.0.1", _port, Cancel).AsTask());

        // Firmware does not listen to the power button: after the time limit its power is cut.
        _desk.Time.Factor = 60;
        await other.Machines.StopAsync(found, Cancel);
        _desk.Time.Factor = 1;
        Assert.Null(Running);
        Assert.Equal(MachineState.Stopped, Assert.Single(await cloud.Machines.FindAsync(_desk.Owner, Cancel)).State);
        await cloud.Machines.StartAsync(found, Cancel);
        Assert.NotNull(Running);
        Assert.Equal(MachineState.Running, Assert.Single(await cloud.Machines.FindAsync(_desk.Owner, Cancel)).State);

        // It gets another type and a larger root disk, and has both at its next start.
        _desk.Time.Factor = 60;
        await cloud.Machines.ReshapeAsync(found, changed.As("2cpu-1gb") with { DiskGb = changed.DiskGb + 1 }, Cancel);
        _desk.Time.Factor = 1;
        await cloud.Machines.StartAsync(found, Cancel);
        var reshaped = Assert.Single(await cloud.Machines.FindAsync(_desk.Owner, Cancel));
        Assert.Equal((MachineState.Running, "2cpu-1gb", changed.DiskGb + 1), (reshaped.State, reshaped.Type, reshaped.DiskGb));
        Assert.Contains($"\"virtual-size\":{(changed.DiskGb + 1L) << 30}", (await QemuProcess.TellAsync(Running!, "query-block", null, Cancel)).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);

        _desk.Time.Factor = 60;
        await cloud.Machines.DeleteAsync(found, _desk.Owner, keepsData: true, Cancel);
        _desk.Time.Factor = 1;
        Assert.True(File.Exists(disk.Id));
        await cloud.Disks.DeleteAsync((await cloud.Disks.FindAsync(_desk.Owner, Cancel))!, _desk.Owner, Cancel);
        Assert.Empty(await cloud.Network.DeleteAsync(_desk.Owner, Cancel));
        await cloud.Secrets.DeleteAsync(_desk.Owner, "root-password", Cancel);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_desk.State));
        Assert.True(File.Exists(image.Id));
    }

    [Fact]
    public async Task A_launch_that_was_killed_between_start_and_note_is_found_again_and_leaves_nothing()
    {
        var cloud = _desk.Cloud(image: _desk.HaltingImage());
        var wanted = _desk.WantedMachine("gitlab", "10.77.0.10");
        await cloud.Network.EnsureAsync(_desk.WantedNetwork(), "local", Cancel);
        var placement = new Placement("local", await cloud.Images.ResolveAsync(wanted.Image, Cancel), null, null);
        var made = await cloud.Machines.CreateAsync(wanted, placement, Cancel);
        var pid = Running!.Pid;
        Folder.Write(Folder.Run! with { Pid = null, StartTicks = null });
        Directory.CreateDirectory(Path.Combine(_desk.StackFolder, "machines", "half-made"));

        await _desk.Cloud().Machines.CreateAsync(wanted, placement, Cancel);
        Assert.Equal(pid, Running!.Pid);
        var left = Assert.Single(await cloud.Network.DeleteAsync(_desk.Owner, Cancel));
        Assert.EndsWith("still uses it", left.Note, StringComparison.Ordinal);

        // A machine whose processors stand still counts as stopped, and a start helps.
        await QemuProcess.TellAsync(Running!, "stop", null, Cancel);
        Assert.Equal(MachineState.Stopped, Assert.Single(await cloud.Machines.FindAsync(_desk.Owner, Cancel)).State);
        await cloud.Machines.StartAsync(made, Cancel);
        Assert.NotEqual(pid, Running!.Pid);

        for (var i = 0; i < 3; i++)
        {
            foreach (var machine in await cloud.Machines.FindAsync(_desk.Owner, Cancel))
                await cloud.Machines.DeleteAsync(machine, _desk.Owner, keepsData: true, Cancel);
            Assert.Empty(await cloud.Network.DeleteAsync(_desk.Owner, Cancel));
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(_desk.State));
    }

    [Fact]
    public async Task A_machine_that_cannot_start_leaves_nothing_and_says_why()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, _port);
        listener.Start();
        var cloud = _desk.Cloud(image: _desk.HaltingImage());
        var wanted = _desk.WantedMachine("gitlab", "10.77.0.10");
        await cloud.Network.EnsureAsync(_desk.WantedNetwork(("gitlab", _port)), "local", Cancel);
        var image = await cloud.Images.ResolveAsync(wanted.Image, Cancel);
        var refused = await Assert.ThrowsAsync<CloudException>(() => cloud.Machines.CreateAsync(wanted, new Placement("local", image, null, null), Cancel));
        Assert.Equal(CloudFailure.Taken, refused.Failure);
        Assert.Contains($"{_port}", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await cloud.Machines.FindAsync(_desk.Owner, Cancel));
        Assert.False(Directory.Exists(Folder.Path));

        File.WriteAllBytes(image.Id, new byte[2]);
        var large = await Assert.ThrowsAsync<CloudException>(() => cloud.Machines.CreateAsync(wanted with { DiskGb = 0 }, new Placement("local", image, null, null), Cancel));
        Assert.Contains("larger than its disk", large.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_whose_image_has_changed_is_not_started()
    {
        var cloud = _desk.Cloud(image: _desk.HaltingImage());
        var wanted = _desk.WantedMachine("gitlab", "10.77.0.10");
        await cloud.Network.EnsureAsync(_desk.WantedNetwork(), "local", Cancel);
        var image = await cloud.Images.ResolveAsync(wanted.Image, Cancel);
        var made = await cloud.Machines.CreateAsync(wanted, new Placement("local", image, null, null), Cancel);
        await new QemuProcess(Folder, TimeProvider.System).CutPowerAsync(Cancel);
        File.SetLastWriteTimeUtc(image.Id, DateTime.UnixEpoch);
        var refused = await Assert.ThrowsAsync<CloudException>(() => cloud.Machines.StartAsync(made, Cancel));
        Assert.Contains("has changed or is gone", refused.Message, StringComparison.Ordinal);
        Assert.Null(Running);
    }

    [Fact]
    public async Task The_console_is_read_by_whole_lines_from_where_it_was_left()
    {
        var cloud = _desk.Cloud();
        Folder.Make();
        var machine = new VirtualMachine("m", Folder.Path, MachineState.Running, "local", "1cpu-1gb", "10.77.0.10", null, "i", null, default);
        Assert.Equal(new ConsoleText("", null), await cloud.Console.ReadAsync(machine, null, Cancel));
        var console = Folder.At(MachineFolder.Console);
        await File.WriteAllTextAsync(console, "first ✓\nsecond\nlog", Cancel);
        var read = await cloud.Console.ReadAsync(machine, null, Cancel);
        Assert.Equal("first ✓\nsecond\n", read.Text);
        await File.AppendAllTextAsync(console, "in: \nthird\n", Cancel);
        read = await cloud.Console.ReadAsync(machine, read.Next, Cancel);
        Assert.Equal("login: \nthird\n", read.Text);
        read = await cloud.Console.ReadAsync(machine, read.Next, Cancel);
        Assert.Equal("", read.Text);
        // Another machine's console, shorter than the place: from its beginning.
        await File.WriteAllTextAsync(console, "new\n", Cancel);
        Assert.Equal("new\n", (await cloud.Console.ReadAsync(machine, read.Next, Cancel)).Text);
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    private RunningProcess? Running => new QemuProcess(Folder, TimeProvider.System).Find();
}
