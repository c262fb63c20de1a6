using System.Collections.Immutable;

namespace Baker.Launching;

/// <summary>How a wait ended.</summary>
public enum ReadinessEnd
{
    Ready,

    /// <summary>At least one machine says that it has failed, and no other is still getting on.</summary>
    Failed,

    /// <summary>At least one machine is off or gone, and nothing here switches it on.</summary>
    Off,

    TimedOut,
}

/// <summary>Waits until machines of a stack say that they are ready, or as far as they have to be.</summary>
/// <param name="poll">Between two looks at the consoles; clouds allow fewer than a desk.</param>
public sealed class Readiness(ConsoleFollower follower, ILaunchLog log, TimeProvider time, TimeSpan poll)
{
    /// <summary>A failed step is believed after this long: the line before may have been the last of a try that healed.</summary>
    private static readonly TimeSpan FailureSettles = TimeSpan.FromMinutes(1);

    /// <summary>Somebody may be switching it off and on again, and EC2 does not list at once what it has just made.</summary>
    private static readonly TimeSpan OffSettles = TimeSpan.FromMinutes(2);

    /// <summary>Until every machine is ready.</summary>
    /// <param name="limit">Time in which something other than a person must make it ready.</param>
    public Task<(ReadinessEnd End, ImmutableArray<MachineProgress> Machines)> WaitAsync(TimeSpan limit, CancellationToken cancel) =>
        WaitAsync(limit, _ => true, m => m.IsReady || m.LacksLicence, cancel);

    /// <param name="limit">As above.</param>
    /// <param name="counts">The machines that are waited for.</param>
    /// <param name="isThere">Whether one of these is as far as it has to be.</param>
    public async Task<(ReadinessEnd End, ImmutableArray<MachineProgress> Machines)> WaitAsync(
        TimeSpan limit, Func<MachineProgress, bool> counts, Func<MachineProgress, bool> isThere, CancellationToken cancel)
    {
        var began = time.GetUtcNow();
        var counted = TimeSpan.Zero;
        var last = began;
        DateTimeOffset? failing = null;
        DateTimeOffset? off = null;
        while (true)
        {
            var all = await follower.AskAsync(cancel);
            var machines = all.Where(counts).ToImmutableArray();
            var now = time.GetUtcNow();
            // Time that only waits for a person, such as a DNS record, does not count.
            if (!machines.Any(m => m.WaitsForPerson)
                || machines.Any(m => !m.WaitsForPerson && !m.IsReady && m.State is "silent" or "unknown"))
                counted += now - last;
            last = now;
            log.Show(all, now - began);
            if (machines.All(isThere))
                return (ReadinessEnd.Ready, machines);
            failing = machines.Any(m => m.HasFailed) ? failing ?? now : null;
            var settled = machines.All(m => m.IsReady || m.HasFailed || m.WaitsForPerson || m.State == "retrying");
            if (failing is { } since && settled && now - since >= FailureSettles)
                return (ReadinessEnd.Failed, machines);
            off = machines.Any(m => m.IsOff) ? off ?? now : null;
            if (off is { } from && now - from >= OffSettles)
                return (ReadinessEnd.Off, machines);
            if (counted >= limit)
                return (ReadinessEnd.TimedOut, machines);
            await Task.Delay(poll, time, cancel);
        }
    }
}
