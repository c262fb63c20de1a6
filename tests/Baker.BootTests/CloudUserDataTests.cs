using Baker.Clouds.Live;
using Baker.Tests.Support;
using Xunit;

namespace Baker.BootTests;

/// <summary>User-data of AWS and Google Cloud on a machine that stands in neither: what needs the cloud waits, and says so.</summary>
[Trait("tier", "all")]
public sealed class CloudUserDataTests : IAsyncDisposable
{
    private readonly LocalDesk _desk = new();

    [Theory, InlineData("aws"), InlineData("gcp")]
    public async Task It_boots_and_says_what_it_waits_for(string example)
    {
        var image = await BootLab.ImageAsync();
        var rendered = Path.Combine(_desk.Path, "rendered");
        var run = await BakerRun.Async("render", $"examples/{example}.yaml", "--out", rendered);
        Assert.True(run.Code == 0, run.Error);
        var cloud = _desk.Cloud(Path.Combine(image, "image"), Path.Combine(image, "kernel"), Path.Combine(image, "initrd"));
        await cloud.Network.EnsureAsync(_desk.WantedNetwork(), "local", TestContext.Current.CancellationToken);
        // Nothing outside is reached, so the first step that fetches something is where it stops: with a reason, and without giving up.
        var wanted = _desk.WantedMachine("a", "10.77.0.10", File.ReadAllText(Path.Combine(rendered, "cloud-init", "gitlab.yaml")), diskGb: 5);
        var placement = new Placement("local", await cloud.Images.ResolveAsync(wanted.Image, TestContext.Current.CancellationToken), null, null);
        var machine = await cloud.Machines.CreateAsync(wanted, placement, TestContext.Current.CancellationToken);
        var said = await MachineTests.WaitAsync(cloud, machine, "\"state\":\"retrying\"");
        Assert.Contains("BAKER {\"role\":\"gitlab\"", said, StringComparison.Ordinal);
        Assert.Matches("\"state\":\"retrying\",\"reason\":\"(dns|network|metadata)\"", said);
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();
}
