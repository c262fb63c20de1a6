using System.Collections.Immutable;
using System.Globalization;

namespace Baker.Clouds.Live.Local.Network;

/// <summary>
/// The cable between the machines of a stack: datagrams between Unix sockets in the stack's own folder, so that nobody else's
/// account reads or sends there. It needs neither root nor a process of its own, and every machine may come and go.
/// </summary>
/// <remarks>
/// Every machine hears at one socket, its place. What its card says goes to a socket of its own, behind which a hub hands it to all
/// other places. What is heard never meets that hub: three hubs joined to a ring would pass frames on for ever.
/// </remarks>
/// <param name="Place">Of the machine, different from those of the stack's other machines.</param>
internal sealed record PrivateLink(int Place)
{
    /// <summary>
    /// More than any stack has. Every machine sends to all of them, whether somebody is there or not, so that none has to be told of
    /// another that comes later.
    /// </summary>
    public const int Places = 8;

    /// <summary>In the stack's folder.</summary>
    public const string FolderName = "link";

    /// <summary>What the card is connected to.</summary>
    public const string Netdev = "private";

    /// <summary>In the machine's folder: what its card says.</summary>
    public const string Said = "said.sock";

    /// <summary>In the machine's folder; never made. A socket must name somebody whom it sends to.</summary>
    private const string Nobody = "nobody.sock";

    private const int CardHub = 0, OthersHub = 1;

    /// <summary>QEMU says so of the hub that no card is at, as it is meant to be.</summary>
    public const string Warning = "warning: hub 1 with no nics";

    /// <summary>As people know it.</summary>
    public static string NameOf(StackFolder stack) => $"{stack.Name}/{FolderName}";

    public static string SocketOf(int place) => place.ToString(CultureInfo.InvariantCulture) + ".sock";

    /// <summary>
    /// Options of QEMU, which runs in the machine's folder. All paths begin there: a socket's may have 107 bytes (unix(7)), and the path
    /// of a stack's folder may have more.
    /// </summary>
    public ImmutableArray<string> Options =>
    [
        "-netdev", $"hubport,id={Netdev},hubid={CardHub}",
        .. Socket("heard", At(Place), Said, CardHub),
        // Takes what the card does not take yet: firmware has no driver for it, and a socket that nobody empties holds up all senders.
        .. Socket("spare", "spare.sock", Nobody, CardHub),
        .. Socket("said", Said, Nobody, OthersHub),
        .. Enumerable.Range(0, Places).Where(place => place != Place)
            .SelectMany(place => Socket($"to-{place}", $"to-{SocketOf(place)}", At(place), OthersHub)),
    ];

    /// <summary>Machines that an older Baker started meet in a multicast group, open to every account of this machine.</summary>
    public static bool IsOpen(IEnumerable<string> command) => command.Any(a => a.Contains(",mcast=", StringComparison.Ordinal));

    private static string At(int place) => $"../../{FolderName}/{SocketOf(place)}";

    private static string[] Socket(string name, string local, string remote, int hub) =>
    [
        "-netdev", $"dgram,id={name},local.type=unix,local.path={local},remote.type=unix,remote.path={remote}",
        "-netdev", string.Create(CultureInfo.InvariantCulture, $"hubport,id={name}-port,hubid={hub},netdev={name}"),
    ];
}
