using System.Diagnostics;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Baker.Clouds.Live;
using Baker.Clouds.Live.Local;
using Baker.Clouds.Live.Local.Network;
using Baker.Clouds.Live.Local.Qemu;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Local;

/// <summary>The cable between the machines of a stack, with the real QEMU and a test that listens and speaks on it.</summary>
public sealed partial class PrivateLinkTests : IAsyncDisposable
{
    /// <summary>The account of nobody in Debian (base-passwd's passwd.master).</summary>
    private const int Nobody = 65534;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly LocalDesk _desk = new("a-stack-with-a-name-that-makes-its-folder-longer-than-a-socket-may-be");

    private readonly Dictionary<string, string> _near = [];

    public PrivateLinkTests()
    {
        Tool.Wanted("qemu-system-x86_64", "qemu-system-x86");
        Tool.Wanted("qemu-img", "qemu-utils");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Link => Path.Combine(_desk.StackFolder, PrivateLink.FolderName);

    [Fact]
    public async Task What_a_card_says_reaches_all_others_once_also_those_that_come_later_or_again()
    {
        var (cloud, a) = await StartAsync("gitlab", "10.77.0.10");
        // Longer than a socket's path may be, so that only a path from QEMU's own folder leads to it.
        Assert.True(Path.Combine(Link, "0.sock").Length > 107);
        using var third = Hear("2.sock");
        using (var second = Hear("1.sock"))
        {
            Say(a, PrivateLink.Said, 1);
            Assert.Equal(1, await NextAsync(second));
            Assert.Equal(1, await NextAsync(third));
        }
        var (_, b) = await StartAsync("gateway", "10.77.1.20", cloud);
        Assert.Equal([0, 1], new[] { a, b }.Select(m => m.Record!.LinkPlace!.Value));
        Say(b, PrivateLink.Said, 2);
        Assert.Equal(2, await NextAsync(third));
        await new QemuProcess(a, TimeProvider.System).CutPowerAsync(Cancel);
        Say(b, PrivateLink.Said, 3);
        Assert.Equal(3, await NextAsync(third));
        await cloud.Machines.StartAsync(Assert.Single(await cloud.Machines.FindAsync(_desk.Owner, Cancel), m => m.Id == a.Path), Cancel);
        Say(a, PrivateLink.Said, 4);
        Assert.Equal(4, await NextAsync(third));
        // What a machine hears it does not pass on: with three of them it would go round for ever.
        Say(a, $"../../{PrivateLink.FolderName}/1.sock", 5);
        Say(a, PrivateLink.Said, 6);
        Assert.Equal(6, await NextAsync(third));
        Assert.Equal(0, third.Available);
    }

    /// <summary>Firmware has no driver for the card. What comes for it meanwhile may hold up nobody.</summary>
    [Fact]
    public async Task A_machine_that_does_not_listen_yet_holds_up_nobody()
    {
        await StartAsync("gitlab", "10.77.0.10");
        // Twice what the kernel keeps of datagrams for a socket of a system with systemd (its src/core/main.c: 512).
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Limit);
        using var sender = Open();
        for (var i = 0; i < 1024; i++)
            await sender.SendToAsync(Frame(7), SocketFlags.None, new UnixDomainSocketEndPoint(Near(Link, "0.sock")), limit.Token);
    }

    [Fact]
    public async Task Another_account_can_neither_listen_nor_speak()
    {
        var (_, a) = await StartAsync("gitlab", "10.77.0.10");
        var running = Running(a);
        Assert.Empty(OpenDatagramSockets(running.Pid));
        // Sockets in folders that are nobody else's, and closed themselves.
        foreach (var folder in (string[])[_desk.StackFolder, Link, a.Path])
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        string[] sockets = [.. Directory.EnumerateFiles(_desk.StackFolder, "*.sock", SearchOption.AllDirectories)];
        Assert.Contains(Path.Combine(Link, "0.sock"), sockets);
        Assert.All(sockets, socket => Assert.Equal(default, File.GetUnixFileMode(socket) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)));

