using System.Buffers.Binary;

namespace Baker.Tests.Support;

/// <summary>Says on the serial console what every Linux says first, and halts: as a kernel and as a disk.</summary>
public static class HaltingKernel
{
    /// <summary>What QEMU takes for a kernel of Linux (its boot protocol, 2.06).</summary>
    public static byte[] Bytes
    {
        get
        {
            var kernel = new byte[8192];
            // One sector of set-up, the mark and version of the header, "loaded high", and how far up a ramdisk may lie.
            kernel[0x1F1] = 1;
            "HdrS"u8.CopyTo(kernel.AsSpan(0x202));
            (kernel[0x206], kernel[0x207], kernel[0x211]) = (6, 2, 1);
            BinaryPrimitives.WriteUInt32LittleEndian(kernel.AsSpan(0x22C), 0x37FFFFFF);
            // The first instruction jumps over the header: 0x202 + 0x6E.
            (kernel[0x200], kernel[0x201]) = (0xEB, 0x6E);
            Code.CopyTo(kernel.AsSpan(0x270));
            return kernel;
        }
    }

    /// <summary>One mebibyte that firmware boots from.</summary>
    public static byte[] Disk
    {
        get
        {
            var disk = new byte[1 << 20];
            Code.CopyTo(disk, 0);
            (disk[510], disk[511]) = (0x55, 0xAA);
            return disk;
        }
    }

    private static byte[] Code =>
    [
        0xE8, 0x00, 0x00,       // call next
        0x5E,                   // next: pop si
        0x83, 0xC6, 0x13,       // add si, words - next
        0xBA, 0xF8, 0x03,       // mov dx, 0x3F8
        0x2E, 0xAC,             // more: cs lodsb
        0x84, 0xC0,             // test al, al
        0x74, 0x03,             // jz halt
        0xEE,                   // out dx, al
        0xEB, 0xF7,             // jmp more
        0xF4, 0xEB, 0xFD,       // halt: hlt; jmp halt
        .. "\n[    0.000000] Linux version 0\n\0"u8,
    ];
}
