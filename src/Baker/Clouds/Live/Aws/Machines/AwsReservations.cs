using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Clouds.Facts.Aws;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Machines;

/// <summary>
/// On-demand capacity reservations, each for one machine that names it: what an open one keeps, any machine of the account would take.
/// EC2 User Guide, "On-Demand Capacity Reservations": one that is active and unused counts toward the account's limits, beside the
/// machines that run; cancelled, it leaves a machine that runs in it alone, but one that is stopped and still names it starts no more.
/// </summary>
internal sealed class AwsReservations(AwsBorder border) : IReservations
{
    /// <summary>Longer than any stop and start. EC2 ends it within an hour after that, also when nobody cancels it.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromHours(2);

    /// <summary>Until it is shown as active: up to five minutes, says EC2's user guide.</summary>
    private static readonly TimeSpan Making = TimeSpan.FromMinutes(6);

    public async Task<ReservationsFound> FindAsync(StackOwner owner, CancellationToken cancel)
    {
        try
        {
            return new([.. (await AllAsync(owner, cancel)).Select(Known)]);
        }
        catch (CloudException e) when (e.Failure == CloudFailure.Denied)
        {
            return new([], $"capacity reservations that an earlier run left: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    public async Task<Reservation> MakeAsync(MachineWanted wanted, VirtualMachine present, CancellationToken cancel)
    {
        var doing = $"reserving a {wanted.Type} in {present.Zone} for {wanted.Name}";
        var request = new CreateCapacityReservationRequest
        {
            AvailabilityZone = present.Zone,
            ClientToken = AwsBorder.NewToken(),
            EndDate = (border.Time.GetUtcNow() + Lasting).UtcDateTime,
            EndDateType = EndDateType.Limited,
            InstanceCount = 1,
            InstanceMatchCriteria = InstanceMatchCriteria.Targeted,
            InstancePlatform = await PlatformAsync(present, doing, cancel),
            InstanceType = wanted.Type,
            TagSpecifications = [AwsTags.For(wanted.Owner, ResourceType.CapacityReservation, wanted.Name)],
        };
        try
        {
            var made = await border.MakeAsync(doing, async c =>
                (await AllAsync(wanted.Owner, c)).Find(r =>
                    AwsTags.Name(r.Tags) == wanted.Name && r.InstanceType == wanted.Type && r.AvailabilityZone == present.Zone),
                async c => (await border.Ec2.CreateCapacityReservationAsync(request, c)).CapacityReservation,
                r => r.CapacityReservationId, cancel);
            return Known(await border.UntilAsync(doing, c => ActiveAsync(made.CapacityReservationId, doing, c), Making, cancel));
        }
        catch (CloudException e) when (e.Failure == CloudFailure.Quota && AwsVcpuQuota.Of(wanted.Type) is { } quota)
        {
            throw new CloudException(CloudFailure.Quota, doing,
                $"{AwsErrors.Code(e)}: it counts beside the machine that runs, and the account may have no more",
                quota.Advice(wanted.Type), e);
        }
    }

    public async Task DeleteAsync(Reservation reservation, CancellationToken cancel)
    {
        var doing = $"cancelling the capacity reservation {reservation.Id}";
        try
        {
            await border.RemoveAsync(doing, c => border.Ec2.CancelCapacityReservationAsync(
                new CancelCapacityReservationRequest { CapacityReservationId = reservation.Id }, c), TimeSpan.Zero, cancel);
        }
        catch (CloudException e) when (e.Failure == CloudFailure.Refused)
        {
            // Ended meanwhile, or by a request whose answer got lost.
            if (await KeepsAsync(reservation.Id, cancel))
                throw;
        }
        await border.UntilAsync(doing, async c => await KeepsAsync(reservation.Id, c) ? null : reservation, Making, cancel);
    }

    /// <summary>True while a machine can start in it.</summary>
    public async Task<bool> KeepsAsync(string id, CancellationToken cancel) =>
        (await OneAsync(id, cancel))?.State?.Value is "active" or "pending";

    /// <summary>
    /// Has a stopped machine start in the room that is kept for it, else wherever there is room. A reservation of somebody's own that it
    /// names stays, as long as that keeps any.
    /// </summary>
    public async Task AimAsync(Instance instance, VirtualMachine machine, CancellationToken cancel)
    {
        var named = instance.CapacityReservationSpecification?.CapacityReservationTarget?.CapacityReservationId;
        var room = machine.Room is { } kept && await KeepsAsync(kept.Id, cancel) ? kept.Id : null;
        if (named == room || (named is not null && await KeepsAsync(named, cancel)))
            return;
        await border.SendAsync($"saying where {machine.Name} starts", c => border.Ec2.ModifyInstanceCapacityReservationAttributesAsync(
            new ModifyInstanceCapacityReservationAttributesRequest
            {
                InstanceId = machine.Id,
                CapacityReservationSpecification = room is not null ? In(room)
                    : new CapacityReservationSpecification { CapacityReservationPreference = CapacityReservationPreference.Open },
            }, c), cancel);
    }

    public static CapacityReservationSpecification In(string id) =>
        new() { CapacityReservationTarget = new CapacityReservationTarget { CapacityReservationId = id } };

    private async Task<CapacityReservation?> ActiveAsync(string id, string doing, CancellationToken cancel)
    {
        var seen = await OneAsync(id, cancel);
        return seen?.State?.Value switch
        {
            "active" => seen,
            "pending" or null => null,
            // A request that EC2 took may fail all the same: for room, or for a limit.
            var state => throw new CloudException(CloudFailure.NoCapacity, doing, $"{id} is {state}"),
        };
    }

    /// <summary>The operating system as EC2 bills it: a reservation of another is refused to the machine.</summary>
    private async Task<CapacityReservationInstancePlatform> PlatformAsync(
        VirtualMachine present, string doing, CancellationToken cancel)
    {
        var found = await border.SendAsync(doing, c => border.Pages.InstancesAsync(
            new DescribeInstancesRequest { Filters = [new Filter("instance-id", [present.Id])] }, c), cancel);
        return found.Reservations?.FirstOrDefault()?.Instances?.FirstOrDefault()?.PlatformDetails is { Length: > 0 } platform
            ? platform : CapacityReservationInstancePlatform.LinuxUNIX;
    }

    // Of all, as no filter has its id.
    private async Task<CapacityReservation?> OneAsync(string id, CancellationToken cancel) =>
        (await border.SendAsync("looking at a capacity reservation", c => border.Pages.CapacityReservationsAsync(
            new DescribeCapacityReservationsRequest(), c), cancel)).CapacityReservations?.Find(r => r.CapacityReservationId == id);

    /// <summary>Those of the stack that keep room. EC2 documents no filter by tags for these.</summary>
    private async Task<List<CapacityReservation>> AllAsync(StackOwner owner, CancellationToken cancel)
    {
        var found = await border.SendAsync("looking for capacity reservations", c => border.Pages.CapacityReservationsAsync(
            new DescribeCapacityReservationsRequest { Filters = [new Filter("state", ["active", "pending"])] }, c), cancel);
        return [.. (found.CapacityReservations ?? []).Where(r => AwsTags.IsMine(r.Tags, owner))];
    }

    private static Reservation Known(CapacityReservation r) => new(
        r.CapacityReservationId, AwsTags.Name(r.Tags), r.InstanceType, r.AvailabilityZone,
        new DateTimeOffset(DateTime.SpecifyKind((r.EndDate ?? DateTime.MaxValue.Date).ToUniversalTime(), DateTimeKind.Utc)));
}
