using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>Type and root disk of an instance that is stopped. Each looks first: a run that was cut off may have done it.</summary>
internal sealed class GoogleShape(Compute compute, GooglePlace place)
{
    private static readonly GoogleJson Json = GoogleJson.Default;

    public async Task SetAsync(VirtualMachine machine, MachineWanted wanted, CancellationToken cancel)
    {
        var doing = $"making {machine.Name} a {wanted.Type} with {wanted.DiskGb} GB";
        var found = await compute.FindAsync(machine.Id, Json.Instance, doing, cancel)
            ?? throw new CloudException(CloudFailure.Refused, doing, "it is gone", "launch again");
        if (found.Disks?.FirstOrDefault(d => d.Boot == true) is { Source: { } root } boot && boot.DiskSizeGb < wanted.DiskGb)
            await DoneAsync(compute.PostAsync($"{GooglePlace.Path(root)}/resize", new DisksResizeRequest(wanted.DiskGb),
                Json.DisksResizeRequest, doing, cancel), doing);
        if (GooglePlace.Name(found.MachineType) != wanted.Type)
            await DoneAsync(compute.PostAsync($"{machine.Id}/setMachineType",
                new InstancesSetMachineTypeRequest(place.Zonal(machine.Zone, $"machineTypes/{wanted.Type}")),
                Json.InstancesSetMachineTypeRequest, doing, cancel), doing);
    }

    private static async Task DoneAsync(Task<Refusal?> asked, string doing)
    {
        if (await asked is { } refusal)
            throw refusal.ToException(doing);
    }
}
