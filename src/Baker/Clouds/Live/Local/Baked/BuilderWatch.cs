using Baker.Clouds.Live.Local.Qemu;

namespace Baker.Clouds.Live.Local.Baked;

/// <summary>Follows a builder's console until its machine has ended.</summary>
internal sealed class BuilderWatch(MachineFolder folder, VirtualMachine machine, TimeProvider time)
{
    /// <summary>
    /// The runner says something every five minutes while it installs; an upgrade of an emulated machine may take much longer to say
    /// anything.
    /// </summary>
    private static readonly TimeSpan Silence = TimeSpan.FromHours(1);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly LocalConsole _console = new();
    private readonly BuilderConsole _said = new(folder.Record!.InstanceId);
    private string? _next;

    /// <exception cref="CloudException">It ended, or stands still, without being fit for an image.</exception>
    public async Task WaitAsync(IBuildListener listener, CancellationToken cancel)
    {
        var process = new QemuProcess(folder, time);
        var heard = time.GetTimestamp();
        while (true)
        {
            // Looked at before its last words are read.
            var running = process.Find();
            var hasSpoken = await ReadAsync(listener, cancel);
            // At once: what it says on its way down would hide why.
            if (_said.Failed is { } failed)
                throw Failed($"its phase {failed} failed");
            if (hasSpoken)
                heard = time.GetTimestamp();
            else if (running is null)
                break;
            else if (time.GetElapsedTime(heard) > Silence)
                throw Failed($"it has said nothing for {Silence.TotalMinutes} minutes");
            if (running is not null && await QemuProcess.StatusAsync(running, cancel) is { } status
                && MachineStates.Of(status) == MachineState.Stopped)
                throw Failed($"QEMU has halted it: {status}");
            if (running is not null)
                await Task.Delay(Look, time, cancel);
        }
        if (!_said.IsDone)
        {
            throw Failed(_said.Phase switch
            {
                "" => "it ended before its script began",
                "sealed" => "it ended without going off in order after it was sealed",
                var phase => $"it ended in its phase {phase}, without saying why",
            });
        }
    }

    /// <returns>True when something was said.</returns>
    private async Task<bool> ReadAsync(IBuildListener listener, CancellationToken cancel)
    {
        var text = await _console.ReadAsync(machine, _next, cancel);
        _next = text.Next;
        foreach (var line in text.Text.Split('\n').Where(l => l.Length > 0).TakeWhile(_ => _said.Failed is null))
        {
            var before = _said.Phase;
            listener.Hear(_said.Take(line));
            if (_said.Phase != before)
                listener.Begin(Title(_said.Phase));
        }
        return text.Text.Length > 0;
    }

    private static string Title(string phase) => phase switch
    {
        "upgrade" => "upgrading and restarting",
        "install" => "installing",
        "seal" => "sealing, and looking for what does not belong into an image",
        _ => "switching off",
    };

    private CloudException Failed(string answer) => new(CloudFailure.Refused, $"waiting for the builder {machine.Name}", answer);
}
