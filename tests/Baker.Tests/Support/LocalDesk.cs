using System.Collections.Immutable;
using System.Text;
using Baker.Clouds.Facts.Local;
using Baker.Clouds.Live;
using Baker.Clouds.Live.Local;

namespace Baker.Tests.Support;

/// <summary>This machine as a cloud, with all of its files in one folder that goes with the test.</summary>
public sealed class LocalDesk : IAsyncDisposable
{
    public const string Network = "10.77.0.0/16";

    private readonly TemporaryFolder _folder = new();
    private readonly List<LocalCloud> _clouds = [];

    public LocalDesk(string stack = "desk") =>
        Owner = new StackOwner(stack, "0123456789ab", "gitlab.desk.test", ImmutableSortedDictionary<string, string>.Empty, null);

    public StackOwner Owner { get; }

    public string Path => _folder.Path;

    public string StackFolder => System.IO.Path.Combine(Path, "state", "baker", $"{Owner.Stack}-{Owner.Id}");

    public string State => System.IO.Path.Combine(Path, "state", "baker");

    public string Images => System.IO.Path.Combine(Path, "cache", "baker", "images");

    public ScaledTime Time { get; } = new();

    public List<string> Said { get; } = [];

    /// <summary>Replaces variables of the environment.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public string File(string name, string content) => _folder.File(name, content);

    /// <summary>Another Baker on the same machine.</summary>
    public LocalCloud Cloud(string? image = null, string? kernel = null, string? initrd = null, Uri? images = null)
    {
        var cloud = new LocalCloud(new LocalSpec(new LocalFacts(), image, kernel, initrd), new Surroundings(Variable, Time, Path, Said.Add), images);
        _clouds.Add(cloud);
        return cloud;
    }

    /// <summary>A disk that says a kernel's first words, and halts.</summary>
    public string HaltingImage()
    {
        var path = System.IO.Path.Combine(Path, "halting.img");
        System.IO.File.WriteAllBytes(path, HaltingKernel.Disk);
        return path;
    }

    public NetworkWanted WantedNetwork(params ImmutableArray<(string Group, int Port)> ports) => new(
        Owner, null, Network, [new SubnetWanted(Owner.Stack, true, Network, null)], false, null,
        [.. ports.Select(p => new FirewallRule(null, ["0.0.0.0/0"], p.Group, p.Port, "people"))], []);

    public MachineWanted WantedMachine(
        string group, string address, string userData = "#cloud-config\n{}\n", string type = "1cpu-1gb", int diskGb = 1, ImmutableArray<string> secrets = default, bool hasData = false) =>
        new(Owner, $"{Owner.Stack}-{group}", group, type, null, diskGb, address, Owner.Stack, null, new ImageWanted("auto", null, group, "f", false, 30),
            secrets.IsDefault ? [] : secrets, Encoding.UTF8.GetBytes(userData), $"digest of {userData.Length}", false, hasData, false);

    public StackWanted Wanted(NetworkWanted network, params ImmutableArray<MachineWanted> machines) => new(Owner, network, null, null, machines);

    public async ValueTask DisposeAsync()
    {
        // A test that failed half-way leaves machines: they go by the same way as everybody's.
        var cloud = Cloud();
        foreach (var machine in await cloud.Machines.FindAsync(Owner, CancellationToken.None))
            await cloud.Machines.DeleteAsync(machine, Owner, keepsData: false, CancellationToken.None);
        foreach (var each in _clouds)
            await each.DisposeAsync();
        _folder.Dispose();
    }

    public string? Variable(string name) => Variables.GetValueOrDefault(name) ?? name switch
    {
        "XDG_STATE_HOME" => System.IO.Path.Combine(Path, "state"),
        "XDG_CACHE_HOME" => System.IO.Path.Combine(Path, "cache"),
        _ => Environment.GetEnvironmentVariable(name),
    };
}
