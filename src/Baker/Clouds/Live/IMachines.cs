using System.Collections.Immutable;
using Baker.Clouds.Facts;

namespace Baker.Clouds.Live;

/// <summary>Virtual machines.</summary>
public interface IMachines
{
    /// <summary>True when new user-data reaches a machine without stopping it.</summary>
    bool TakesUserDataLive { get; }

    /// <summary>True when a machine takes another identity without stopping.</summary>
    bool TakesIdentityLive { get; }

    /// <summary>False where only a machine that is made anew can have the type that is wanted. Pure.</summary>
    bool TakesType(VirtualMachine machine, MachineWanted wanted);

    /// <summary>Everything of the stack that is not gone yet.</summary>
    /// <exception cref="CloudException">Two live machines have one name.</exception>
    Task<ImmutableArray<VirtualMachine>> FindAsync(StackOwner owner, CancellationToken cancel);

    /// <summary>Makes a machine and starts it. A machine of that name that is dying is waited for.</summary>
    /// <exception cref="CloudException">With <see cref="CloudFailure.NoCapacity"/>: try another zone. Nothing of the attempt
    /// remains.</exception>
    Task<VirtualMachine> CreateAsync(MachineWanted wanted, Placement placement, CancellationToken cancel);

    /// <summary>The user-data that a machine has now, as it was sent; empty: none.</summary>
    Task<ReadOnlyMemory<byte>> UserDataAsync(VirtualMachine machine, CancellationToken cancel);

    /// <summary>
    /// Gives a machine other user-data; stopped and started where the cloud needs that. What ran when it was found runs afterwards, also
    /// where an earlier call has stopped it.
    /// </summary>
    /// <exception cref="CloudException">With <see cref="CloudFailure.NoCapacity"/>: it is stopped, and may be tried again.</exception>
    Task ChangeUserDataAsync(VirtualMachine machine, MachineWanted wanted, CancellationToken cancel);

    /// <summary>
    /// Stops a machine, and gives it the type that is wanted and a root disk that is large enough. It is stopped afterwards. The guest
    /// sees to its file system at the next start.
    /// </summary>
    Task ReshapeAsync(VirtualMachine machine, MachineWanted wanted, CancellationToken cancel);

    /// <summary>Ties to a machine again what has come loose, or what the spec wants in another's place; the machine stays.</summary>
    /// <param name="loose">What is tied; nothing else is touched.</param>
    /// <param name="address">With <see cref="Tie.PublicAddress"/>.</param>
    /// <param name="disk">With <see cref="Tie.DataDisk"/>.</param>
    Task TieAsync(VirtualMachine machine, MachineWanted wanted, ImmutableArray<Tie> loose, PublicAddress? address, Disk? disk,
        CancellationToken cancel);

    /// <exception cref="CloudException">With <see cref="CloudFailure.NoCapacity"/>: it is stopped, and may be tried again.</exception>
    Task StartAsync(VirtualMachine machine, CancellationToken cancel);

    /// <summary>Shuts down in order; returns when the machine has stopped.</summary>
    Task StopAsync(VirtualMachine machine, CancellationToken cancel);

    /// <summary>
    /// Deletes machine, root disk and network interface, lifting protection; the data disk stays. Returns when it is gone.
    /// </summary>
    /// <param name="keepsData">Its data disk is still wanted, so it shuts down in order where the cloud does not see to that by
    /// itself.</param>
    Task DeleteAsync(VirtualMachine machine, StackOwner owner, bool keepsData, CancellationToken cancel);
}

/// <summary>What only the cloud knew, decided before a machine is made.</summary>
/// <param name="PublicAddress">Null: none.</param>
/// <param name="DataDisk">Null: none.</param>
public sealed record Placement(string Zone, Image Image, PublicAddress? PublicAddress, Disk? DataDisk)
{
    /// <summary>The room that is kept for it; null: none is.</summary>
    public Reservation? Room { get; init; }
}

public enum MachineState
{
    Starting,
    Running,
    Stopping,
    Stopped,

    /// <summary>Being deleted.</summary>
    Dying,
}

/// <param name="ImageId">The image it was made from.</param>
/// <param name="UserDataDigest">Of the user-data it has now; null when it carries none.</param>
/// <param name="Since">When it was last started: console lines from before say nothing about it.</param>
/// <param name="DiskGb">Root disk, gibibytes; null: not known.</param>
/// <param name="AttachedGpu">As <see cref="MachineWanted.AttachedGpu"/>.</param>
/// <param name="Release">Of the user-data that it was given last, or was about to be given; null: not known.</param>
public sealed record VirtualMachine(
    string Name, string Id, MachineState State, string Zone, string Type, string Address, string? PublicIp, string ImageId,
    string? UserDataDigest,
    DateTimeOffset Since, int? DiskGb = null, Gpu? AttachedGpu = null, string? Release = null)
{
    /// <summary>Null: the cloud ties nothing to a machine that could come loose.</summary>
    public MachineTies? Ties { get; init; }

    /// <summary>What it starts in when it has been stopped; null: wherever there is room.</summary>
    public Reservation? Room { get; init; }
}

/// <summary>What belongs to a machine and is a thing of its own in the cloud.</summary>
public enum Tie
{
    Identity,
    Firewall,
    PublicAddress,
    DataDisk,
}

/// <param name="Identity">Instance profile or service account; null: none.</param>
/// <param name="Groups">Those of the stack's firewall by <see cref="MachineWanted.Group"/>, others by the cloud's name for them.</param>
/// <param name="PublicIp">Dotted IPv4; null: none.</param>
/// <param name="Disks">Ids of what is attached, the root disk included.</param>
public sealed record MachineTies(string? Identity, ImmutableArray<string> Groups, string? PublicIp, ImmutableArray<string> Disks);

/// <summary>Boot images.</summary>
public interface IImages
{
    /// <summary>Finds the image to boot; <see cref="Image.Why"/> says why this one.</summary>
    /// <exception cref="CloudException">There is none that fits.</exception>
    Task<Image> ResolveAsync(ImageWanted wanted, CancellationToken cancel);
}

/// <param name="IsBaked">Contains what the role installs.</param>
/// <param name="Why">For the plan: <c>newest Ubuntu 24.04 by Canonical, no baked image fits</c>.</param>
public sealed record Image(string Id, string Name, bool IsBaked, string Why);

/// <summary>What machines write to their serial console.</summary>
public interface IConsole
{
    /// <summary>
    /// What has been written since a place; the beginning with null. Some clouds answer minutes late, and some repeat themselves.
    /// </summary>
    Task<ConsoleText> ReadAsync(VirtualMachine machine, string? since, CancellationToken cancel);
}

/// <param name="Next">Where to go on reading; opaque.</param>
public sealed record ConsoleText(string Text, string? Next);
