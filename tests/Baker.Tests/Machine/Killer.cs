using System.Diagnostics;
using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>Kills the runner with all it has started: as each step begins, in its middle, and when it has just been stamped.</summary>
internal static class Killer
{
    // From a step's beginning: where nothing else is at work the shortest are over soon.
    private static readonly TimeSpan Middle = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>How often each step was met before the machine was ready.</summary>
    public static async Task<Dictionary<string, int>> RunAsync(LabMachine machine, string[] steps, string[] stateless)
    {
        // What leaves nothing behind is met in its beginning only.
        var met = steps.ToDictionary(s => s, _ => 0);
        foreach (var step in stateless)
            met[step] = 0;
        var since = Stopwatch.StartNew();
        while (since.Elapsed < Limit && machine.Status is not { State: "ready" })
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
            if (machine.Status is not { State: "running" } status || !met.TryGetValue(status.Step, out var times) || times > (stateless.Contains(status.Step) ? 0 : 2))
                continue;
            // No longer than the step: with what comes after it, a short one would be over too, and never met.
            for (var began = Stopwatch.StartNew(); times == 1 && began.Elapsed < Middle && machine.Status?.Step == status.Step;)
                await Task.Delay(5, TestContext.Current.CancellationToken);
            var stamp = $"/var/lib/baker/steps/{status.Step}";
            while (times == 2 && machine.Status == status && !machine.Exists(stamp))
                await Task.Delay(10, TestContext.Current.CancellationToken);
            await machine.KillRunnerAsync();
            File.Delete(machine.Root + "/run/baker/status.json");
            // At once: systemd itself would wait longer after every kill, up to a minute. And watched from the beginning: what is done already is passed over in no time.
            (await machine.RunAsync("systemctl", "restart", "--no-block", "baker")).Require();
            met[status.Step]++;
        }
        return met;
    }
}
