using System.Net;
using System.Net.Sockets;
using Baker.Clouds.Live.Local;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Local;

public sealed class PreflightTests : IAsyncDisposable
{
    private readonly LocalDesk _desk = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Missing_programs_are_named_with_their_packages()
    {
        _desk.Variables["PATH"] = _desk.Path;
        var problems = (await _desk.Cloud().Account.CheckAsync(_desk.Wanted(_desk.WantedNetwork()), ["local"], Cancel)).Problems;
        Assert.Contains("qemu-system-x86_64 is not installed: Debian and Ubuntu have it in qemu-system-x86, Fedora in qemu-system-x86-core", problems);
        Assert.Contains("qemu-img is not installed: Debian and Ubuntu have it in qemu-utils, Fedora in qemu-img", problems);
    }

    [Fact]
    public async Task A_port_that_somebody_else_has_is_a_problem()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var taken = ((IPEndPoint)listener.LocalEndpoint).Port;
        var free = LoopbackServer.FreePort();
        var machine = _desk.WantedMachine("gitlab", "10.77.0.10");
        var preflight = await _desk.Cloud().Account.CheckAsync(_desk.Wanted(_desk.WantedNetwork(("gitlab", taken), ("gitlab", free)), machine), ["local"], Cancel);
        Assert.Equal([$"port {taken} of this machine is taken by another program: write another one into gitlab.url, or end that program"],
            preflight.Problems.Where(p => p.StartsWith("port", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Machines_that_are_too_large_are_refused()
    {
        var machine = _desk.WantedMachine("ollama", "10.77.1.30", type: "99cpu-999gb");
        var preflight = await _desk.Cloud().Account.CheckAsync(_desk.Wanted(_desk.WantedNetwork(), machine), ["local"], Cancel);
        Assert.Contains(preflight.Problems, p => p.StartsWith("the machines take 999 GB of memory, and ", StringComparison.Ordinal));
        Assert.Contains(preflight.Notes, n => n.StartsWith("the machines have 99 CPUs together", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_that_the_spec_names_must_be_there()
    {
        var preflight = await _desk.Cloud(image: "no.img", kernel: "no-kernel", initrd: "no-initrd").Account.CheckAsync(_desk.Wanted(_desk.WantedNetwork()), ["local"], Cancel);
        Assert.Equal(["no.img", "no-kernel", "no-initrd"], preflight.Problems.Where(p => p.EndsWith("is not there", StringComparison.Ordinal))
            .Select(p => Path.GetFileName(p[..p.IndexOf(',', StringComparison.Ordinal)])));
    }

    [Fact]
    public void Free_memory_is_what_the_kernel_would_give() =>
        Assert.Equal(2.5m, DeskResources.AvailableGb(["MemTotal:       16384000 kB", "MemFree:          100000 kB", "MemAvailable:    2621440 kB"]));

    public ValueTask DisposeAsync() => _desk.DisposeAsync();
}
