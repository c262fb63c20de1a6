using System.Buffers.Binary;

namespace Baker.Tests.Support;

/// <summary>What QEMU takes for a kernel of Linux (its boot protocol, 2.06). It stops at its first instruction.</summary>
public static class HaltingKernel
{
    public static byte[] Bytes
    {
        get
        {
            var kernel = new byte[8192];
            kernel.AsSpan(0x200).Fill(0xF4);
            // One sector of set-up, the mark and version of the header, "loaded high", and how far up a ramdisk may lie.
            kernel[0x1F1] = 1;
            "HdrS"u8.CopyTo(kernel.AsSpan(0x202));
            (kernel[0x206], kernel[0x207], kernel[0x211]) = (6, 2, 1);
            BinaryPrimitives.WriteUInt32LittleEndian(kernel.AsSpan(0x22C), 0x37FFFFFF);
            return kernel;
        }
    }
}
