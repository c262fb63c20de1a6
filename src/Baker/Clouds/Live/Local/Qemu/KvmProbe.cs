using System.Diagnostics;

namespace Baker.Clouds.Live.Local.Qemu;

/// <summary>
/// Finds out by a real try whether this machine can virtualise: that the device is there and opens says little. Inside other
/// virtual machines it often opens, and then fails at the first instructions or hangs.
/// </summary>
internal static class KvmProbe
{
    private const string Device = "/dev/kvm";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static async Task<Accelerator> ProbeAsync(string qemu, CancellationToken cancel)
    {
        if (!File.Exists(Device))
            return Accelerator.Emulation($"this machine has no {Device}");
        try
        {
            await using var file = new FileStream(Device, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (UnauthorizedAccessException)
        {
            return Accelerator.Emulation($"{Device} may not be used by this user (the group kvm may)");
        }
        catch (IOException)
        {
            return Accelerator.Emulation($"{Device} cannot be opened");
        }
        return await RunsAsync(qemu, cancel) ? Accelerator.Kvm
            : Accelerator.Emulation($"{Device} opens, but a machine does not get through its first instructions");
    }

    /// <summary>Starts a machine without disk: its firmware says hello on the debug port, and the machine still runs afterwards.</summary>
    public static async Task<bool> RunsAsync(string qemu, CancellationToken cancel)
    {
        var hello = Path.GetTempFileName();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        using var process = Start(qemu, hello);
        try
        {
            await using var qmp = await Qmp.OpenAsync(
                new TwoWay(process.StandardOutput.BaseStream, process.StandardInput.BaseStream), limit.Token);
            while (new FileInfo(hello).Length == 0)
            {
                if (await qmp.StatusAsync(limit.Token) != "running")
                    return false;
                await Task.Delay(50, limit.Token);
            }
            return await qmp.StatusAsync(limit.Token) == "running";
        }
        catch (Exception e) when (e is QmpException || e is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            File.Delete(hello);
        }
    }

    private static Process Start(string qemu, string hello)
    {
        var start = new ProcessStartInfo(qemu,
        [
            "-nodefaults", "-no-user-config", "-display", "none", "-machine", "q35", "-accel", Accelerator.Kvm.Accel, "-cpu",
            Accelerator.Kvm.Cpu, "-m", "64M",
            // SeaBIOS writes what it does to port 0x402.
            "-chardev", $"file,id=hello,path={hello}", "-device", "isa-debugcon,iobase=0x402,chardev=hello", "-qmp", "stdio",
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }
}
