using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>What is tied to an instance that is there. Each looks first: a run that was cut off may have done it.</summary>
internal sealed class GoogleTies(Compute compute)
{
    private static readonly GoogleJson Json = GoogleJson.Default;

    /// <summary>The machine is stopped.</summary>
    public async Task IdentityAsync(VirtualMachine machine, MachineWanted wanted, CancellationToken cancel)
    {
        var doing = $"giving {machine.Name} {(wanted.Identity is { } account ? $"the service account {account}" : "no service account")}";
        var patience = compute.Patience(doing, Patience.Gone);
        Refusal? refusal;
        do
            refusal = await compute.PostAsync($"{machine.Id}/setServiceAccount", InstanceBody.Account(wanted), Json.ServiceAccount, doing,
                cancel);
        while (wanted.MakesIdentity && refusal is { IsAccountUnknown: true }
            && await patience.WaitAsync("it is not known here yet", cancel));
        await DoneAsync(Task.FromResult(refusal), doing);
    }

    public async Task GroupAsync(VirtualMachine machine, MachineWanted wanted, CancellationToken cancel)
    {
        var doing = $"setting the network tags of {machine.Name}";
        await DoneAsync(compute.Patience(doing, Patience.Crowded).WriteAsync<Instance>(
            async () => await GetAsync(machine, doing, cancel), i => i.Tags?.Fingerprint,
            found => compute.PostAsync($"{machine.Id}/setTags", InstanceBody.Tagged(found.Tags, wanted), Json.Tags, doing, cancel),
            cancel), doing);
    }

    public async Task AddressAsync(VirtualMachine machine, PublicAddress address, CancellationToken cancel)
    {
        var doing = $"giving {machine.Name} the address {address.Ip}";
        var found = await GetAsync(machine, doing, cancel);
        var configs = found.NetworkInterfaces is [var first, ..] ? first.AccessConfigs ?? [] : [];
        if (configs.Any(c => c.NatIp == address.Ip))
            return;
        // An interface has one at most.
        foreach (var config in configs)
            await DoneAsync(compute.PostAsync($"{machine.Id}/deleteAccessConfig", doing, cancel,
                ("accessConfig", config.Name), ("networkInterface", InstanceBody.Interface)), doing);
        await DoneAsync(compute.PostAsync($"{machine.Id}/addAccessConfig", await compute.AccessAsync(address, doing, cancel),
            Json.AccessConfig, doing, cancel, ("networkInterface", InstanceBody.Interface)), doing);
    }

    public async Task DiskAsync(VirtualMachine machine, Live.Disk disk, CancellationToken cancel)
    {
        var doing = $"attaching {disk.Name} to {machine.Name}";
        if ((await GetAsync(machine, doing, cancel)).Disks?.Any(d => d.Source is { } s && GooglePlace.Path(s) == disk.Id) != true)
            await DoneAsync(compute.PostAsync($"{machine.Id}/attachDisk", InstanceBody.Data(disk), Json.AttachedDisk, doing,
                cancel), doing);
    }

    private async Task<Instance> GetAsync(VirtualMachine machine, string doing, CancellationToken cancel) =>
        await compute.FindAsync(machine.Id, Json.Instance, doing, cancel)
            ?? throw new CloudException(CloudFailure.Refused, doing, "it is gone", "launch again");

    private static async Task DoneAsync(Task<Refusal?> asked, string doing)
    {
        if (await asked is { } refusal)
            throw refusal.ToException(doing);
    }
}
