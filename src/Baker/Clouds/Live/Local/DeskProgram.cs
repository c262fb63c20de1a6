namespace Baker.Clouds.Live.Local;

/// <summary>A program that local stacks need, and who brings it.</summary>
internal sealed record DeskProgram(string Name, string Debian, string Fedora)
{
    public static readonly DeskProgram Qemu = new("qemu-system-x86_64", "qemu-system-x86", "qemu-system-x86-core");

    public static readonly DeskProgram QemuImg = new("qemu-img", "qemu-utils", "qemu-img");

    /// <summary>Takes a machine out of the terminal's session.</summary>
    public static readonly DeskProgram SetSid = new("setsid", "util-linux", "util-linux");

    public static readonly DeskProgram[] All = [Qemu, QemuImg, SetSid];

    public string Missing => $"{Name} is not installed: Debian and Ubuntu have it in {Debian}, Fedora in {Fedora}";
}