        // A real try. The test's own folder is closed too, and so is the one above all stacks: only the stack's own counts.
        Assert.SkipUnless(Environment.UserName == "root", "only root can try as another account");
        for (var folder = Path.GetDirectoryName(_desk.StackFolder)!; folder.StartsWith(_desk.Path, StringComparison.Ordinal); folder = Path.GetDirectoryName(folder)!)
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        Assert.Equal("spoke", await TryAsync("speak", 0, Near(Link, "0.sock")));
        foreach (var socket in sockets)
            Assert.Equal("PermissionError", await TryAsync("speak", Nobody, Near(Path.GetDirectoryName(socket)!, Path.GetFileName(socket))));
        foreach (var folder in (string[])[_desk.StackFolder, Link, a.Path])
        {
            Assert.Equal("PermissionError", await TryAsync("listen", Nobody, Near(folder, "7.sock")));
            Assert.Equal("PermissionError", await TryAsync("look", Nobody, Near(folder, ".")));
        }
    }

    [Fact]
    public async Task Machines_of_an_older_Baker_run_on_until_another_is_started_and_change_over_then()
    {
        var (cloud, a) = await StartAsync("gitlab", "10.77.0.10");
        await new QemuProcess(a, TimeProvider.System).CutPowerAsync(Cancel);
        // As it was started, and written down, until 2026.
        a.Write(a.Record! with { LinkPlace = null });
        string[] now = [.. a.Run!.Command];
        string[] old =
        [
            .. now.Where((argument, i) => !(argument == "-netdev" && IsLink(now[i + 1]) || i > 0 && now[i - 1] == "-netdev" && IsLink(argument))),
            "-netdev", "socket,id=private,mcast=239.193.7.9:23456,localaddr=127.0.0.1",
        ];
        await new QemuProcess(a, TimeProvider.System).StartAsync(Tool.Find("setsid")!.Path, [.. old], Cancel);
        Assert.NotEmpty(OpenDatagramSockets(Running(a).Pid));

        var machine = Assert.Single(await cloud.Machines.FindAsync(_desk.Owner, Cancel));
        var pid = Running(a).Pid;
        await cloud.Machines.StartAsync(machine, Cancel);
        Assert.Equal(pid, Running(a).Pid);
        var wanted = _desk.Wanted(_desk.WantedNetwork(), _desk.WantedMachine("gitlab", "10.77.0.10"));
        Assert.Contains((await cloud.Account.CheckAsync(wanted, ["local"], Cancel)).Notes, note => note.StartsWith($"every account of this machine can listen and speak on the network of {a.Name}", StringComparison.Ordinal));

        _desk.Time.Factor = 60;
        await StartAsync("gateway", "10.77.1.20", cloud);
        _desk.Time.Factor = 1;
        Assert.NotEqual(pid, Running(a).Pid);
        Assert.Empty(OpenDatagramSockets(Running(a).Pid));
        Assert.Equal([$"{a.Name}: restarting it, because its network was open to every account of this machine"], _desk.Said.Where(s => s.Contains("restarting", StringComparison.Ordinal)));
        Assert.DoesNotContain((await cloud.Account.CheckAsync(wanted, ["local"], Cancel)).Notes, note => note.StartsWith("every account", StringComparison.Ordinal));
    }

    /// <summary>Ubuntu 22.04's QEMU, 6.2, has these (its qapi/net.json, NetClientDriver).</summary>
    [Fact]
    public async Task An_older_QEMU_is_refused_with_the_version_that_it_takes()
    {
        var old = _desk.File("qemu-system-x86_64", "#!/bin/sh\nprintf 'Available netdev backend types:\\nsocket\\nhubport\\ntap\\nuser\\nvde\\nbridge\\nvhost-user\\n'\n");
        File.SetUnixFileMode(old, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.StartsWith($"{old} cannot connect machines by private sockets: QEMU 7.2 or newer can", await PrivateLinkProbe.ProblemAsync(old, Cancel), StringComparison.Ordinal);
        Assert.Null(await PrivateLinkProbe.ProblemAsync(Tool.Find("qemu-system-x86_64")!.Path, Cancel));
        _desk.Variables["PATH"] = $"{_desk.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        var refused = await Assert.ThrowsAsync<CloudException>(() => StartAsync("gitlab", "10.77.0.10"));
        Assert.Contains("QEMU 7.2", refused.Message, StringComparison.Ordinal);
        var preflight = await _desk.Cloud().Account.CheckAsync(_desk.Wanted(_desk.WantedNetwork()), ["local"], Cancel);
        Assert.Contains(preflight.Problems, problem => problem.Contains("QEMU 7.2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stack_has_as_many_machines_as_places()
    {
        var places = new LinkPlaces();
        var stack = new StackFolder(_desk.StackFolder);
        MachineRecord Add(int i)
        {
            var folder = stack.Machine($"m{i}");
            folder.Make();
            return places.Seat(folder, new MachineRecord(folder.Name, "g", "i", "u", "t", 1, 1, "a", "i", "", null, null, null, null, [], "d", "m", "m"));
        }
        Assert.Equal(Enumerable.Range(0, PrivateLink.Places), Enumerable.Range(0, PrivateLink.Places).Select(i => Add(i).LinkPlace!.Value));
        Assert.Contains($"has {PrivateLink.Places} machines already", Assert.Throws<CloudException>(() => Add(PrivateLink.Places)).Message, StringComparison.Ordinal);
        // A machine that has gone leaves its place to the next one.
        stack.Machine("m3").Clear();
        Assert.Equal(3, Add(PrivateLink.Places).LinkPlace);
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    private async Task<(LocalCloud, MachineFolder)> StartAsync(string group, string address, LocalCloud? running = null)
    {
        var cloud = running ?? _desk.Cloud(image: _desk.HaltingImage());
        var wanted = _desk.WantedMachine(group, address);
        await cloud.Network.EnsureAsync(_desk.WantedNetwork(), "local", Cancel);
        var placement = new Placement("local", await cloud.Images.ResolveAsync(wanted.Image, Cancel), null, null);
        return (cloud, new MachineFolder((await cloud.Machines.CreateAsync(wanted, placement, Cancel)).Id));
    }

    private static RunningProcess Running(MachineFolder machine) => new QemuProcess(machine, TimeProvider.System).Find()!;

    private static bool IsLink(string netdev) => !netdev.StartsWith("user,", StringComparison.Ordinal);

    private static byte[] Frame(byte mark) => [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x52, 1, 2, 3, 4, 5, 0x88, 0xb5, mark, .. new byte[45]];

    private static Socket Open() => new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    /// <summary>Takes a place on the cable.</summary>
    private Socket Hear(string place)
    {
        var socket = Open();
        socket.Bind(new UnixDomainSocketEndPoint(Near(Link, place)));
        return socket;
    }

    private void Say(MachineFolder machine, string socket, byte mark)
    {
        using var sender = Open();
        sender.SendTo(Frame(mark), new UnixDomainSocketEndPoint(Near(machine.Path, socket)));
    }

    private static async Task<byte> NextAsync(Socket place)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Limit);
        var frame = new byte[2000];
        await place.ReceiveAsync(frame, limit.Token);
        return frame[14];
    }

    // A path that is short enough for a socket: by a link to its folder.
    private string Near(string folder, string file)
    {
        if (!_near.TryGetValue(folder, out var link))
        {
            link = Path.Combine(_desk.Path, $"near-{_near.Count}");
            Directory.CreateSymbolicLink(link, folder);
            _near.Add(folder, link);
        }
        return Path.Combine(link, file);
    }

    private static async Task<string> TryAsync(string what, int account, string path)
    {
        const string Script = """
            import os, socket, sys
            what, account, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
            os.setgroups([]); os.setgid(account); os.setuid(account)
            try:
                if what == 'look':
                    os.listdir(path)
                else:
                    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                    s.sendto(b'x' * 60, path) if what == 'speak' else s.bind(path)
                print('spoke')
            except OSError as e:
                print(type(e).__name__)
            """;
        var run = await Tool.Wanted("python3", "python3").RunAsync("-c", Script, what, $"{account}", path);
        return run.Require().Trim();
    }

    /// <summary>Sockets of a process that take datagrams from the network, whoever sends them.</summary>
    private static string[] OpenDatagramSockets(int pid)
    {
        var own = Directory.EnumerateFiles($"/proc/{pid}/fd").Select(fd => SocketNumber().Match(new FileInfo(fd).LinkTarget ?? "")).Where(m => m.Success)
            .Select(m => m.Groups[1].Value).ToHashSet();
        return [.. File.ReadLines($"/proc/{pid}/net/udp").Skip(1).Where(line => own.Contains(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[9]))];
    }

    [GeneratedRegex(@"^socket:\[(\d+)\]$")]
    private static partial Regex SocketNumber();
}
