using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Baker.Clouds.Live.Local.Network;

namespace Baker.Clouds.Live.Local.Qemu;

/// <summary>
/// The QEMU of one machine: a process of its own session, which outlives Baker and the terminal. It is known by what was written
/// down before and after its start, never by its number alone.
/// </summary>
internal sealed class QemuProcess(MachineFolder folder, TimeProvider time)
{
    /// <summary>From the start of the process until its socket answers: a second, unless the desk is busy.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    /// <summary>A word for everything to be written and databases to be closed, which takes long where machines are emulated.</summary>
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromMinutes(3);

    /// <summary>The button's press is lost on a machine that does not listen yet.</summary>
    private static readonly TimeSpan PressAgain = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan QuitLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>The live process, or null. A foreign process that has come to the same number is not taken for it.</summary>
    public RunningProcess? Find()
    {
        if (folder.Run is not { } run || run.BootId != ProcessTable.BootId)
            return null;
        if (run.Pid is { } pid)
            return ProcessTable.Find(pid) is { } found && found.StartTicks == run.StartTicks && found.Command.SequenceEqual(run.Command)
                ? found : null;
        // Whoever started it was ended before the number was written down.
        return ProcessTable.With(run.Command).FirstOrDefault();
    }

    /// <exception cref="CloudException">QEMU ended at once, or does not answer. No process remains.</exception>
    public async Task StartAsync(string setSid, ImmutableArray<string> command, CancellationToken cancel)
    {
        var run = new RunRecord(null, null, ProcessTable.BootId, command, time.GetUtcNow());
        folder.Write(run);
        File.Delete(folder.At(MachineFolder.Socket));
        // The shell gives it files for its words, and the new session takes it out of the reach of Ctrl-C and of the terminal's end.
        var start = new ProcessStartInfo("/bin/sh",
            ["-c", $"umask 077; exec \"$@\" </dev/null >{MachineFolder.Log} 2>&1", "sh", setSid, .. command])
        { WorkingDirectory = folder.Path };
        using var process = Process.Start(start)!;
        var began = time.GetTimestamp();
        while (true)
        {
            if (process.HasExited)
                throw Failed(LastWords());
            if (ProcessTable.Find(process.Id) is { } found && found.Command.SequenceEqual(command))
            {
                if (run.Pid is null)
                    folder.Write(run = run with { Pid = found.Pid, StartTicks = found.StartTicks });
                if (File.Exists(folder.At(MachineFolder.Socket)) && await StatusAsync(found, cancel) is not null)
                    return;
            }
            if (time.GetElapsedTime(began) > StartLimit)
            {
                process.Kill();
                throw Failed($"QEMU does not answer within {StartLimit.TotalSeconds} s");
            }
            await Task.Delay(Look, time, cancel);
        }
    }

    /// <summary>QEMU's word for how the machine is; null when it does not answer.</summary>
    public static async Task<string?> StatusAsync(RunningProcess process, CancellationToken cancel)
    {
        try
        {
            await using var qmp = await ConnectAsync(process, cancel);
            return await qmp.StatusAsync(cancel);
        }
        catch (QmpException)
        {
            return null;
        }
    }

    /// <exception cref="QmpException">QEMU refused or does not answer.</exception>
    public static async Task<string> TellAsync(RunningProcess process, string command, JsonObject? arguments, CancellationToken cancel)
    {
        await using var qmp = await ConnectAsync(process, cancel);
        return (await qmp.ExecuteAsync(command, arguments, cancel)).ToString();
    }

    /// <summary>Presses the power button and waits; what does not shut down in time loses its power.</summary>
    public async Task ShutDownAsync(CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (Find() is { } process)
        {
            if (time.GetElapsedTime(began) > ShutdownLimit || !await TryTellAsync(process, "system_powerdown", cancel))
            {
                await CutPowerAsync(cancel);
                return;
            }
            await EndedAsync(PressAgain, cancel);
        }
    }

    /// <summary>Ends the machine at once.</summary>
    public async Task CutPowerAsync(CancellationToken cancel)
    {
        if (Find() is { } process && await TryTellAsync(process, "quit", cancel))
            await EndedAsync(QuitLimit, cancel);
        // Looked at anew: only what is still the recorded process is killed.
        if (Find() is { } stubborn)
        {
            Kill(stubborn);
            if (!await EndedAsync(QuitLimit, cancel))
                throw new CloudException(CloudFailure.Refused, $"stopping the machine {folder.Name}",
                    $"process {stubborn.Pid.ToString(CultureInfo.InvariantCulture)} does not end");
        }
    }

    private static void Kill(RunningProcess process)
    {
        try
        {
            using var handle = Process.GetProcessById(process.Pid);
            handle.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended meanwhile, which is what was wanted.
        }
    }

    private async Task<bool> TryTellAsync(RunningProcess process, string command, CancellationToken cancel)
    {
        try
        {
            await TellAsync(process, command, null, cancel);
            return true;
        }
        catch (QmpException)
        {
            // It may have ended before it could answer.
            return Find() is null;
        }
    }

    private async Task<bool> EndedAsync(TimeSpan limit, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (Find() is not null)
        {
            if (time.GetElapsedTime(began) > limit)
                return false;
            await Task.Delay(Look, time, cancel);
        }
        return true;
    }

    // By the process's own working directory: the path of the folder may be longer than a socket's may be.
    private static Task<Qmp> ConnectAsync(RunningProcess process, CancellationToken cancel) =>
        Qmp.ConnectAsync($"/proc/{process.Pid}/cwd/{MachineFolder.Socket}", cancel);

    private string LastWords()
    {
        var words = !File.Exists(folder.At(MachineFolder.Log)) ? "" : string.Join('\n', File.ReadLines(folder.At(MachineFolder.Log))
            .Where(line => !line.EndsWith(PrivateLink.Warning, StringComparison.Ordinal))).Trim();
        return words.Length == 0 ? "QEMU ended without a word" : words;
    }

    private CloudException Failed(string answer) => new(
        answer.Contains("host forwarding rule", StringComparison.Ordinal) ? CloudFailure.Taken : CloudFailure.Refused,
        $"starting the machine {folder.Name}", answer,
        answer.Contains("host forwarding rule", StringComparison.Ordinal)
            ? $"another program has this port of this machine; write another one into {folder.Record?.Group}.url" : null);
}
