namespace Baker.Clouds.Live.Local.Qemu;

/// <param name="Accel">For <c>-accel</c>.</param>
/// <param name="Cpu">For <c>-cpu</c>.</param>
/// <param name="Note">What the user should know; null: nothing.</param>
internal sealed record Accelerator(string Accel, string Cpu, string? Note)
{
    public static readonly Accelerator Kvm = new("kvm", "host", null);

    public static Accelerator Emulation(string why) =>
        new("tcg,thread=multi", "max", $"{why}: machines are emulated, which takes about ten times as long");
}
