using System.Collections.Immutable;
using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Disks;
using Baker.Clouds.Live.Aws.Images;
using Baker.Clouds.Live.Aws.Network;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Machines;

/// <summary>EC2 instances.</summary>
internal sealed class AwsInstances(AwsBorder border, AwsGround ground, AwsInterfaces interfaces, AwsAddresses addresses, AwsDisks disks,
    AwsImages images, AwsReservations reservations) : IMachines
{
    /// <summary>A start takes less than a minute; a stop waits for the guest, which may take several.</summary>
    private static readonly TimeSpan Changing = TimeSpan.FromMinutes(15);

    /// <summary>A start that EC2 has taken shows in every answer after some seconds.</summary>
    private static readonly TimeSpan Spreading = TimeSpan.FromMinutes(1);

    private static readonly string[] NotGone = ["pending", "running", "shutting-down", "stopping", "stopped"];

    private readonly AwsInstanceStart _start = new(border, images);
    private readonly AwsInstanceIdentity _identity = new(border);

    public bool TakesUserDataLive => false;

    public bool TakesIdentityLive => true;

    /// <summary>All types that Baker takes are x86-64, and its images have the drivers of every generation.</summary>
    public bool TakesType(VirtualMachine machine, MachineWanted wanted) => true;

    public async Task<ImmutableArray<VirtualMachine>> FindAsync(StackOwner owner, CancellationToken cancel)
    {
        var instances = await InstancesAsync(border, AwsTags.Mine(owner, null, new Filter("instance-state-name", [.. NotGone])), cancel);
        var sizes = await disks.SizesAsync([.. instances.Select(RootVolume).OfType<string>()], cancel);
        var machines = instances.Select(i => Known(i, owner) with
        {
            DiskGb = RootVolume(i) is { } root && sizes.TryGetValue(root, out var size)
            ? size : null
        }).ToImmutableArray();
        foreach (var twice in machines.Where(m => m.State != MachineState.Dying).GroupBy(m => m.Name).Where(g => g.Count() > 1))
            throw new CloudException(CloudFailure.Taken, "looking for machines",
                $"{string.Join(" and ", twice.Select(m => m.Id))} are both called {twice.Key}", "terminate the one that is not needed");
        return machines;
    }

    public async Task<VirtualMachine> CreateAsync(MachineWanted wanted, Placement placement, CancellationToken cancel)
    {
        await DyingAsync(wanted, cancel);
        var nic = await interfaces.EnsureAsync(wanted, ground.Subnet(wanted.Subnet).Id, ground.Group(wanted.Group), cancel);
        if (placement.PublicAddress is { } address)
            await addresses.AssociateAsync(address, nic, cancel);
        Instance instance;
        try
        {
            var room = placement.Room is { } kept && await reservations.KeepsAsync(kept.Id, cancel) ? kept : null;
            instance = await _start.RunAsync(wanted, placement.Image, nic.NetworkInterfaceId, room?.Id, cancel);
        }
        catch (CloudException e) when (e.Failure is CloudFailure.NoCapacity or CloudFailure.Quota)
        {
            // Another type may begin in another zone again, and the subnet can only move there when nothing is in it.
            await interfaces.DeleteAsync(nic, cancel);
            throw;
        }
        await FinishAsync(instance.InstanceId, wanted, placement.DataDisk, cancel);
        return Known(instance, wanted.Owner);
    }

    public async Task TieAsync(VirtualMachine machine, MachineWanted wanted, ImmutableArray<Tie> loose, PublicAddress? address, Disk? disk,
        CancellationToken cancel)
    {
        if (loose.Contains(Tie.Identity))
            await _identity.SetAsync(machine, wanted.Identity, cancel);
        if (loose.Contains(Tie.Firewall) || loose.Contains(Tie.PublicAddress))
        {
            var nic = await interfaces.OfMachineAsync(machine, cancel);
            if (loose.Contains(Tie.Firewall))
                await interfaces.SetGroupAsync(machine, nic, ground.Group(wanted.Group), cancel);
            if (loose.Contains(Tie.PublicAddress))
                await addresses.AssociateAsync(address!, nic, cancel);
        }
        if (loose.Contains(Tie.DataDisk))
            await disks.AttachAsync(disk!, machine.Id, wanted.Owner, cancel);
    }

    public async Task<ReadOnlyMemory<byte>> UserDataAsync(VirtualMachine machine, CancellationToken cancel) =>
        Convert.FromBase64String(await UserDataAsync(machine, $"reading the user-data of {machine.Name}", cancel));

    private async Task<string> UserDataAsync(VirtualMachine machine, string doing, CancellationToken cancel)
    {
        var has = await border.SendAsync(doing, c => border.Ec2.DescribeInstanceAttributeAsync(
            new DescribeInstanceAttributeRequest { InstanceId = machine.Id, Attribute = InstanceAttributeName.UserData }, c), cancel);
        return has.InstanceAttribute?.UserData ?? "";
    }

    public async Task ChangeUserDataAsync(VirtualMachine machine, MachineWanted wanted, CancellationToken cancel)
    {
        var doing = $"giving {machine.Name} new user-data";
        var has = await UserDataAsync(machine, doing, cancel);
        var text = Convert.ToBase64String(wanted.UserData.Span);
        if (wanted.Release is { } release && machine.Release != release)
            await TagAsync(machine.Id, wanted, AwsTags.Release, release, cancel);
        // The same: a launch was cut off before it had finished this machine.
        if (has != text)
        {
            await StopAsync(machine, cancel);
            await border.SendAsync(doing, c => border.Ec2.ModifyInstanceAttributeAsync(
                new ModifyInstanceAttributeRequest
                {
                    InstanceId = machine.Id,
                    UserData = new SecureBlobAttributeValue { Value = new MemoryStream(wanted.UserData.ToArray()) }
                }, c), cancel);
        }
        if (machine.State is MachineState.Running or MachineState.Starting)
            await StartAsync(machine, cancel);
        await FinishAsync(machine.Id, wanted, wanted.HasDataDisk ? await disks.FindAsync(wanted.Owner, cancel) : null, cancel);
    }

    public async Task ReshapeAsync(VirtualMachine machine, MachineWanted wanted, CancellationToken cancel)
    {
        var doing = $"making {machine.Name} a {wanted.Type} with {wanted.DiskGb} GB";
        await StopAsync(machine, cancel);
        var seen = await OneAsync(machine, doing, cancel);
        if (RootVolume(seen) is { } root)
            await disks.GrowRootAsync(root, machine.Name, wanted.DiskGb, cancel);
        if (seen.InstanceType != wanted.Type)
            await border.SendAsync(doing, c => border.Ec2.ModifyInstanceAttributeAsync(
                new ModifyInstanceAttributeRequest { InstanceId = machine.Id, InstanceType = wanted.Type }, c), cancel);
    }

    public async Task StartAsync(VirtualMachine machine, CancellationToken cancel)
    {
        var doing = $"starting {machine.Name}";
        var seen = await OneAsync(machine, doing, cancel);
        var state = seen.State.Name.Value;
        if (state == "running")
            return;
        if (state == "stopping")
            await UntilStateAsync(machine, doing, "stopped", cancel);
        if (state != "pending")
        {
            await reservations.AimAsync(seen, machine, cancel);
            await border.SendAsync(doing, c => border.Ec2.StartInstancesAsync(new StartInstancesRequest { InstanceIds = [machine.Id] }, c),
                cancel);
        }
        await UntilRunningAsync(machine, doing, cancel);
    }

    /// <summary>A start that EC2 has taken may still come to nothing: the machine is stopped again, and says why.</summary>
    private async Task UntilRunningAsync(VirtualMachine machine, string doing, CancellationToken cancel)
    {
        var (began, isBegun) = (border.Time.GetTimestamp(), false);
        await border.UntilAsync(doing, async c =>
        {
            var seen = await OneAsync(machine, doing, c);
            var state = seen.State.Name.Value;
            isBegun |= state is "pending" or "running";
            return state switch
            {
                "running" => seen,
                "shutting-down" or "terminated" => throw Gone(machine, doing, state),
                // Before the start is seen everywhere, the stop of before may be.
                "stopped" when isBegun || border.Time.GetElapsedTime(began) > Spreading => throw AwsInstanceStart.Failed(
                    doing, "StartInstances", $"{machine.Id} is stopped again", seen.StateReason
                        ?? new StateReason { Code = state, Message = seen.StateTransitionReason }),
                _ => null,
            };
        }, Changing, cancel);
    }

    public async Task StopAsync(VirtualMachine machine, CancellationToken cancel)
    {
        var doing = $"stopping {machine.Name}";
        var seen = await OneAsync(machine, doing, cancel);
        var state = seen.State.Name.Value;
        if (state == "stopped")
            return;
        if (state == "pending")
            await UntilRunningAsync(machine, doing, cancel);
        if (state != "stopping")
            await border.SendAsync(doing, c => border.Ec2.StopInstancesAsync(new StopInstancesRequest { InstanceIds = [machine.Id] }, c),
                cancel);
        await UntilStateAsync(machine, doing, "stopped", cancel);
        // Whoever starts it by hand knows nothing of a reservation that has gone since.
        await reservations.AimAsync(seen, machine with { Room = null }, cancel);
    }

    public async Task DeleteAsync(VirtualMachine machine, StackOwner owner, bool keepsData, CancellationToken cancel)
    {
        var doing = $"terminating {machine.Name}";
        Task Terminate(CancellationToken c) => border.Ec2.TerminateInstancesAsync(
            new TerminateInstancesRequest { InstanceIds = [machine.Id] }, c);
        try
        {
            await border.RemoveAsync(doing, Terminate, TimeSpan.Zero, cancel);
        }
        catch (CloudException e) when (AwsErrors.Code(e) == "OperationNotPermitted")
        {
            await border.SendAsync($"lifting the protection of {machine.Name}", c => border.Ec2.ModifyInstanceAttributeAsync(
                new ModifyInstanceAttributeRequest { InstanceId = machine.Id, DisableApiTermination = false }, c), cancel);
            await border.RemoveAsync(doing, Terminate, TimeSpan.Zero, cancel);
        }
        await UntilGoneAsync(machine.Id, doing, cancel);
        foreach (var nic in await interfaces.AllAsync(owner, machine.Name, cancel))
            await interfaces.DeleteAsync(nic, cancel);
    }

    /// <summary>
    /// What can only be done once there is an instance. The tag is last, so a machine without it is known to be unfinished.
    /// </summary>
    private async Task FinishAsync(string id, MachineWanted wanted, Disk? disk, CancellationToken cancel)
    {
        if (disk is not null)
            await disks.AttachAsync(disk, id, wanted.Owner, cancel);
        await TagAsync(id, wanted, AwsTags.Digest, wanted.UserDataDigest, cancel);
    }

    private Task<CreateTagsResponse> TagAsync(string id, MachineWanted wanted, string key, string value, CancellationToken cancel) =>
        border.SendAsync(
        $"tagging {wanted.Name}", c => border.Ec2.CreateTagsAsync(
            new CreateTagsRequest { Resources = [id], Tags = [new Tag(key, value)] }, c), cancel);

    /// <summary>A machine that is being deleted holds the interface of its successor.</summary>
    private async Task DyingAsync(MachineWanted wanted, CancellationToken cancel)
    {
        foreach (var dying in await InstancesAsync(
            border, AwsTags.Mine(wanted.Owner, wanted.Name, new Filter("instance-state-name", ["shutting-down"])), cancel))
            await UntilGoneAsync(dying.InstanceId, $"waiting until {dying.InstanceId} is gone", cancel);
    }

    private Task<Instance> UntilGoneAsync(string id, string doing, CancellationToken cancel) => border.UntilAsync(doing, async c =>
    {
        var found = await InstancesAsync(border, [new Filter("instance-id", [id])], c);
        // One that EC2 no longer lists has been gone for an hour.
        return found.Count == 0 ? new Instance() : found[0].State.Name == InstanceStateName.Terminated ? found[0] : null;
    }, Changing, cancel);

    private async Task<string> StateAsync(VirtualMachine machine, string doing, CancellationToken cancel) =>
        (await OneAsync(machine, doing, cancel)).State.Name.Value;

    private async Task<Instance> OneAsync(VirtualMachine machine, string doing, CancellationToken cancel)
    {
        var found = await InstancesAsync(border, [new Filter("instance-id", [machine.Id])], cancel);
        return found.Count == 0 ? throw new CloudException(CloudFailure.Refused, doing, $"{machine.Id} is gone") : found[0];
    }

    private static CloudException Gone(VirtualMachine machine, string doing, string state) =>
        new(CloudFailure.Refused, doing, $"{machine.Id} is {state}", "`baker launch` makes it anew");

    private Task<string> UntilStateAsync(VirtualMachine machine, string doing, string wanted, CancellationToken cancel) =>
        border.UntilAsync(doing, async c =>
    {
        var state = await StateAsync(machine, doing, c);
        return state == wanted ? state
            : state is "shutting-down" or "terminated"
                ? throw Gone(machine, doing, state) : null;
    }, Changing, cancel);

    internal static async Task<List<Instance>> InstancesAsync(AwsBorder border, List<Filter> filters, CancellationToken cancel)
    {
        var found = await border.SendAsync("looking for machines", c =>
            border.Pages.InstancesAsync(new DescribeInstancesRequest { Filters = filters }, c), cancel);
        return [.. (found.Reservations ?? []).SelectMany(r => r.Instances ?? [])];
    }

    /// <summary>Null: EC2 has not attached it yet.</summary>
    private static string? RootVolume(Instance i) =>
        i.BlockDeviceMappings?.FirstOrDefault(m => m.DeviceName == i.RootDeviceName)?.Ebs?.VolumeId;

    private static VirtualMachine Known(Instance i, StackOwner owner) => new(
        AwsTags.Name(i.Tags), i.InstanceId,
        i.State.Name.Value switch
        {
            "pending" => MachineState.Starting,
            "running" => MachineState.Running,
            "stopping" => MachineState.Stopping,
            "stopped" => MachineState.Stopped,
            _ => MachineState.Dying,
        },
        i.Placement?.AvailabilityZone ?? "", i.InstanceType.Value, i.PrivateIpAddress ?? "",
        i.PublicIpAddress is { Length: > 0 } ip ? ip : null, i.ImageId,
        AwsTags.Value(i.Tags, AwsTags.Digest), new DateTimeOffset(
            DateTime.SpecifyKind((i.LaunchTime ?? default).ToUniversalTime(), DateTimeKind.Utc)),
        Release: AwsTags.Value(i.Tags, AwsTags.Release))
    {
        Ties = Ties(i, owner),
    };

    private static MachineTies Ties(Instance i, StackOwner owner)
    {
        var nic = i.NetworkInterfaces?.FirstOrDefault();
        return new MachineTies(
            i.IamInstanceProfile?.Arn is { } profile ? profile[(profile.LastIndexOf('/') + 1)..] : null,
            [.. (nic?.Groups ?? []).Select(g => AwsFirewall.Group(g, owner))],
            nic?.Association?.PublicIp, [.. (i.BlockDeviceMappings ?? []).Select(m => m.Ebs?.VolumeId).OfType<string>()]);
    }
}
