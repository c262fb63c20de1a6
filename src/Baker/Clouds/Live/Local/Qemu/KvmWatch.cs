using System.Text;

namespace Baker.Clouds.Live.Local.Qemu;

/// <summary>
/// Watches a machine that has just been started with KVM. What <see cref="KvmProbe"/> finds out with firmware does not hold for a
/// kernel: a KVM inside another virtual machine may lack instructions that kernels use, and QEMU halts the machine then.
/// </summary>
/// <param name="status">QEMU's word for how the machine is; null: it does not answer.</param>
/// <param name="console">The machine's console, which goes on over restarts.</param>
internal sealed class KvmWatch(Func<CancellationToken, Task<string?>> status, string console, TimeProvider time)
{
    /// <summary>QEMU's word for a machine that KVM could not go on with.</summary>
    public const string Failed = "internal-error";

    /// <summary>
    /// From power to a kernel's first instructions: firmware and boot loader take seconds, and ten on a busy machine whose KVM is about to
    /// fail. Kernels that say nothing are waited for as long.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>The first that every Linux says.</summary>
    private static readonly byte[] KernelsWords = Encoding.ASCII.GetBytes("] Linux version ");

    private readonly long _spoken = File.Exists(console) ? new FileInfo(console).Length : 0;

    /// <returns>False when the machine has been halted for good.</returns>
    public async Task<bool> HoldsAsync(CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            if (await status(cancel) == Failed)
                return false;
            if (HasKernelSpoken() || time.GetElapsedTime(began) > Limit)
                return true;
            await Task.Delay(Look, time, cancel);
        }
    }

    private bool HasKernelSpoken()
    {
        if (!File.Exists(console))
            return false;
        using var file = new FileStream(console, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Min(_spoken, file.Length);
        var bytes = new byte[file.Length - file.Position];
        return bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).IndexOf(KernelsWords) >= 0;
    }
}
