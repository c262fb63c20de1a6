using Baker.Clouds.Local.Images;

namespace Baker.Clouds.Local;

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
        _start = new MachineStart(desk);
        Account = new LocalAccount(new LocalPreflight(desk, spec, _start));
        Lock = new LocalLock(desk);
        Network = new LocalNetwork(desk);
        Secrets = new LocalSecrets(desk);
        Disks = new LocalDisks(desk, qemuImg);
        Images = new LocalImages(desk, spec, new UbuntuImages(desk, _http, images ?? new Uri(UbuntuImages.Source)));
        Machines = new LocalMachines(desk, spec, new RootDisk(qemuImg), _start);
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

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        _start.Dispose();
        return ValueTask.CompletedTask;
    }
}
