using System.Diagnostics;
using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Tests.Judges;
using Baker.Tests.Support;

namespace Baker.Tests.Baking;

/// <summary>A desk at moto with Packer on PATH: what a bake needs, for one test.</summary>
internal sealed class BakeBench : IDisposable
{
    private readonly MotoServer _moto;
    private readonly MotoDesk _desk;

    private BakeBench(MotoServer moto, string region, string packer, string more)
    {
        _moto = moto;
        Ec2 = moto.Ec2(region);
        _desk = new MotoDesk(moto, region) { Programs = "bin" };
        Packer = new PackerShim(Path.Combine(Folder, "bin"), packer, moto.Url);
        _desk.Spec(Checkout.Read("examples", "aws.yaml").Replace("ap-northeast-1", region, StringComparison.Ordinal) + more);
    }

    public string Region => _desk.Region;

    public AmazonEC2Client Ec2 { get; }

    public string Folder => _desk.Folder;

    public PackerShim Packer { get; }

    /// <param name="guest">What Packer finds behind the builder's address.</param>
    /// <param name="more">Sections that the example does not have.</param>
    /// <param name="isToday">Whether Packer speaks as one of today.</param>
    public static async Task<BakeBench> OpenAsync(MotoServer moto, string region, string guest = PackerShim.NoGuest, string more = "", bool isToday = false)
    {
        var packer = await OldPacker.WantedAsync();
        await moto.WantedAsync();
        var bench = new BakeBench(moto, region, packer.Path, more);
        bench.Packer.IsToday = isToday;
        bench.Packer.Place(guest);
        return bench;
    }

    public Task<BakerRun> RunUntilAsync(CancellationToken cancel, params string[] arguments) => _desk.RunUntilAsync(cancel, arguments);

    public Task<BakerRun> RunAsync(params string[] arguments) => _desk.RunAsync(arguments);

    /// <summary>The same as a process of its own.</summary>
    public Process Start(params string[] arguments) => new BakerProcess(
        Folder, [new("AWS_ENDPOINT_URL", _moto.Url), new("AWS_ACCESS_KEY_ID", "t"), new("AWS_SECRET_ACCESS_KEY", "t"), new("PATH", $"{Path.Combine(Folder, "bin")}:/usr/bin:/bin")]).Start(arguments);

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
}
