using System.Diagnostics;

namespace Baker.Clouds.Live.Local.Network;

/// <summary>Finds out whether this machine's QEMU has the sockets that connect the machines of a stack, by asking it.</summary>
internal static class PrivateLinkProbe
{
    /// <summary>Of QEMU's kinds of network.</summary>
    private const string Wanted = "dgram";

    /// <returns>Why it has not, with what to do; or null.</returns>
    public static async Task<string?> ProblemAsync(string qemu, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(qemu, ["-netdev", "help"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(cancel);
        var kinds = await process.StandardOutput.ReadToEndAsync(cancel);
        await errors;
        await process.WaitForExitAsync(cancel);
        // QEMU 7.2 is the first with them (its git history: "net: dgram: add unix socket", October 2022).
        return kinds.Split('\n').Any(line => line.Trim() == Wanted) ? null
            : $"{qemu} cannot connect machines by private sockets: QEMU 7.2 or newer can (Debian 12, Ubuntu 24.04). An older one only "
                + "has ways on which every account of this machine listens and speaks";
    }
}
