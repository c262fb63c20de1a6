using System.Globalization;
using Amazon.EC2.Model;
using Baker.Cli;
using Baker.Clouds.Live;
using Baker.Clouds.Live.Local;
using Baker.Tests.Baking;
using Baker.Tests.Judges;
using Baker.Tests.Support;
using Xunit;

namespace Baker.BootTests;

/// <summary>Bakes with the real Packer against moto, where a guest that boots answers behind the builder's SSH.</summary>
[Trait("tier", "all")]
public sealed class PackerTests(MotoServer moto) : IAsyncDisposable
{
    private const int SshPort = 22040;
    private readonly LocalDesk _desk = new("packed");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_rendered_installs_Ollama_in_a_guest_seals_it_and_becomes_an_image_that_launch_uses()
    {
        await using var lab = await BootLab.StartAsync();
        using var bench = await BakeBench.OpenAsync(moto, "eu-north-1", SshPort.ToString(CultureInfo.InvariantCulture), $"ollama:\n  machine: m7i.2xlarge\n  gpu: none\n  {lab.OllamaRelease}\n{lab.Mirrors}");
        var bake = bench.RunAsync("bake", "--role", "ollama");
        var (cloud, guest) = await BootAsync(lab, await Task.WhenAny(bake, KeyAsync(bench)) is Task<string> key ? await key : throw new InvalidOperationException((await bake).Error));
        var run = await bake;
        Assert.True(run.Code == ExitCode.Done, run.Error);
        var log = File.ReadAllText(Directory.GetFiles(Path.Combine(bench.Folder, "out/duo/packer/logs"), "ollama-*.log").Single());
        TestContext.Current.TestOutputHelper?.WriteLine(log);
        foreach (var step in (string[])["prepare", "ollama", "models"])
            Assert.Contains($"\"step\":\"{step}\",\"state\":\"running\"", log, StringComparison.Ordinal);
        Assert.Equal(["image ollama"], await bench.InventoryAsync());

        // The guest starts once more, as a machine that is made from the image would.
        await cloud.Machines.StopAsync(guest, Cancel);
        await cloud.Machines.ChangeUserDataAsync(guest, Wanted("""
            #cloud-config
            runcmd:
            - |
              # Opened for each line: the login prompt hangs up whoever had it open.
              say() { printf '\nSAY %s\n' "$*" >/dev/ttyS0; }
              say "steps: $(ls /var/lib/baker/steps | xargs)"
              say "program: $(HOME=/root /usr/local/bin/ollama --version)"
              say "values: $(ls /etc/baker/values 2>/dev/null || echo none)"
              say done

            """), Cancel);
        await cloud.Machines.StartAsync(guest, Cancel);
        var said = await MachineTests.WaitAsync(cloud, guest, "SAY done");
        Assert.Contains("SAY steps: driver models ollama prepare", said, StringComparison.Ordinal);
        Assert.Contains(lab.Text("ollama", "version"), said[said.IndexOf("SAY program", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Contains("SAY values: none", said, StringComparison.Ordinal);

        await moto.PutLicenceAsync(bench.Region);
        var launch = await bench.RunAsync("launch", "--yes", "--no-wait");
        Assert.True(launch.Code == ExitCode.Done, launch.Error);
        var image = run.Out.Trim().Split(' ')[1];
        Assert.Contains($"instance {image}", await bench.InventoryAsync());
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    /// <summary>The public half of the key that Packer makes for the builder, which EC2 would hand to it.</summary>
    private static async Task<string> KeyAsync(BakeBench bench)
    {
        while (true)
        {
            var keys = await bench.Ec2.DescribeKeyPairsAsync(new DescribeKeyPairsRequest { IncludePublicKey = true }, Cancel);
            if (keys.KeyPairs is [{ PublicKey: { Length: > 0 } key }])
                return key.Trim();
            await Task.Delay(200, Cancel);
        }
    }

    private async Task<(LocalCloud Cloud, VirtualMachine Guest)> BootAsync(BootLab lab, string key)
    {
        var cloud = _desk.Cloud(Path.Combine(lab.Image, "image"), Path.Combine(lab.Image, "kernel"), Path.Combine(lab.Image, "initrd"));
        await cloud.Network.EnsureAsync(_desk.WantedNetwork(("builder", 22)), "local", Cancel);
        var wanted = Wanted($"""
            #cloud-config
            users:
            - name: ubuntu
              shell: /bin/bash
              sudo: ALL=(ALL) NOPASSWD:ALL
              ssh_authorized_keys: ["{key}"]

            """);
        var placement = new Clouds.Live.Placement("local", await cloud.Images.ResolveAsync(wanted.Image, Cancel), null, null);
        return (cloud, await cloud.Machines.CreateAsync(wanted, placement, Cancel));
    }

    private MachineWanted Wanted(string userData) => _desk.WantedMachine("builder", "10.77.0.40", userData, "1cpu-2gb", diskGb: 20);
}
