using Baker.Clouds.Facts.Local;
using Baker.Clouds.Live.Local.Baked;
using Baker.Clouds.Live.Local.Images;

namespace Baker.Clouds.Live.Local;

/// <summary>
/// A stack in QEMU on this machine, without root. All bookkeeping is files in one folder per stack; processes are found by what
/// stands there, and a stack that is destroyed leaves neither.
/// </summary>
public sealed class LocalCloud : ICloud
{
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly MachineStart _start;

    /// <param name="images">The folder at Ubuntu's, or a mirror of it, that the image comes from; null: Ubuntu's own.</param>
    public LocalCloud(LocalSpec spec, Surroundings surroundings, Uri? images = null)
    {
        var desk = new Desk(surroundings);
        var qemuImg = new QemuImg(desk);
        var stock = new StockImages(desk, spec, new UbuntuImages(desk, _http, images ?? new Uri(UbuntuImages.Source)));
        var baked = new BakedImages(desk);
        var network = new LocalNetwork(desk);
        _start = new MachineStart(desk);
        var preflight = new LocalPreflight(desk, spec, _start);
        var machines = new LocalMachines(desk, spec, new RootDisk(qemuImg), _start);
        var places = new BuildPlaces(desk, machines, network);
        Account = new LocalAccount(preflight);
        Lock = new LocalLock(desk);
        Network = network;
        Secrets = new LocalSecrets(desk);
        Disks = new LocalDisks(desk, qemuImg);
        Images = new LocalImages(desk, stock, baked);
        Machines = machines;
        Bakery = new LocalBakery(stock, baked, places,
            new LocalBuilder(desk, spec, preflight, stock, places, machines, network, new DiskToImage(desk, qemuImg, baked)));
    }

    public IAccount Account { get; }

    public IStackLock Lock { get; }

    public IAddresses Addresses { get; } = new LocalAddresses();

    public INetwork Network { get; }

    public ISecretStore Secrets { get; }

    public IDisks Disks { get; }

    public IImages Images { get; }

    public IMachines Machines { get; }

    public IConsole Console { get; } = new LocalConsole();

    public IBakery Bakery { get; }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        _start.Dispose();
        return ValueTask.CompletedTask;
    }
}
