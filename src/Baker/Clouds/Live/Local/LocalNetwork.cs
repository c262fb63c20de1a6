using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Baker.Clouds.Live.Local.Files;
using Baker.Clouds.Live.Local.Network;
using Baker.Clouds.Live.Local.Qemu;

namespace Baker.Clouds.Live.Local;

/// <summary>
/// The network of a stack: what is written down about it, and the ports of this machine that lead into it. The rules between its
/// machines are kept by the machines themselves.
/// </summary>
internal sealed class LocalNetwork(Desk desk) : INetwork
{
    private const string Kind = "private network";

    public bool IsZonal => false;

    public Task EnsureAsync(NetworkWanted wanted, string zone, CancellationToken cancel) =>
        Guarded.RunAsync($"creating the network of {wanted.Owner.Stack}", async () =>
    {
        var stack = desk.Folder(wanted.Owner);
        var record = new NetworkRecord(CidrOf(wanted), OpenPorts(wanted));
        var before = stack.Network;
        PrivateFiles.MakeFolder(stack.Path);
        LocalJson.Write(stack.NetworkFile, record, LocalJson.Default.NetworkRecord);
        if (before is null)
            return;
        foreach (var folder in stack.AllMachines)
            await ForwardAsync(folder, before, record, cancel);
    });

    /// <summary>Ports of this machine that lead into the stack.</summary>
    public Task<ImmutableArray<string>> DifferencesAsync(NetworkWanted wanted, CancellationToken cancel) =>
        Guarded.RunAsync<ImmutableArray<string>>($"looking at the network of {wanted.Owner.Stack}", () =>
    {
        if (desk.Folder(wanted.Owner).Network is not { } record)
            return [];
        var ports = OpenPorts(wanted);
        return [.. ports.Except(record.Ports).Select(p => Port("opens", p)), .. record.Ports.Except(ports).Select(p => Port("closes", p))];
    });

    private static string Port(string what, OpenPort port) =>
        string.Create(CultureInfo.InvariantCulture, $"this machine {what} its way to port {port.Port} of {port.Group}");

    /// <summary>Every machine has its own way out.</summary>
    public Task EnsureNatAsync(NetworkWanted wanted, CancellationToken cancel) => Task.CompletedTask;

    public ImmutableArray<Resource> Makes(StackWanted wanted) =>
        [new Resource(Kind, PrivateLink.NameOf(desk.Folder(wanted.Owner)), "")];

    public Task<ImmutableArray<Resource>> FindAsync(StackOwner owner, CancellationToken cancel) =>
        Guarded.RunAsync<ImmutableArray<Resource>>($"looking for the network of {owner.Stack}", () =>
        desk.Folder(owner) is { Network: not null } stack
            ? [new Resource(Kind, PrivateLink.NameOf(stack), stack.NetworkFile)]
            : []);

    /// <summary>Also sweeps up what was left by launches that were cut off. A data disk that is kept keeps its secrets.</summary>
    public Task<ImmutableArray<Resource>> DeleteAsync(StackOwner owner, CancellationToken cancel) =>
        Guarded.RunAsync<ImmutableArray<Resource>>($"deleting the network of {owner.Stack}", () =>
    {
        var stack = desk.Folder(owner);
        if (!Directory.Exists(stack.Path))
            return [];
        var alive = stack.AllMachines.Where(m => new QemuProcess(m, desk.Time).Find() is not null).ToArray();
        if (alive.Length > 0)
            return [.. alive.Select(m => new Resource(
                Kind, stack.Name, stack.NetworkFile, $"the machine {m.Name} still uses it"))];
        foreach (var machine in stack.AllMachines)
            machine.Clear();
        File.Delete(stack.NetworkFile);
        stack.Prune();
        if (!Directory.Exists(stack.Disks) && Directory.Exists(stack.Path))
            Directory.Delete(stack.Path, recursive: true);
        return [];
    });

    public static ImmutableArray<OpenPort> OpenPorts(NetworkWanted wanted) =>
        [.. wanted.Rules.Where(r => r.FromGroup is null && r.Networks.Length > 0).Select(r => new OpenPort(r.ToGroup, r.Port)).Distinct()];

    private static string CidrOf(NetworkWanted wanted) => wanted.Cidr ?? wanted.Subnets[0].Cidr;

    private async Task ForwardAsync(MachineFolder folder, NetworkRecord before, NetworkRecord after, CancellationToken cancel)
    {
        if (folder.Record is not { } machine || new QemuProcess(folder, desk.Time).Find() is not { } running)
            return;
        var old = PortForward.Of(before.Ports, machine.Group, machine.Address);
        var wanted = PortForward.Of(after.Ports, machine.Group, machine.Address);
        foreach (var forward in old.Except(wanted))
            await MonitorAsync(running, $"hostfwd_remove {QemuCommand.OutsideNetdev} {forward.Closing}", cancel);
        foreach (var forward in wanted.Except(old))
            await MonitorAsync(running, $"hostfwd_add {QemuCommand.OutsideNetdev} {forward.Rule}", cancel);
    }

    // Ports are opened and closed by the people's monitor only, which answers with a sentence when it refuses.
    private static async Task MonitorAsync(RunningProcess running, string line, CancellationToken cancel)
    {
        try
        {
            var answer = await QemuProcess.TellAsync(running, "human-monitor-command", new JsonObject { ["command-line"] = line }, cancel);
            if (answer.Trim() is { Length: > 0 } words && !words.Contains("removed", StringComparison.Ordinal))
                throw new CloudException(CloudFailure.Taken, "changing the ports of this machine that lead into the stack", words);
        }
        catch (QmpException e)
        {
            throw new CloudException(CloudFailure.Refused, "changing the ports of this machine that lead into the stack", e.Message,
                inner: e);
        }
    }
}
