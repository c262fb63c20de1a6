using System.Security.Cryptography;
using System.Text;
using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Clouds.Facts.Aws;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Images;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Machines;

/// <summary>Makes an instance, once, whatever gets lost on the way.</summary>
internal sealed class AwsInstanceStart(AwsBorder border, AwsImages images)
{
    /// <summary>How often a start that broke inside AWS is tried again.</summary>
    private const int Breakdowns = 3;

    /// <summary>Tokens of machines that were terminated stay used for a day or more.</summary>
    private const int Attempts = 50;

    private const string Quota = "VcpuLimitExceeded";

    private static readonly TimeSpan Booting = TimeSpan.FromMinutes(10);

    /// <returns>A running instance.</returns>
    /// <param name="room">The reservation that it starts in; null: wherever there is room.</param>
    public async Task<Instance> RunAsync(
        MachineWanted wanted, Image image, string nicId, string? room, CancellationToken cancel)
    {
        var doing = $"creating the machine {wanted.Name}";
        var began = border.Time.GetTimestamp();
        for (int attempt = 0, broken = 0; attempt < Attempts; attempt++)
        {
            Instance instance;
            try
            {
                instance = await border.MakeAsync<Instance>(doing, _ => Task.FromResult<Instance?>(null), async c =>
                    (await border.Ec2.RunInstancesAsync(Request(wanted, image, nicId, room, attempt), c)).Reservation.Instances[0], i =>
                        i.InstanceId, cancel);
            }
            catch (CloudException e) when (AwsErrors.Code(e) is "IdempotentInstanceTerminated" or "IdempotentParameterMismatch")
            {
                continue;
            }
            catch (CloudException e) when (AwsErrors.Code(e) == Quota && AwsVcpuQuota.Of(wanted.Type) is { } quota)
            {
                throw new CloudException(CloudFailure.Quota, doing, $"{Quota}: the account may have no more machines of this kind",
                    quota.Advice(wanted.Type), e);
            }
            catch (CloudException e) when (AwsErrors.Code(e) == "InvalidNetworkInterface.InUse")
            {
                await FreeAsync(doing, nicId, e, border.Time.GetElapsedTime(began), cancel);
                attempt--;
                continue;
            }
            // The answer of older days to a used token: the instance that it was used for.
            if (instance.State.Name.Value is "terminated" or "shutting-down")
                continue;
            var (running, reason) = await UntilRunningAsync(doing, instance, cancel);
            if (reason is null)
                return running;
            if (reason.Code != "Server.InternalError" || ++broken == Breakdowns)
                throw Failed(doing, "RunInstances", $"{instance.InstanceId} ended", reason);
        }
        throw new CloudException(CloudFailure.Refused, doing, $"EC2 remembers {Attempts} machines that have been here",
            "launch again tomorrow");
    }

    private RunInstancesRequest Request(MachineWanted wanted, Image image, string nicId, string? room, int attempt)
    {
        var request = Request(wanted, image, images.RootDevice(image.Id));
        request.ClientToken = Token(wanted, image, nicId, room, attempt);
        request.CapacityReservationSpecification = room is null ? null : AwsReservations.In(room);
        request.NetworkInterfaces = [new InstanceNetworkInterfaceSpecification { DeviceIndex = 0, NetworkInterfaceId = nicId }];
        return request;
    }

