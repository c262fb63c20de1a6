using System.Diagnostics;
using Baker.Clouds.Live.Local;
using Baker.Clouds.Live.Local.Qemu;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Local;

/// <summary>A process is taken for a machine's only when everything that was written down about it is true.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _stranger = Process.Start(Tool.Find("sleep")!.Path, "600");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private MachineFolder Machine => new(_folder.Path);

    private RunRecord Exact
    {
        get
        {
            // For a moment a process that has just been started has no command line yet.
            SpinWait.SpinUntil(() => ProcessTable.Find(_stranger.Id)?.Command is [_, "600"], TimeSpan.FromSeconds(30));
            var found = ProcessTable.Find(_stranger.Id)!;
            return new RunRecord(found.Pid, found.StartTicks, ProcessTable.BootId, [.. found.Command], default);
        }
    }

    public static TheoryData<string> Lies => ["start", "command", "boot", "number"];

    [Theory, MemberData(nameof(Lies))]
    public async Task A_strangers_process_is_never_ended(string lie)
    {
        var exact = Exact;
        Machine.Write(lie switch
        {
            "start" => exact with { StartTicks = exact.StartTicks + 1 },
            "command" => exact with { Command = [.. exact.Command, "-more"] },
            "boot" => exact with { BootId = "another" },
            _ => exact with { Pid = null, Command = ["/usr/bin/qemu-system-x86_64", "-uuid", "nobody's"] },
        });
        var process = new QemuProcess(Machine, TimeProvider.System);
        Assert.Null(process.Find());
        await process.CutPowerAsync(Cancel);
        await process.ShutDownAsync(Cancel);
        Assert.False(_stranger.HasExited);
    }

    [Fact]
    public async Task What_fits_in_every_point_is_ended_also_when_it_does_not_answer()
    {
        Machine.Write(Exact);
        await new QemuProcess(Machine, TimeProvider.System).CutPowerAsync(Cancel);
        Assert.True(_stranger.WaitForExit(5000));
    }

    [Fact]
    public void A_process_whose_number_was_never_written_down_is_found_by_its_command_line()
    {
        Machine.Write(Exact with { Pid = null, StartTicks = null, Command = [_stranger.StartInfo.FileName, "600"] });
        Assert.Contains(ProcessTable.With([_stranger.StartInfo.FileName, "600"]), p => p.Pid == _stranger.Id);
        Assert.NotNull(new QemuProcess(Machine, TimeProvider.System).Find());
    }

    [Fact]
    public async Task A_machine_that_hangs_at_its_first_instructions_cannot_virtualise()
    {
        var hangs = _folder.File("qemu", "#!/bin/sh\nexec sleep 600\n");
        File.SetUnixFileMode(hangs, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var began = Stopwatch.GetTimestamp();
        Assert.False(await KvmProbe.RunsAsync(hangs, Cancel));
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(20));
    }

    public void Dispose()
    {
        _stranger.Kill();
        _stranger.WaitForExit();
        _stranger.Dispose();
        _folder.Dispose();
    }
}
