using System.Collections.Immutable;

namespace Baker.Clouds.Live.Local.Network;

/// <param name="Outside">TCP port of 127.0.0.1 on this machine.</param>
/// <param name="Inside">TCP port of the VM.</param>
internal sealed record PortForward(int Outside, int Inside)
{
    private const int Ssh = 22;

    /// <summary>
    /// SSH cannot keep its port: this machine may serve it, and there are several VMs. The last number of the VM's address follows.
    /// </summary>
    private const int FirstSsh = 22_000;

    /// <summary>Ports below belong to root.</summary>
    public const int FirstFree = 1024;

    public static ImmutableArray<PortForward> Of(IEnumerable<OpenPort> ports, string group, string address) =>
        [.. ports.Where(p => p.Group == group).Select(p =>
            new PortForward(p.Port == Ssh ? FirstSsh + LastNumber(address) : p.Port, p.Port)).Distinct().OrderBy(p => p.Outside)];

    /// <summary>As QEMU spells it.</summary>
    public string Rule => $"tcp:127.0.0.1:{Outside}-:{Inside}";

    /// <summary>As QEMU wants it named when it is taken away.</summary>
    public string Closing => $"tcp:127.0.0.1:{Outside}";

    private static int LastNumber(string address) => int.Parse(address.AsSpan(address.LastIndexOf('.') + 1));
}