    /// <summary>All of a request but where the machine stands.</summary>
    internal static RunInstancesRequest Request(MachineWanted wanted, Image image, string rootDevice) => new()
    {
        ImageId = image.Id,
        InstanceType = wanted.Type,
        MinCount = 1,
        MaxCount = 1,
        IamInstanceProfile = wanted.Identity is null ? null : new IamInstanceProfileSpecification { Name = wanted.Identity },
        UserData = Convert.ToBase64String(wanted.UserData.Span),
        DisableApiTermination = wanted.HasDataDisk ? true : null,
        InstanceInitiatedShutdownBehavior = ShutdownBehavior.Stop,
        MetadataOptions = new InstanceMetadataOptionsRequest
        {
            HttpEndpoint = InstanceMetadataEndpointState.Enabled,
            HttpTokens = HttpTokensState.Required,
            HttpPutResponseHopLimit = 1
        },
        BlockDeviceMappings =
        [
            new BlockDeviceMapping
            {
                DeviceName = rootDevice,
                Ebs = new EbsBlockDevice { VolumeSize = wanted.DiskGb, VolumeType = VolumeType.Gp3, Encrypted = true,
                    KmsKeyId = wanted.Owner.KmsKey, DeleteOnTermination = true },
            },
        ],
        TagSpecifications =
        [
            AwsTags.For(wanted.Owner, ResourceType.Instance, wanted.Name,
                [(AwsTags.Role, wanted.Group), ("baker:image", image.Name),
                    .. wanted.Release is { } release ? new[] { (AwsTags.Release, release) } : []]),
            AwsTags.For(wanted.Owner, ResourceType.Volume, wanted.Name),
        ],
    };

    private async Task<(Instance Instance, StateReason? Reason)> UntilRunningAsync(
        string doing, Instance instance, CancellationToken cancel)
    {
        var failed = false;
        var last = await border.UntilAsync(doing, async c =>
        {
            var seen = (await AwsInstances.InstancesAsync(border, [new Filter("instance-id", [instance.InstanceId])], c)).FirstOrDefault();
            failed |= seen is { State.Name.Value: "shutting-down" or "terminated" or "stopping" or "stopped" };
            // One that failed holds the interface until it is gone.
            return seen?.State.Name.Value is "running" or "terminated" or "stopped" ? seen : null;
        }, Booting, cancel);
        return (last, failed ? last.StateReason ?? new StateReason
        {
            Code = last.State.Name.Value,
            Message = last.StateTransitionReason ?? "EC2 gives no reason"
        } : null);
    }

    /// <summary>
    /// A machine that has ended lets its interface go some seconds later; one that lives was not seen when this launch looked.
    /// </summary>
    private async Task FreeAsync(string doing, string nicId, CloudException refused, TimeSpan waited, CancellationToken cancel)
    {
        var found = await AwsInstances.InstancesAsync(border, [new Filter("network-interface.network-interface-id", [nicId])], cancel);
        if (found.Find(i => i.State.Name.Value is "pending" or "running" or "stopping" or "stopped") is { } holder)
            throw new CloudException(CloudFailure.Taken, doing, $"{holder.InstanceId} has its network interface already",
                "launch again: the machine will be found", refused);
        if (waited > Booting)
            throw new CloudException(CloudFailure.Taken, doing, "its network interface is still held by a machine that ends",
                "launch again in some minutes", refused);
        await Task.Delay(TimeSpan.FromSeconds(3), border.Time, cancel);
    }

    private static string Token(MachineWanted wanted, Image image, string nicId, string? room, int attempt) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{nicId}\n{image.Id}\n{wanted.Type}\n{wanted.UserDataDigest}\n"
                + $"{wanted.DiskGb}\n{wanted.Identity}\n{room}\n{attempt}")))[..48];

    /// <summary>A start that EC2 took, and that came to nothing.</summary>
    internal static CloudException Failed(string doing, string action, string what, StateReason reason)
    {
        var kind = AwsErrorTable.Of(action, reason.Code, reason.Message ?? "");
        return new CloudException(AwsAdvice.Kind(kind), doing, $"{what}: {reason.Code}: {reason.Message}", reason.Code switch
        {
            "Client.InternalError" =>
                "often the key of the disk: the account's EBS key must be enabled, and its policy must let EC2 use it",
            "Client.VolumeLimitExceeded" => "ask for more gp3 storage under Service Quotas, EBS",
            _ => AwsAdvice.Of(kind, reason.Code, reason.Message ?? ""),
        });
    }
}
