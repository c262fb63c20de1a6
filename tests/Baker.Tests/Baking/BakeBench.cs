using System.Diagnostics;
using System.Globalization;
using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Tests.Judges;
using Baker.Tests.Support;

namespace Baker.Tests.Baking;

/// <summary>A desk at moto with Packer on PATH: what a bake needs, for one test.</summary>
internal sealed class BakeBench : IDisposable
{
    /// <summary>The builder has no SSH, and nothing is installed in it.</summary>
    public const string NoGuest = "none";

    /// <summary>Packer waits for an SSH that never answers.</summary>
    public const string SilentGuest = "1";

    private readonly MotoServer _moto;
    private readonly MotoDesk _desk;

    private BakeBench(MotoServer moto, string region, string more)
    {
        _moto = moto;
        Ec2 = moto.Ec2(region);
        _desk = new MotoDesk(moto, region) { Programs = "bin" };
        _desk.Spec(Checkout.Read("examples", "aws.yaml").Replace("ap-northeast-1", region, StringComparison.Ordinal) + more);
    }

    public string Region => _desk.Region;

    public AmazonEC2Client Ec2 { get; }

    public string Folder => _desk.Folder;

    /// <summary>Kills the Packer that builds at present, with all that it has started.</summary>
    public void KillPacker()
    {
        using var packer = Process.GetProcessById(int.Parse(_desk.Read("bin/running"), CultureInfo.InvariantCulture));
        packer.Kill(entireProcessTree: true);
    }

    public string[] PackerCalls => File.Exists(Path.Combine(Folder, "bin", "calls")) ? _desk.Read("bin/calls").TrimEnd().Split('\n') : [];

    /// <param name="guest">What Packer finds behind the builder's address: <see cref="NoGuest"/>, or a port of 127.0.0.1.</param>
    /// <param name="more">Sections that the example does not have.</param>
    public static async Task<BakeBench> OpenAsync(MotoServer moto, string region, string guest = NoGuest, string more = "")
    {
        var packer = await OldPacker.WantedAsync();
        await moto.WantedAsync();
        var bench = new BakeBench(moto, region, more);
        bench.Place(packer.Path, guest);
        return bench;
    }

    public void Guest(string guest) => Place(File.ReadLines(Path.Combine(Folder, "bin", "settings")).First()["real=".Length..], guest);

    public Task<BakerRun> RunUntilAsync(CancellationToken cancel, params string[] arguments) => _desk.RunUntilAsync(cancel, arguments);

    public Task<BakerRun> RunAsync(params string[] arguments) => _desk.RunAsync(arguments);

    /// <summary>Everything in the region that a bake may have made, one line each.</summary>
    public async Task<string[]> InventoryAsync()
    {
        var instances = await Ec2.DescribeInstancesAsync(new DescribeInstancesRequest());
        var volumes = await Ec2.DescribeVolumesAsync(new DescribeVolumesRequest());
        var keys = await Ec2.DescribeKeyPairsAsync(new DescribeKeyPairsRequest());
        var groups = await Ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest());
        var images = await Ec2.DescribeImagesAsync(new DescribeImagesRequest { Owners = ["self"] });
        return
        [
            .. (instances.Reservations ?? []).SelectMany(r => r.Instances).Where(i => i.State.Name != InstanceStateName.Terminated).Select(i => $"instance {i.ImageId}"),
            .. (volumes.Volumes ?? []).Select(_ => "volume"),
            .. (keys.KeyPairs ?? []).Select(_ => "key"),
            .. (groups.SecurityGroups ?? []).Where(g => g.GroupName.StartsWith("packer", StringComparison.Ordinal)).Select(_ => "group"),
            .. (images.Images ?? []).Select(i => $"image {i.Tags?.FirstOrDefault(t => t.Key == "baker:role")?.Value}").Order(StringComparer.Ordinal),
        ];
    }

    public void Dispose()
    {
        Ec2.Dispose();
        _desk.Dispose();
    }

    private void Place(string real, string guest)
    {
        _desk.Write("bin/settings", $"real={real}\nendpoint={_moto.Url}\nguest={guest}\n");
        var shim = Path.Combine(Folder, "bin", "packer");
        File.Copy(Checkout.PathOf("tests", "Baker.Tests", "Fixtures", "packer", "packer"), shim, overwrite: true);
        File.SetUnixFileMode(shim, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
