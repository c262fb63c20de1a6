using Baker.Clouds.Live.Local.Baked;
using Xunit;

namespace Baker.Tests.Clouds.Live.Local;

public class BuilderConsoleTests
{
    private const string Off = "[  192.8] reboot: Power down";

    [Fact]
    public void Only_a_sealed_machine_that_then_went_off_in_order_is_done()
    {
        var console = Told("BAKE i-1 upgrade", "BAKE i-1 install", "BAKE i-1 seal", "BAKE i-1 sealed", "BAKE i-1 sealed", "[  OK  ] Reached target poweroff.target", Off);
        Assert.Equal(("sealed", true, null), (console.Phase, console.IsDone, console.Failed));
    }

    [Theory]
    [InlineData("of another build", "BAKE i-2 sealed", Off)]
    [InlineData("of an earlier build whose name begins alike", "BAKE i-11 sealed", Off)]
    [InlineData("with a word of the kernel in it", "BAKE i-1 sea[  190.1] EXT4-fs: led", Off)]
    [InlineData("after a prompt", "login: BAKE i-1 sealed", Off)]
    [InlineData("quoted by a script", "+ say BAKE i-1 sealed", Off)]
    [InlineData("with more behind it", "BAKE i-1 sealed?", Off)]
    [InlineData("before a failure", "BAKE i-1 sealed", "BAKE i-1 failed seal", Off)]
    [InlineData("without the kernel's last word", "BAKE i-1 sealed", "[  191.0] systemd-shutdown: Powering off.")]
    [InlineData("after the kernel's last word", Off, "BAKE i-1 sealed")]
    [InlineData("of the phase before", "BAKE i-1 seal", Off)]
    public void Nothing_else_is(string why, params string[] lines) => Assert.False(Told(lines).IsDone, why);

    [Fact]
    public void A_failure_names_its_phase() => Assert.Equal("install", Told("BAKE i-1 install", "BAKE i-1 failed install").Failed);

    [Fact]
    public void What_is_meant_for_a_terminal_is_left_out() =>
        Assert.Equal("[  OK  ] Started baker-bake.service.", new BuilderConsole("i-1").Take("\e[0;1;31m\e[K[\e[0;32m  OK  \e[0m] Started \e[0;1;39mbaker-bake.service\e[0m.\r"));

    private static BuilderConsole Told(params string[] lines)
    {
        var console = new BuilderConsole("i-1");
        foreach (var line in lines)
            console.Take($"{line}\r");
        return console;
    }
}
