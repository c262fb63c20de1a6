using System.Globalization;
using System.Text;
using Baker.Clouds.Facts;
using Baker.Clouds.Facts.Google;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>An instance as the launcher sees it. Pure.</summary>
internal static class InstanceView
{
    public static VirtualMachine Of(Instance instance, StackOwner owner)
    {
        var network = instance.NetworkInterfaces is [var first, ..] ? first : null;
        var outside = network?.AccessConfigs is [var access, ..] ? access.NatIp : null;
        return new VirtualMachine(
            instance.Name!, GooglePlace.Path(instance.SelfLink), State(instance.Status), GooglePlace.Name(instance.Zone),
            GooglePlace.Name(instance.MachineType),
            network?.NetworkIp ?? "", outside,
            ImageId(instance), Item(instance, InstanceBody.Digest),
            DateTimeOffset.Parse(instance.LastStartTimestamp ?? instance.CreationTimestamp!, CultureInfo.InvariantCulture),
            (int?)instance.Disks?.FirstOrDefault(d => d.Boot == true)?.DiskSizeGb,
            instance.GuestAccelerators?.Select(a => GoogleGpus.Attached(GooglePlace.Name(a.AcceleratorType), a.AcceleratorCount ?? 0))
                .OfType<Gpu>().FirstOrDefault(),
            Item(instance, InstanceBody.Release))
        {
            Ties = new MachineTies(
                instance.ServiceAccounts is [var account, ..] ? account.Email : null,
                [.. (instance.Tags?.Items ?? []).Where(t => GoogleRules.IsOfStack(t, owner))
                    .Select(t => t[GoogleRules.Tag(owner, "").Length..])],
                outside,
                [.. (instance.Disks ?? []).Select(d => d.Source).OfType<string>().Select(GooglePlace.Path)]),
        };
    }

    /// <summary>The image it was made from.</summary>
    public static string ImageId(Instance instance) => Item(instance, InstanceBody.Image) ?? "";

    /// <summary>As it was sent; empty: none.</summary>
    public static ReadOnlyMemory<byte> UserData(Instance instance) => Item(instance, InstanceBody.UserData) is not { } text ? default
        : Item(instance, InstanceBody.Encoding) is null ? Encoding.UTF8.GetBytes(text) : Convert.FromBase64String(text);

    private static MachineState State(string? status) => status switch
    {
        "PROVISIONING" or "STAGING" => MachineState.Starting,
        "STOPPING" or "SUSPENDING" => MachineState.Stopping,
        "STOPPED" or "TERMINATED" or "SUSPENDED" => MachineState.Stopped,
        "DEPROVISIONING" => MachineState.Dying,
        _ => MachineState.Running,
    };

    private static string? Item(Instance instance, string key) => instance.Metadata?.Items?.FirstOrDefault(i => i.Key == key)?.Value;
}
